import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../../../shared/adapters/csv/csv-table.ts'
import { SENTIMENT_LABELS, sentimentLabel } from '../../../../../shared/domain/sentiment/sentiment.ts'
import { stratifiedFolds } from '../../../../../shared/domain/sentiment/training/folds.ts'
import { type LabelledText, withoutRepetitions } from '../../../../../shared/domain/sentiment/training/labelled-text.ts'
import { quantise } from '../../../../../shared/domain/sentiment/training/quantise.ts'
import {
  withoutSourceColumns,
  withSourceColumns,
} from '../../../../../shared/domain/sentiment/training/source-intercepts.ts'
import { trainSentiment } from '../../../../../shared/domain/sentiment/training/train.ts'
import { HEADLINES } from '../../../../infra/cli/sentiment-headlines.ts'

const anyText = fc.record({
  text: fc.string(),
  label: fc.constantFrom(...SENTIMENT_LABELS),
  source: fc.constantFrom('a', 'b'),
})

describe('folds', () => {
  it('have their share of every label of every source', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 200 }), fc.integer({ min: 2, max: 7 }), (texts, folds) => {
        const foldOf = stratifiedFolds(texts, folds, 1)
        for (const source of ['a', 'b']) {
          for (const label of SENTIMENT_LABELS) {
            const counts = new Array<number>(folds).fill(0)
            texts.forEach((text, row) => {
              if (text.source === source && text.label === label) counts[foldOf[row]]++
            })
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })

  it('are others with another seed, and the same with the same', () => {
    expect(stratifiedFolds(HEADLINES, 5, 1)).toEqual(stratifiedFolds(HEADLINES, 5, 1))
    expect(stratifiedFolds(HEADLINES, 5, 1)).not.toEqual(stratifiedFolds(HEADLINES, 5, 2))
  })

  it('refuse fewer than two', () => expect(() => stratifiedFolds(HEADLINES, 1, 1)).toThrow(RangeError))
})

describe('repetitions', () => {
  const row = (text: string, label: LabelledText['label']): LabelledText => ({ text, label, source: 'a' })

  it('are left out, and altogether when they disagree', () => {
    const texts = [row('Up 3%', 'positive'), row('up: 3', 'positive'), row('Down', 'negative'), row('DOWN!', 'neutral')]
    expect(withoutRepetitions(texts)).toEqual([texts[0]])
  })
})

describe('source columns', () => {
  it('are taken away again, their mean left', () => {
    const rows = {
      rows: 2,
      starts: Uint32Array.of(0, 0, 0),
      ids: new Uint32Array(),
      weights: new Float32Array(),
      dense: Float32Array.of(5, 6),
      width: 1,
    }
    expect([...withSourceColumns(rows, [1, 0], 2).dense]).toEqual([5, 0, 1, 6, 1, 0])
    const fit = {
      table: new Float64Array(),
      dense: Float64Array.of(1, 2, 3, 4, 0, -4, 2, 0, -2),
      intercepts: Float64Array.of(1, 1, 1),
    }
    expect(withoutSourceColumns(fit, 2, 2)).toEqual({
      table: fit.table,
      dense: Float64Array.of(1, 2, 3),
      intercepts: Float64Array.of(4, 1, -2),
    })
  })
})

describe('quantisation', () => {
  it('keeps every weight to half a step of its label', () => {
    const weights = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(weights, fc.double({ min: 0.5, max: 3, noNaN: true }), (table, temperature) => {
        const fit = {
          table: Float64Array.from(table),
          dense: Float64Array.of(1, 2, 3),
          intercepts: new Float64Array(3),
        }
        const model = quantise(fit, 'test', temperature)
        table.forEach((weight, at) => {
          const kept = model.table[at] * model.scales[at % 3] * temperature
          expect(Math.abs(kept - weight)).toBeLessThanOrEqual(10 / 254 + 1e-6)
        })
        expect(model.bits).toBe(2)
        expect(model.dense[2]).toBeCloseTo(3 / temperature, 6)
      }),
    )
  })
})

describe('training', () => {
  it('refuses too few texts of a label', () => {
    const few = HEADLINES.filter(({ label }, i) => label !== 'neutral' || i % 3 === 0)
    expect(() => trainSentiment(few, { folds: 5, seed: 1 }).next()).toThrow(/neutral texts, expected 10 or more/)
  })

  it('says before each step what it is about to do', () => {
    const steps = trainSentiment(HEADLINES, { folds: 2, seed: 1, penalties: [1] })
    const said = []
    for (let step = steps.next(); !step.done; step = steps.next()) said.push(step.value)
    expect(said.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5])
    expect(said.every(({ total }) => total === 6)).toBe(true)
  })
})

const DATA = new URL('../../../../../../shared/sentiment-data/train.csv.gz', import.meta.url)

describe.skipIf(!existsSync(DATA))('training on a sixth of real headlines (../shared/sentiment-data)', () => {
  it('is right three times in four, calibrated, and carries over to another source', () => {
    const table = parseCsv(gunzipSync(readFileSync(DATA)), 'train.csv.gz', { required: ['text', 'label', 'source'] })
    const all = Array.from({ length: table.rows }, (_, row) => ({
      text: table.text('text')(row),
      label: sentimentLabel(table.text('label')(row)) ?? 'neutral',
      source: table.text('source')(row),
    }))
    const steps = trainSentiment(
      all.filter((_, row) => row % 6 === 0),
      { folds: 2, seed: 1, penalties: [0.5] },
    )
    let step = steps.next()
    while (!step.done) step = steps.next()
    const { choices, acrossSources } = step.value.report
    expect(choices[0].figures.accuracy).toBeGreaterThan(0.74)
    expect(choices[0].figures.wrongSign).toBeLessThan(0.04)
    expect(choices[0].figures.calibrationError).toBeLessThan(0.03)
    for (const figures of acrossSources.values()) expect(figures.accuracy).toBeGreaterThan(0.6)
  })
})
