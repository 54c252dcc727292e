import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjustBars, adjustmentFactors } from '../../../../shared/domain/market/adjustment.ts'
import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import type { CorporateAction } from '../../../../shared/domain/market/corporate-action.ts'
import { restateDividendsToRaw } from '../../../../shared/domain/market/restate-dividends.ts'
import { addDays, type Session } from '../../../../shared/domain/market/session.ts'
import { undoSplits } from '../../../../shared/domain/market/undo-splits.ts'
import { dailyCloses, seriesOf } from './series.ts'

interface ReferenceRow {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number | null
  readonly volume: number
}

interface ReferenceCase {
  readonly name: string
  readonly bars: readonly (ReferenceRow & { readonly date: string })[]
  readonly actions: readonly { readonly date: Session; readonly type: 'split' | 'dividend'; readonly value: number }[]
  readonly asOf: Session | null
  readonly dividends: 'raw' | 'split-adjusted'
  readonly adjusted: readonly (ReferenceRow & { readonly price_factor: number; readonly volume_factor: number })[]
}

const { cases } = JSON.parse(readFileSync(new URL('../../../reference/adjustment.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly ReferenceCase[]
}

const split = (exDate: string, value: number): CorporateAction => ({
  symbol: 'X',
  exDate: exDate as Session,
  type: 'split',
  value,
  source: 'test',
})
const dividend = (exDate: string, value: number): CorporateAction => ({ ...split(exDate, value), type: 'dividend' })

/** Equal up to a relative error; missing numbers only equal missing ones. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-12) {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < found.length; i++) {
    if (Number.isNaN(expected[i])) expect(found[i]).toBeNaN()
    else expect(Math.abs(found[i] - expected[i])).toBeLessThanOrEqual(relative * Math.abs(expected[i]))
  }
}

describe('adjusted bars', () => {
  it.each(cases)('agree with exact fractions: $name', ({ bars, actions, asOf, dividends, adjusted }) => {
    const series = seriesOf(bars.map((bar) => ({ ...bar, close: bar.close ?? Number.NaN })))
    const listed = actions.map(({ date, type, value }) => ({ ...split(date, value), type }))
    const own = dividends === 'raw' ? listed : restateDividendsToRaw(listed)
    const options = { asOf: asOf ?? undefined, kind: 'total' } as const
    const { priceFactor, volumeFactor } = adjustmentFactors(series, own, options)
    expectClose(
      priceFactor,
      adjusted.map((row) => row.price_factor),
    )
    expectClose(
      volumeFactor,
      adjusted.map((row) => row.volume_factor),
    )
    const result = adjustBars(series, own, options)
    expect(result.basis).toBe('adjusted')
    for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) {
      expectClose(
        result[name],
        adjusted.map((row) => row[name] ?? Number.NaN),
      )
    }
  })

  it('names what it skips and why, in order of ex-date', () => {
    const series = seriesOf(dailyCloses([10, Number.NaN, 11, 12]))
    const actions = [
      dividend('2024-01-04', 11),
      dividend('2024-01-03', 1),
      split('2024-01-02', 0),
      dividend('2024-01-02', -1),
    ]
    const { skipped, priceFactor } = adjustmentFactors(series, actions, { kind: 'total' })
    expect(skipped.map(({ action, reason }) => [action.exDate, reason])).toEqual([
      ['2024-01-02', 'its ratio 0 is not a positive number'],
      ['2024-01-02', 'its cash -1 is not a positive number'],
      ['2024-01-03', 'the row before its ex-date has no close'],
      ['2024-01-04', 'its cash is not below the previous close 11'],
    ])
    expect(priceFactor).toEqual(new Float64Array(4).fill(1))
  })

  it('lets a split act although a dividend of its day cannot', () => {
    const series = seriesOf(dailyCloses([10, 5]))
    const { skipped, priceFactor } = adjustmentFactors(series, [split('2024-01-02', 2), dividend('2024-01-02', 5)], {
      kind: 'total',
    })
    expect([...priceFactor]).toEqual([0.5, 1])
    expect(skipped).toHaveLength(1)
  })

  it('leaves dividends alone when asked for splits', () => {
    const series = seriesOf(dailyCloses([10, 10, 5]))
    const actions = [dividend('2024-01-02', 1), split('2024-01-03', 2)]
    const adjusted = adjustBars(series, actions, { kind: 'split' })
    expect([...adjusted.close]).toEqual([5, 5, 5])
    expect(adjusted.basis).toBe('split-adjusted')
  })

  it('passes over the actions of other symbols', () => {
    const series = seriesOf(dailyCloses([10, 5]))
    const other = { ...split('2024-01-02', 2), symbol: 'Y' }
    expect([...adjustmentFactors(series, [other], { kind: 'total' }).priceFactor]).toEqual([1, 1])
  })

  it('adjusts quotes as prices', () => {
    const series = seriesOf([{ date: '2024-01-01', close: 10, bid: 9, ask: 11 }, ...dailyCloses([5], '2024-01-02')])
    const adjusted = adjustBars(series, [split('2024-01-02', 2)], { kind: 'total' })
    expect([...(adjusted.bid ?? [])]).toEqual([4.5, Number.NaN])
    expect([...(adjusted.ask ?? [])]).toEqual([5.5, Number.NaN])
  })

  it('never changes what is adjusted already', () => {
    const adjusted = seriesOf(dailyCloses([10, 5]), 'adjusted')
    expect(adjustBars(adjusted, [split('2024-01-02', 2)], { kind: 'total' })).toBe(adjusted)
    const forSplits = seriesOf(dailyCloses([10, 5]), 'split-adjusted')
    expect(adjustBars(forSplits, [split('2024-01-02', 2)], { kind: 'split' })).toBe(forSplits)
    expect([...adjustmentFactors(adjusted, [dividend('2024-01-02', 2)], { kind: 'total' }).priceFactor]).toEqual([1, 1])
  })

  it('gives an empty series back empty', () => {
    expect(adjustBars(seriesOf([]), [split('2024-01-02', 2)], { kind: 'total' }).close).toHaveLength(0)
  })
})

describe('dividends quoted on the share count of today', () => {
  it('are scaled back by strictly later splits of the same symbol', () => {
    const other = { ...split('2024-03-01', 100), symbol: 'Y' }
    const actions = [
      dividend('2024-01-01', 0.1),
      split('2024-02-01', 7),
      dividend('2024-02-01', 0.1),
      other,
      split('2024-04-01', 4),
      dividend('2024-05-01', 0.1),
    ]
    const cash = restateDividendsToRaw(actions.toReversed())
      .toReversed()
      .map(({ value }) => value)
    expectClose(cash, [2.8, 7, 0.4, 100, 4, 0.1])
  })
})

// Laws over random histories: 40 days, closes between 10 and 200, splits and dividends on any of the days.

const FROM = '2024-01-01' as Session
const histories = fc.record({
  closes: fc.array(fc.double({ min: 10, max: 200, noNaN: true }), { minLength: 40, maxLength: 40 }),
  splits: fc.array(fc.tuple(fc.integer({ min: 0, max: 45 }), fc.constantFrom(2, 3, 7, 1.5, 0.1)), { maxLength: 4 }),
  dividends: fc.array(fc.tuple(fc.integer({ min: 0, max: 45 }), fc.double({ min: 0.01, max: 0.9, noNaN: true })), {
    maxLength: 6,
  }),
})

function actionsOf(history: { splits: [number, number][]; dividends: [number, number][] }): CorporateAction[] {
  return [
    ...history.splits.map(([day, ratio]) => split(addDays(FROM, day), ratio)),
    ...history.dividends.map(([day, cash]) => dividend(addDays(FROM, day), cash)),
  ]
}

describe('laws of adjustment', () => {
  it('as of a day, nothing that came later changes anything', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 39 }), ({ closes, ...events }, day) => {
        const series = seriesOf(dailyCloses(closes))
        const asOf = addDays(FROM, day)
        const all = actionsOf(events)
        const known = all.filter(({ exDate }) => exDate <= asOf)
        const options = { asOf, kind: 'total' } as const
        expect(adjustmentFactors(series, all, options)).toEqual(adjustmentFactors(series, known, options))
      }),
    )
  })

  it('without an as-of day, actions after the last row change nothing', () => {
    fc.assert(
      fc.property(histories, ({ closes, ...events }) => {
        const series = seriesOf(dailyCloses(closes))
        const all = actionsOf(events)
        const known = all.filter(({ exDate }) => exDate <= addDays(FROM, 39))
        expect(adjustBars(series, all, { kind: 'total' })).toEqual(adjustBars(series, known, { kind: 'total' }))
      }),
    )
  })

  it('from the last ex-date on factors are 1, and before it bars keep their shape', () => {
    fc.assert(
      fc.property(histories, ({ closes, ...events }) => {
        const series = seriesOf(dailyCloses(closes))
        const actions = actionsOf(events)
        const { priceFactor, volumeFactor } = adjustmentFactors(series, actions, { kind: 'total' })
        const last =
          actions
            .map(({ exDate }) => exDate)
            .filter((date) => date <= addDays(FROM, 39))
            .sort()
            .at(-1) ?? FROM
        for (let row = 0; row < 40; row++) {
          if (addDays(FROM, row) >= last) expect([priceFactor[row], volumeFactor[row]]).toEqual([1, 1])
          expect(priceFactor[row]).toBeGreaterThan(0)
        }
        const adjusted = adjustBars(series, actions, { kind: 'total' })
        expectClose(
          adjusted.high.map((high, i) => high / adjusted.low[i]),
          series.high.map((high, i) => high / series.low[i]),
        )
      }),
    )
  })

  it('undoing splits restores what was adjusted for them', () => {
    fc.assert(
      fc.property(histories, ({ closes, splits }) => {
        const raw = seriesOf(dailyCloses(closes))
        const actions = actionsOf({ splits, dividends: [] })
        const asOf = addDays(FROM, 39)
        const restored = undoSplits(adjustBars(raw, actions, { kind: 'split' }), actions, asOf)
        expect(restored.basis).toBe('raw')
        for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) expectClose(restored[name], raw[name])
      }),
    )
  })

  it('split-adjusted bars take dividends to the same total as raw bars do', () => {
    fc.assert(
      fc.property(histories, ({ closes, ...events }) => {
        const raw = seriesOf(dailyCloses(closes))
        // A provider's split-adjusted bars carry every split it knew; here all of them have happened by the last row.
        const actions = actionsOf(events).filter(({ exDate }) => exDate <= addDays(FROM, 39))
        const forSplits = adjustBars(raw, actions, { kind: 'split' })
        const direct = adjustBars(raw, actions, { kind: 'total' })
        const inTwoSteps = adjustBars(forSplits, actions, { kind: 'total' })
        expect(inTwoSteps.basis).toBe('adjusted')
        expectClose(inTwoSteps.close, direct.close, 1e-11)
        expectClose(inTwoSteps.volume, direct.volume, 1e-11)
      }),
    )
  })
})

describe('undone splits', () => {
  const fetched: BarSeries = seriesOf(dailyCloses([25, 26, 27]), 'split-adjusted')

  it('restate prices and whole volumes before the ex-date, for splits the fetch could know', () => {
    const raw = undoSplits(
      { ...fetched, volume: Float64Array.of(700, 1400, 2100) },
      [split('2024-01-02', 7), split('2024-01-03', 2), split('2024-01-09', 3), dividend('2024-01-03', 1)],
      '2024-01-05' as Session,
    )
    expect([...raw.close]).toEqual([350, 52, 27])
    expect([...raw.volume]).toEqual([50, 700, 2100])
  })

  it('leave raw bars alone and refuse bars adjusted for dividends', () => {
    const raw = seriesOf(dailyCloses([1]))
    expect(undoSplits(raw, [split('2024-01-02', 2)], '2024-01-05' as Session)).toBe(raw)
    expect(() => undoSplits({ ...fetched, basis: 'adjusted' }, [], '2024-01-05' as Session)).toThrow(
      'Bars of X are adjusted for dividends',
    )
  })
})
