import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BarSeries, type Dataset, sliceBars } from '../../shared/domain/market/bar.ts'
import { DAY_MS, type Instant } from '../../shared/domain/market/session.ts'
import type { BarStore } from '../../shared/ports/bar-store.ts'
import { PermanentError } from '../../shared/ports/errors.ts'
import { ALWAYS, DAILY, daily, day, lines, made } from './made-bars.ts'

export interface OpenBarStore {
  readonly store: BarStore
  /** An instant after everything stored so far and before everything stored later, by the clock that the store goes by. */
  readonly between: () => Promise<Instant>
}

const all = { dataset: DAILY, ...ALWAYS }
const HOUR: Dataset = { ...DAILY, interval: '1h' }

/** What every store of bars keeps to. `open` answers an empty one each time. */
export function barStoreContract(name: string, open: () => Promise<OpenBarStore>): void {
  describe(`${name} as a bar store`, () => {
    it('gives back what was stored, every number, symbols in order and each ascending', async () => {
      const { store } = await open()
      const late = made('BBB', [
        { at: day('2024-02-29'), close: 0.1 + 0.2, volume: 0 },
        { at: day('2024-03-01'), close: -1.5, volume: 1e15 },
      ])
      const early = daily('AAA', { '2023-12-29': 7, '2024-01-02': 8 })

      expect(await store.store(DAILY, [late, early])).toEqual({ inserted: 4, replaced: 0, unchanged: 0 })
      expect(await store.read(all)).toEqual([early, late])
    })

    it('leaves equal rows alone, replaces different ones and counts both', async () => {
      const { store } = await open()
      await store.store(DAILY, [daily('A', { '2024-03-01': 10, '2024-03-04': 11 }), daily('B', { '2024-03-01': 20 })])

      const counts = await store.store(DAILY, [
        daily('A', { '2024-03-01': 10, '2024-03-04': 11.5, '2024-03-05': 12 }),
        daily('B', { '2024-03-01': 20 }),
      ])

      expect(counts).toEqual({ inserted: 1, replaced: 1, unchanged: 2 })
      expect(lines(await store.read(all))).toEqual([
        'A 2024-03-01 10',
        'A 2024-03-04 11.5',
        'A 2024-03-05 12',
        'B 2024-03-01 20',
      ])
    })

    it('takes a change of any one number, or of the basis, for a replacement', async () => {
      const { store } = await open()
      const bar = made('A', [{ at: day('2024-03-01'), close: 10, bid: 9.9, ask: 10.1 }])
      await store.store(DAILY, [bar])
      const versions: BarSeries[] = [
        ...(['open', 'high', 'low', 'close', 'volume', 'bid', 'ask'] as const).map((column) => ({
          ...bar,
          [column]: Float64Array.of(bar[column]![0] + 1e-9),
        })),
        { ...bar, volume: Float64Array.of(Number.NaN) },
        { ...bar, basis: 'split-adjusted' },
      ]
      for (const version of versions) {
        expect(await store.store(DAILY, [version])).toEqual({ inserted: 0, replaced: 1, unchanged: 0 })
        expect(await store.store(DAILY, [version])).toEqual({ inserted: 0, replaced: 0, unchanged: 1 })
        expect(await store.read(all)).toEqual([version])
      }
    })

    it('keeps quotes where there are any, and takes a missing one for no quote', async () => {
      const { store } = await open()
      const quoted = made('A', [
        { at: day('2024-03-01'), close: 10 },
        { at: day('2024-03-04'), close: 11, bid: 10.9, ask: 11.1 },
        { at: day('2024-03-05'), close: 12, ask: 12.1 },
      ])
      const { bid: _bid, ask: _ask, ...unquoted } = sliceBars(quoted, 0, 1)
      await store.store(DAILY, [quoted])

      expect(await store.read(all)).toEqual([quoted])
      expect(await store.store(DAILY, [unquoted])).toEqual({ inserted: 0, replaced: 0, unchanged: 1 })
      expect(await store.read({ ...all, to: day('2024-03-02') })).toEqual([unquoted])
    })

    it('reads half-open ranges of the symbols asked for', async () => {
      const { store } = await open()
      const closes = { '2024-03-01': 1, '2024-03-04': 2, '2024-03-05': 3 }
      await store.store(DAILY, [daily('A', closes), daily('B', closes), daily('C', closes)])
      const read = async (from: number, to: number, symbols?: string[]) =>
        lines(await store.read({ dataset: DAILY, symbols, from: from as Instant, to: to as Instant }))

      const noon = DAY_MS / 2
      expect(await read(day('2024-03-04'), day('2024-03-05'), ['C', 'A', 'X'])).toEqual([
        'A 2024-03-04 2',
        'C 2024-03-04 2',
      ])
      expect(await read(day('2024-03-01') + noon, day('2024-03-04') + noon, ['B'])).toEqual(['B 2024-03-04 2'])
      expect(await read(day('2024-03-04'), day('2024-03-04'))).toEqual([])
      expect(await read(day('2024-03-05'), day('2024-03-01'))).toEqual([])
      expect(await read(day('2024-03-01'), day('2024-04-01'), [])).toEqual([])
      expect(await read(-8.64e15, 8.64e15, ['A'])).toHaveLength(3)
    })

    it('keeps sources, intervals and asset classes apart', async () => {
      const { store } = await open()
      const at = day('2024-03-01') + 14.5 * 3_600_000
      const datasets: Dataset[] = [
        DAILY,
        { ...DAILY, source: 'other' },
        { ...DAILY, asset: 'index' },
        HOUR,
        { ...HOUR, interval: '5m' },
        { ...HOUR, source: 'other', interval: '1m' },
      ]
      const seriesOf = (dataset: Dataset, i: number) =>
        dataset.interval === '1d'
          ? daily(dataset.asset === 'index' ? '^I' : 'A', { '2024-03-01': i + 1 })
          : made('A', [{ at, close: i + 1 }])
      for (const [i, dataset] of datasets.entries()) await store.store(dataset, [seriesOf(dataset, i)])

      for (const [i, dataset] of datasets.entries()) {
        expect(await store.read({ ...all, dataset })).toEqual([seriesOf(dataset, i)])
      }
      const name = ({ source, asset, interval }: Dataset) => `${source} ${asset} ${interval}`
      expect((await store.datasets()).map(name)).toEqual(datasets.map(name).sort())
    })

    it('answers a series for each basis of a symbol', async () => {
      const { store } = await open()
      const raw = daily('A', { '2024-03-01': 1, '2024-03-05': 3 })
      const adjusted = daily('A', { '2024-03-04': 2 }, 'adjusted')
      await store.store(DAILY, [raw, adjusted])

      expect(await store.read(all)).toEqual([adjusted, raw])
    })

    it('keeps intraday times to the millisecond', async () => {
      const { store } = await open()
      const at = [day('1999-12-31') + 86_399_999, day('2000-01-01') + 1, day('2024-10-31') + 3_600_000]
      const series = made(
        'A',
        at.map((time) => ({ at: time, close: 1 })),
      )
      await store.store(HOUR, [series])

      expect(await store.read({ ...all, dataset: HOUR })).toEqual([series])
      const second = { dataset: HOUR, from: at[1] as Instant, to: (at[1] + 1) as Instant }
      expect(await store.read(second)).toEqual([sliceBars(series, 1, 2)])
    })

    it.each([
      ['a missing price', [daily('A', { '2024-03-01': Number.NaN })], /A 2024-03-01T00:00:00.000Z has open NaN/],
      ['an infinite price', [daily('A', { '2024-03-01': Number.POSITIVE_INFINITY })], /A 2024-03-01T.* Infinity/],
      [
        'infinite volume',
        [made('A', [{ at: day('2024-03-01'), close: 1, volume: 1 / 0 }])],
        /A 2024-03-01T.* infinite volume/,
      ],
      ['a daily bar off midnight', [made('A', [{ at: day('2024-03-01') + 1, close: 1 }])], /not at 00:00 UTC/],
      ['a time that is none', [made('A', [{ at: Number.NaN, close: 1 }])], /A starts at NaN/],
      [
        'disorder',
        [
          made(
            'A',
            ['2024-03-04', '2024-03-01'].map((date) => ({ at: day(date), close: 1 })),
          ),
        ],
        /A 2024-03-01T.* follows 2024-03-04/,
      ],
      [
        'a bar given twice',
        [daily('A', { '2024-03-01': 1 }), daily('A', { '2024-03-01': 2 }, 'adjusted')],
        /A 2024-03-01T.* given twice/,
      ],
    ])('refuses %s, naming the bar, and stores nothing of that call', async (_what, bad, message) => {
      const { store } = await open()
      const good = daily('GOOD', { '2024-03-01': 1 })

      await expect(store.store(DAILY, [good, ...bad])).rejects.toThrow(message)
      await expect(store.store(DAILY, [good, ...bad])).rejects.toThrow(PermanentError)
      expect(await store.read(all)).toEqual([])
    })

    it('takes nothing for nothing', async () => {
      const { store } = await open()
      expect(await store.store(DAILY, [])).toEqual({ inserted: 0, replaced: 0, unchanged: 0 })
      expect(await store.store(DAILY, [made('A', [])])).toEqual({ inserted: 0, replaced: 0, unchanged: 0 })
      expect(await store.datasets()).toEqual([])
      expect(await store.oldest(DAILY)).toBeUndefined()
    })

    it('remembers every version for the time it was believed in', async () => {
      const { store, between } = await open()
      await store.store(DAILY, [daily('A', { '2024-03-01': 1, '2024-03-04': 5 })])
      const one = await between()
      await store.store(DAILY, [daily('A', { '2024-03-01': 2 })])
      const two = await between()
      await store.store(DAILY, [daily('A', { '2024-03-01': 3, '2024-03-05': 6 })])
      const three = await between()
      const closes = async (at: Instant) => lines(await store.readKnownAt({ ...all, to: day('2024-03-05') }, at))

      // Before anything was stored the first version counts: it was the market's own from its close on.
      expect(await closes(day('2024-03-20'))).toEqual(['A 2024-03-01 1', 'A 2024-03-04 5'])
      expect(await closes(one)).toEqual(['A 2024-03-01 1', 'A 2024-03-04 5'])
      expect(await closes(two)).toEqual(['A 2024-03-01 2', 'A 2024-03-04 5'])
      expect(await closes(three)).toEqual(['A 2024-03-01 3', 'A 2024-03-04 5'])
      expect(lines(await store.read(all))).toEqual(['A 2024-03-01 3', 'A 2024-03-04 5', 'A 2024-03-05 6'])
    })

    it('knows no bar before its close', async () => {
      const { store, between } = await open()
      // 3 July 2024 closed early, at 17:00 UTC; 5 July at 20:00 UTC; 4 March, in winter, at 21:00 UTC.
      await store.store(DAILY, [daily('A', { '2024-03-04': 1, '2024-07-03': 2, '2024-07-05': 3 })])
      await between()
      await store.store(DAILY, [daily('A', { '2024-07-05': 4 })])
      const count = async (text: string) => lines(await store.readKnownAt(all, Date.parse(text) as Instant)).length

      expect(await count('2024-03-04T20:59:59Z')).toBe(0)
      expect(await count('2024-03-04T21:00:00Z')).toBe(1)
      expect(await count('2024-07-03T16:59:59Z')).toBe(1)
      expect(await count('2024-07-03T17:00:00Z')).toBe(2)
      expect(await count('2024-07-05T19:59:59Z')).toBe(2)
      expect(await count('2024-07-05T20:00:00Z')).toBe(3)
    })

    it('closes a day of crypto with the UTC day, and an intraday bar with its interval', async () => {
      const { store } = await open()
      const crypto: Dataset = { ...DAILY, asset: 'crypto' }
      await store.store(crypto, [daily('BTC-USD', { '2024-03-03': 1 })])
      await store.store(HOUR, [made('A', [{ at: Date.parse('2024-03-04T14:30:00Z'), close: 1 }])])
      const count = async (dataset: Dataset, text: string) =>
        (await store.readKnownAt({ ...all, dataset }, Date.parse(text) as Instant)).length

      expect(await count(crypto, '2024-03-03T23:59:59Z')).toBe(0)
      expect(await count(crypto, '2024-03-04T00:00:00Z')).toBe(1)
      expect(await count(HOUR, '2024-03-04T15:29:59.999Z')).toBe(0)
      expect(await count(HOUR, '2024-03-04T15:30:00Z')).toBe(1)
    })

    it('reads versions of quotes and basis as they were', async () => {
      const { store, between } = await open()
      const at = day('2024-03-01')
      const first = made('A', [{ at, close: 10, bid: 9.9, ask: 10.1 }])
      const second = made('A', [{ at, close: 5 }], 'split-adjusted')
      await store.store(DAILY, [first])
      const then = await between()
      await store.store(DAILY, [second])

      expect(await store.readKnownAt(all, then)).toEqual([first])
      expect(await store.readKnownAt(all, await between())).toEqual([second])
    })

    it('retires one dataset up to an instant and remembers how far', async () => {
      const { store } = await open()
      const other: Dataset = { ...DAILY, source: 'other' }
      const closes = { '2024-02-28': 1, '2024-03-01': 2, '2024-03-04': 3 }
      for (const dataset of [DAILY, other]) await store.store(dataset, [daily('A', closes), daily('B', closes)])

      expect(await store.retiredBefore(DAILY)).toBeUndefined()
      expect(await store.oldest(DAILY)).toBe(day('2024-02-28'))
      expect(await store.retire(DAILY, day('2024-03-04'))).toBe(4)
      expect(await store.retire(DAILY, day('2024-03-01'))).toBe(0)
      expect(await store.retiredBefore(DAILY)).toBe(day('2024-03-04'))
      expect(await store.oldest(DAILY)).toBe(day('2024-03-04'))
      expect(await store.retiredBefore(other)).toBeUndefined()
      expect(lines(await store.read(all))).toEqual(['A 2024-03-04 3', 'B 2024-03-04 3'])
      expect(lines(await store.read({ ...all, dataset: other }))).toHaveLength(6)
      expect(await store.retire(DAILY, day('2024-04-01'))).toBe(2)
      expect(await store.datasets()).toEqual([other])
    })

    it('still knows what a retired bar replaced', async () => {
      const { store, between } = await open()
      await store.store(DAILY, [daily('A', { '2024-03-01': 1, '2024-03-04': 2 })])
      const before = await between()
      await store.store(DAILY, [daily('A', { '2024-03-01': 9 })])
      const after = await between()
      await store.retire(DAILY, day('2024-04-01'))

      expect(lines(await store.readKnownAt(all, before))).toEqual(['A 2024-03-01 1'])
      expect(await store.readKnownAt(all, after)).toEqual([])
    })

    it('holds what a plain list of versions holds, whatever is stored when', async () => {
      const dates = ['2024-01-31', '2024-02-01', '2024-02-02', '2024-03-01']
      const batch = fc.uniqueArray(
        fc.record({
          symbol: fc.constantFrom('A', 'B'),
          date: fc.constantFrom(...dates),
          close: fc.integer({ min: 1, max: 3 }),
        }),
        { selector: ({ symbol, date }) => `${symbol} ${date}`, minLength: 1, maxLength: 6 },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), async (batches) => {
          const { store, between } = await open()
          const states: Map<string, number>[] = []
          const instants: Instant[] = []
          const firsts = new Map<string, number>()
          for (const bars of batches) {
            const state = new Map(states.at(-1))
            const expected = { inserted: 0, replaced: 0, unchanged: 0 }
            for (const { symbol, date, close } of bars) {
              const key = `${symbol} ${date}`
              if (!state.has(key)) expected.inserted++
              else if (state.get(key) === close) expected.unchanged++
              else expected.replaced++
              state.set(key, close)
              if (!firsts.has(key)) firsts.set(key, close)
            }
            const series = ['B', 'A'].map((symbol) =>
              daily(
                symbol,
                Object.fromEntries(bars.filter((bar) => bar.symbol === symbol).map(({ date, close }) => [date, close])),
              ),
            )
            expect(await store.store(DAILY, series)).toEqual(expected)
            states.push(state)
            instants.push(await between())
          }
          const linesOf = (state: ReadonlyMap<string, number>) =>
            [...state].map(([key, close]) => `${key} ${close}`).sort()
          expect(lines(await store.read(all))).toEqual(linesOf(states.at(-1)!))
          for (const [i, state] of states.entries()) {
            // A bar first stored later counts as known from its own close, long before.
            expect(lines(await store.readKnownAt(all, instants[i]))).toEqual(linesOf(new Map([...firsts, ...state])))
          }
        }),
        { numRuns: 25 },
      )
    })
  })
}
