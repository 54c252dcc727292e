import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barHistory } from '../../../../shared/adapters/history/bar-history.ts'
import { memoryBarStore } from '../../../../shared/adapters/memory/bar-store.ts'
import { memoryCorporateActions } from '../../../../shared/adapters/memory/corporate-actions.ts'
import { memoryObjectCatalogue } from '../../../../shared/adapters/memory/object-catalogue.ts'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { parquetBarArchive } from '../../../../shared/adapters/parquet/bar-archive.ts'
import { adjustBars } from '../../../../shared/domain/market/adjustment.ts'
import type { BarSeries, Dataset } from '../../../../shared/domain/market/bar.ts'
import type { CorporateAction } from '../../../../shared/domain/market/corporate-action.ts'
import { addDays, type Instant, type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import type { BarHistoryQuery, BarQuery } from '../../../../shared/ports/bar-store.ts'
import { ALWAYS, DAILY, daily, day, lines, made } from '../../../contracts/made-bars.ts'

const all = { dataset: DAILY, ...ALWAYS }

/** A whole set of stores; what is stored goes to both, as the two steps of ingestion do it. */
function house() {
  let now = Date.UTC(2026, 0, 1)
  const hot = memoryBarStore({ now: () => now as Instant })
  const cold = parquetBarArchive(memoryObjectStore())
  const catalogue = memoryObjectCatalogue()
  const actions = memoryCorporateActions()
  const reads: BarQuery[] = []
  const spied = {
    ...hot,
    read: (query: BarQuery) => {
      reads.push(query)
      return hot.read(query)
    },
  }
  return {
    hot,
    cold,
    catalogue,
    actions,
    reads,
    history: barHistory({ hot: spied, cold, catalogue, actions }),
    async store(series: readonly BarSeries[], dataset: Dataset = DAILY) {
      now += 2
      await hot.store(dataset, series)
      await catalogue.record(dataset, await cold.merge(dataset, series))
      now += 2
      return (now - 1) as Instant
    },
  }
}

const dividend = (symbol: string, exDate: string, value: number): CorporateAction => ({
  symbol,
  exDate: session(exDate),
  type: 'dividend',
  value,
  source: DAILY.source,
})

const split = (symbol: string, exDate: string, value: number): CorporateAction => ({
  ...dividend(symbol, exDate, value),
  type: 'split',
})

describe('hot and cold as one', () => {
  it('reads what was retired from the cold store and the rest from the hot one', async () => {
    const { hot, history, store } = house()
    await store([daily('B', { '2024-03-01': 1, '2024-03-04': 2 }), daily('A', { '2024-03-04': 3, '2024-03-05': 4 })])
    await hot.retire(DAILY, day('2024-03-05'))

    expect(lines(await history.read(all))).toEqual([
      'A 2024-03-04 3',
      'A 2024-03-05 4',
      'B 2024-03-01 1',
      'B 2024-03-04 2',
    ])
    const some = await history.read({ ...all, symbols: ['A'], from: day('2024-03-04'), to: day('2024-03-05') })
    expect(lines(some)).toEqual(['A 2024-03-04 3'])
  })

  it('takes the hot bar where both have one', async () => {
    const { hot, history, store } = house()
    await store([daily('A', { '2024-03-01': 1, '2024-03-04': 2 })])
    await hot.retire(DAILY, day('2024-03-05'))
    await hot.store(DAILY, [daily('A', { '2024-03-01': 9 })])

    expect(lines(await history.read(all))).toEqual(['A 2024-03-01 9', 'A 2024-03-04 2'])
  })

  it('does not look into the cold store for what was never retired, nor for files that are not committed', async () => {
    const { hot, cold, catalogue, history, store } = house()
    await cold.merge(DAILY, [daily('A', { '2024-03-01': 1 })])
    expect(await history.read(all)).toEqual([])

    await store([daily('A', { '2024-03-04': 2 })])
    await catalogue.record(DAILY, await cold.merge(DAILY, [daily('A', { '2024-03-05': 3 })]))
    await hot.retire(DAILY, day('2024-03-05'))
    expect(lines(await history.read(all))).toEqual(['A 2024-03-04 2'])
  })

  it('loses nothing that is retired while it reads', async () => {
    const { hot, cold, catalogue, actions, store } = house()
    await store([daily('A', { '2024-03-01': 1, '2024-03-04': 2 })])
    const racing = {
      ...hot,
      async read(query: BarQuery) {
        const bars = await hot.read(query)
        await hot.retire(DAILY, day('2024-03-04'))
        return bars
      },
      async retiredBefore(dataset: Dataset) {
        const before = await hot.retiredBefore(dataset)
        await hot.retire(DAILY, day('2024-03-05'))
        return before
      },
    }
    const history = barHistory({ hot: racing, cold, catalogue, actions })

    expect(lines(await history.read(all))).toEqual(['A 2024-03-01 1', 'A 2024-03-04 2'])
  })

  it('answers nothing for an empty range or no symbols, and takes any range', async () => {
    const { hot, history, store } = house()
    await store([daily('A', { '2024-03-01': 1 })])
    await hot.retire(DAILY, day('2024-03-05'))

    expect(await history.read({ ...all, symbols: [] })).toEqual([])
    expect(await history.read({ ...all, from: all.to, to: all.from })).toEqual([])
    const ever = { dataset: DAILY, from: -8.64e15 as Instant, to: 8.64e15 as Instant }
    for (const adjusted of ['none', 'split', 'total'] as const) {
      expect(lines(await history.read({ ...ever, adjusted }))).toEqual(['A 2024-03-01 1'])
    }
  })

  it('knows of a retired bar what was known then', async () => {
    const { hot, history, store } = house()
    const one = await store([daily('A', { '2024-03-01': 1, '2024-03-04': 5 })])
    const two = await store([daily('A', { '2024-03-01': 2 })])
    await hot.retire(DAILY, day('2024-03-05'))

    expect(lines(await history.read({ ...all, knownAt: one }))).toEqual(['A 2024-03-01 1', 'A 2024-03-04 5'])
    expect(lines(await history.read({ ...all, knownAt: two }))).toEqual(['A 2024-03-01 2', 'A 2024-03-04 5'])
    // The session of 4 March closed at 21:00 UTC.
    const before = Date.parse('2024-03-04T20:59:59Z') as Instant
    expect(lines(await history.read({ ...all, knownAt: before }))).toEqual(['A 2024-03-01 1'])
  })
})

const DAYS = 120
const FIRST = session('2024-01-01')
const date = (i: number) => addDays(FIRST, i)

/** Bars on some days, with gaps of any length, and what was stored in which order. */
const rounds = fc.array(
  fc.uniqueArray(
    fc.record({
      symbol: fc.constantFrom('A', 'B'),
      i: fc.integer({ min: 0, max: DAYS - 1 }),
      close: fc.integer({ min: 50, max: 60 }),
    }),
    { selector: ({ symbol, i }) => `${symbol} ${i}`, minLength: 1, maxLength: 60 },
  ),
  { minLength: 1, maxLength: 4 },
)

const actionsOf = fc.uniqueArray(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('A', 'B'), fc.integer({ min: 0, max: DAYS + 5 }), fc.constantFrom(0.5, 1, 60))
      .map(([symbol, i, value]) => dividend(symbol, date(i), value)),
    fc
      .tuple(fc.constantFrom('A', 'B'), fc.integer({ min: 0, max: DAYS + 5 }), fc.constantFrom(2, 4, 0.1))
      .map(([symbol, i, value]) => split(symbol, date(i), value)),
  ),
  { selector: ({ symbol, exDate, type }) => `${symbol} ${exDate} ${type}`, maxLength: 12 },
)

type Round = { readonly symbol: string; readonly i: number; readonly close: number }[]

const seriesOf = (round: Round) =>
  ['A', 'B'].map((symbol) =>
    made(
      symbol,
      round
        .filter((bar) => bar.symbol === symbol)
        .sort((a, b) => a.i - b.i)
        .map(({ i, close }) => ({ at: sessionToMs(date(i)), close })),
    ),
  )

describe('laws of the history', () => {
  it('is the same whatever has been retired, now and as known at any time', async () => {
    await fc.assert(
      fc.asyncProperty(
        rounds,
        fc.integer({ min: 0, max: DAYS }),
        fc.integer({ min: 0, max: DAYS }),
        fc.integer({ min: 0, max: DAYS }),
        async (batches, cut, start, length) => {
          const [retired, whole] = [house(), house()]
          const instants: Instant[] = []
          for (const batch of batches) {
            instants.push(await whole.store(seriesOf(batch)))
            await retired.store(seriesOf(batch))
          }
          await retired.hot.retire(DAILY, sessionToMs(date(cut)))

          const query = { dataset: DAILY, from: sessionToMs(date(start)), to: sessionToMs(date(start + length)) }
          expect(await retired.history.read(query)).toEqual(await whole.hot.read(query))
          for (const knownAt of [...instants, sessionToMs(date(start + 3))]) {
            expect(await retired.history.read({ ...query, knownAt })).toEqual(
              await whole.hot.readKnownAt(query, knownAt),
            )
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('adjusts a part as the domain adjusts the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        rounds,
        actionsOf,
        fc.record({
          cut: fc.integer({ min: 0, max: DAYS }),
          start: fc.integer({ min: 0, max: DAYS }),
          length: fc.integer({ min: 1, max: DAYS }),
          asOf: fc.option(fc.integer({ min: -3, max: DAYS + 10 }), { nil: undefined }),
          kind: fc.constantFrom('split', 'total'),
        }),
        async (batches, actions, { cut, start, length, asOf, kind }) => {
          const { hot, history, store, ...stores } = house()
          for (const batch of batches) await store(seriesOf(batch))
          await stores.actions.store(actions)
          const whole = await hot.read(all)
          await hot.retire(DAILY, sessionToMs(date(cut)))

          const [from, to] = [start, start + length].map((i) => sessionToMs(date(i)))
          const options = { asOf: date(asOf ?? start + length - 1), kind } as const
          const expected = whole
            .map((series) => inRange(adjustBars(series, actions, options), from, to))
            .filter(({ at }) => at.length > 0)
          const query: BarHistoryQuery = { dataset: DAILY, from, to, adjusted: kind }
          const asked = asOf === undefined ? query : { ...query, asOf: date(asOf) }
          expect(await history.read(asked)).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('adjustment', () => {
  const closes = { '2024-03-01': 100, '2024-03-04': 100, '2024-06-07': 50, '2024-06-11': 60, '2024-06-12': 60 }

  it('reads only the closes before later dividends beyond what was asked for', async () => {
    const { actions, history, reads, store } = house()
    await store([daily('A', closes), daily('B', closes)])
    await actions.store([dividend('A', '2024-06-10', 5), dividend('B', '2024-06-20', 5), split('A', '2024-06-20', 2)])
    const query = { dataset: DAILY, from: day('2024-03-01'), to: day('2024-03-05'), adjusted: 'total' as const }
    const closesAsOf = async (asOf: Session) => lines(await history.read({ ...query, asOf }))

    expect(await closesAsOf(session('2024-06-09'))).toEqual([...both('A', 100), ...both('B', 100)])
    expect(reads).toHaveLength(1)
    // 5 of the close of 50 on 7 June.
    expect(await closesAsOf(session('2024-06-10'))).toEqual([...both('A', 90), ...both('B', 100)])
    expect(reads.slice(2).map(({ symbols, from, to }) => [symbols, from, to])).toEqual([
      [['A'], day('2024-06-02'), day('2024-06-10')],
    ])
  })

  const both = (symbol: string, close: number) => [`${symbol} 2024-03-01 ${close}`, `${symbol} 2024-03-04 ${close}`]

  it('looks further back for the close before a dividend of a symbol that did not trade for months', async () => {
    const { actions, history, store } = house()
    await store([daily('A', { '2024-03-01': 100, '2024-03-05': 50, '2024-09-03': 40 })])
    await actions.store([dividend('A', '2024-09-03', 5)])
    const query = { dataset: DAILY, from: day('2024-03-01'), to: day('2024-03-02') }

    const bars = await history.read({ ...query, adjusted: 'total', asOf: session('2024-12-31') })
    expect(lines(bars)).toEqual(['A 2024-03-01 90'])
  })

  it('never sees an action after the date of knownAt, whatever asOf says', async () => {
    const { actions, history, store } = house()
    await store([daily('A', closes)])
    await actions.store([split('A', '2024-03-06', 2), dividend('A', '2024-06-10', 5)])
    const query = { dataset: DAILY, from: day('2024-03-01'), to: day('2024-03-02') }
    const at = async (text: string) => {
      const knownAt = Date.parse(text) as Instant
      const bars = await history.read({ ...query, adjusted: 'total', asOf: session('2024-12-31'), knownAt })
      return bars[0].close[0]
    }

    expect(await at('2024-03-05T23:59:59Z')).toBe(100)
    expect(await at('2024-03-06T00:00:00Z')).toBe(50)
    expect(await at('2024-06-09T23:59:59Z')).toBe(50)
    expect(await at('2024-06-10T00:00:00Z')).toBe(45)
  })

  it('uses the close that was known then', async () => {
    const { actions, history, store } = house()
    const first = await store([daily('A', { '2024-03-01': 100, '2024-03-04': 50 })])
    const later = await store([daily('A', { '2024-03-04': 25 })])
    await actions.store([dividend('A', '2024-03-05', 5)])
    const query = { dataset: DAILY, from: day('2024-03-01'), to: day('2024-03-02'), asOf: session('2024-03-05') }
    const close = async (knownAt: Instant) => (await history.read({ ...query, adjusted: 'total', knownAt }))[0].close[0]

    expect(await close(first)).toBe(90)
    expect(await close(later)).toBe(80)
  })

  it('takes actions of the dataset’s own source alone', async () => {
    const { actions, history, store } = house()
    await store([daily('A', closes)])
    await actions.store([{ ...split('A', '2024-03-04', 2), source: 'other' }])

    expect((await history.read({ ...all, adjusted: 'split' }))[0].close[0]).toBe(100)
  })

  it('brings dividends of a split-adjusted source to the share count of its prices, later splits included', async () => {
    const { actions, history, store } = house()
    const bars = daily('A', { '2024-03-01': 25, '2024-03-04': 25 }, 'split-adjusted')
    await store([bars])
    const acts = [dividend('A', '2024-03-04', 10), split('A', '2024-06-10', 4)]
    await actions.store(acts)
    const query = { ...all, to: day('2024-03-05'), adjusted: 'total' as const }

    const expected = adjustBars(bars, acts, { asOf: session('2024-03-04'), kind: 'total' })
    expect(expected.close[0]).toBe(22.5)
    expect(await history.read(query)).toEqual([expected])
  })

  it('restates intraday bars by the date they fall on', async () => {
    const { actions, history, hot } = house()
    const hours: Dataset = { ...DAILY, interval: '1h' }
    const times = ['2024-03-04T19:30:00Z', '2024-03-05T14:30:00Z'].map((text) => Date.parse(text))
    await hot.store(hours, [
      made(
        'A',
        times.map((at) => ({ at, close: 100 })),
      ),
    ])
    await actions.store([split('A', '2024-03-05', 4)])

    const [bars] = await history.read({
      dataset: hours,
      from: day('2024-03-04'),
      to: day('2024-03-06'),
      adjusted: 'split',
    })
    expect([...bars.close]).toEqual([25, 100])
    expect([...bars.volume]).toEqual([400, 100])
  })
})

function inRange(series: BarSeries, from: number, to: number): BarSeries {
  const rows = [...series.at.keys()].filter((row) => series.at[row] >= from && series.at[row] < to)
  const take = (column: Float64Array) => Float64Array.from(rows, (row) => column[row])
  const { at, open, high, low, close, volume } = series
  return {
    ...series,
    ...{ at: take(at), open: take(open), high: take(high), low: take(low), close: take(close), volume: take(volume) },
  }
}
