import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../../../shared/domain/market/session.ts'
import { SENTIMENT_RULES, sentimentScore } from '../../../../../shared/domain/signals/sentiment/sentiment-score.ts'
import type { ComponentScore } from '../../../../../shared/domain/signals/signal.ts'
import { DECIDED_AT, HOUR_MS, headline, later, READ_ARTICLES, READER, readings } from './made-headlines.ts'

interface ReferenceCase {
  readonly name: string
  readonly agesHours: readonly number[]
  readonly probabilities: readonly (readonly [number, number, number])[]
  readonly mean: number
  readonly effectiveCount: number
  readonly score: number
}
const file = new URL('../../../../reference/headline-score.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly ReferenceCase[] }

describe('the sentiment score', () => {
  it.each(cases)('is what pandas and Kish make of $name', ({ agesHours, probabilities, ...expected }) => {
    const articles = agesHours.map((age, i) => headline(`a${i}`, `story${i}`, Math.round(age * HOUR_MS)))
    const read = readings(Object.fromEntries(probabilities.map((found, i) => [`a${i}`, found])))
    const found = scored(sentimentScore('F', articles, read, DECIDED_AT))
    expect(found.score).toBeCloseTo(expected.score, 9)
    expect(found.parts).toEqual([
      { name: 'headlines', value: expect.closeTo(expected.mean, 12), score: found.score, weight: 1 },
    ])
    expect(found.evidence).toMatchObject({ effectiveCount: expect.closeTo(expected.effectiveCount, 9) })
  })

  it('is absent, not neutral, without a headline that counts', () => {
    const articles = [headline('old', 'Ford recalls cars', 7 * DAY_MS), headline('new', 'Ford is sued', -1)]
    expect(sentimentScore('F', articles, readings({}), DECIDED_AT)).toEqual({
      symbol: 'F',
      score: undefined,
      reason: 'no headlines in the last 7 days',
    })
  })

  it('counts a headline of the very instant of the decision', () => {
    const articles = [headline('now', 'Ford is sued', 0)]
    expect(scored(sentimentScore('F', articles, readings({ now: [1, 0, 0] }), DECIDED_AT)).score).toBe(37.5)
  })

  it('keeps as evidence the weightiest headlines, the copies and who read them', () => {
    const articles = Array.from({ length: 12 }, (_, i) => headline(`a${i}`, `story${i}`, i * HOUR_MS))
    const copy = headline('copy', 'STORY3!', HOUR_MS)
    const read = readings(Object.fromEntries(articles.map(({ id }) => [id, [0.1, 0.2, 0.7] as const])))
    const stand = { ...READER, backend: 'onnx-linear', degraded: true, reason: 'away' }
    read.set('a5', { negative: 0.1, neutral: 0.2, positive: 0.7, reader: stand })
    const { evidence } = scored(sentimentScore('F', [...articles, copy], read, DECIDED_AT))
    expect(evidence).toMatchObject({ headlines: 12, copies: 1, readers: [READER, stand] })
    const top = evidence?.top as { title: string; copies: number; weight: number }[]
    expect(top.map(({ title }) => title).slice(0, 3)).toEqual(['story0', 'story1', 'story2'])
    expect(top).toHaveLength(10)
    expect(top[0]).toMatchObject({
      ...{ publisher: 'A Paper', url: 'https://news.test/a0', publishedAt: '2026-11-20T21:00:00.000Z' },
      ...{ negative: 0.1, neutral: 0.2, positive: 0.7 },
    })
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })

  it('refuses a headline that was not read, and what are no probabilities', () => {
    const articles = [headline('a', 'Ford is sued', 0)]
    const refusal = (read: Parameters<typeof readings>[0]) => () =>
      sentimentScore('F', articles, readings(read), DECIDED_AT)
    expect(refusal({})).toThrow('The headline "Ford is sued" (a) was not read')
    expect(refusal({ a: [0.5, 0.5, 0.5] })).toThrow(
      'Probabilities 0.5, 0.5, 0.5 of "Ford is sued", expected three that sum to one',
    )
    expect(refusal({ a: [Number.NaN, 0.5, 0.5] })).toThrow(RangeError)
  })

  it('stays between 0 and 100, on the side that the mean is on', () => {
    fc.assert(
      fc.property(READ_ARTICLES, ({ articles, readings: read }) => {
        const found = sentimentScore('F', articles, read, DECIDED_AT)
        if (found.score === undefined) return
        const mean = found.parts[0].value as number
        expect(found.score).toBeGreaterThanOrEqual(0)
        expect(found.score).toBeLessThanOrEqual(100)
        expect(Math.abs(found.score - 50)).toBeLessThanOrEqual(50 * Math.abs(mean) + 1e-12)
        expect((found.score - 50) * mean).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('does not depend on the order in which articles come', () => {
    fc.assert(
      fc.property(READ_ARTICLES, fc.integer({ min: 0, max: 14 }), ({ articles, readings: read }, turn) => {
        const turned = [...articles.slice(turn), ...articles.slice(0, turn)].reverse()
        expect(sentimentScore('F', turned, read, DECIDED_AT)).toEqual(sentimentScore('F', articles, read, DECIDED_AT))
      }),
    )
  })

  it('is blind to what is published after the decision', () => {
    fc.assert(
      fc.property(READ_ARTICLES, READ_ARTICLES, ({ articles, readings: read }, { articles: others }) => {
        const future = others.map((article, i) => later(article, `f${i}`, 10 * DAY_MS + 1 + i))
        expect(sentimentScore('F', [...future, ...articles], read, DECIDED_AT)).toEqual(
          sentimentScore('F', articles, read, DECIDED_AT),
        )
      }),
    )
  })

  it('is not moved by copies that come later', () => {
    fc.assert(
      fc.property(READ_ARTICLES, fc.integer({ min: 1, max: 7 * DAY_MS }), ({ articles, readings: read }, ms) => {
        const copies = articles.map((article, i) => {
          const copy = later(article, `c${i}`, ms)
          return { ...copy, title: `${copy.title.toUpperCase()} - Reuters`, publisher: 'Another Paper' }
        })
        // A copy whose original has left the window is the earliest that is known.
        const opens = DECIDED_AT - SENTIMENT_RULES.windowDays * DAY_MS
        const late = copies.filter((_, i) => articles[i].publishedAt > opens)
        const found = sentimentScore('F', articles, read, DECIDED_AT)
        const again = sentimentScore('F', [...articles, ...late], read, DECIDED_AT)
        expect(again.score).toBe(found.score)
      }),
    )
  })
})

function scored(found: ComponentScore) {
  if (found.score === undefined) throw new Error(`No score: ${found.reason}`)
  return found
}
