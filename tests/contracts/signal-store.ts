import { describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import type { ComponentScore, Signal } from '../../shared/domain/signals/signal.ts'
import type { SignalRun, SignalStore } from '../../shared/ports/signal-stores.ts'

const run = (name: string, asOf = '2024-06-07', source = 'made'): SignalRun => ({
  run: name,
  asOf: session(asOf),
  source,
  universe: `universe of ${name}`,
})

const SCORES: readonly ComponentScore[] = [
  {
    symbol: 'A',
    score: 200 / 3,
    parts: [
      { name: 'trend', value: 'bullish', score: 80, weight: 2 / 3 },
      { name: 'priceToEarnings', value: 20.25, score: 49.6875, weight: 1 / 3 },
    ],
    coverage: 0.75,
    evidence: { trend: { close: 0.1 }, headlines: ['a "quoted" one'] },
  },
  { symbol: 'B', score: undefined, reason: 'no ratios' },
  { symbol: 'C', score: 0, parts: [], coverage: 1 },
]

const signal = (symbol: string, score: number, part: Partial<Signal> = {}): Signal => ({
  symbol,
  sector: 'Energy',
  score,
  band: 'hold',
  zScore: -1 / 3,
  contributions: [{ component: 'technical', score, weight: 1, contribution: score }],
  absent: [{ component: 'fundamental', reason: 'no ratios' }],
  rank: 7,
  quintile: 2,
  observed: false,
  dailyVolatility: 0.0123,
  ...part,
})

/** What every store of signals keeps to. `open` answers an empty one each time. */
export function signalStoreContract(name: string, open: () => Promise<SignalStore>): void {
  describe(`${name} as a store of signals`, () => {
    it('gives back a component’s scores in order of symbol, those that are none with the reason', async () => {
      const store = await open()
      await store.putScores(run('r1'), 'technical', [...SCORES].reverse())
      await store.putScores(run('r1'), 'fundamental', [SCORES[1]])

      const scores = await store.scores('r1', 'technical')
      expect(scores).toEqual(SCORES)
      expect(Object.keys(scores[2])).not.toContain('evidence')
      expect(await store.scores('r1', 'fundamental')).toEqual([SCORES[1]])
      expect(await store.scores('r1', 'alpha')).toEqual([])
      expect(await store.scores('r2', 'technical')).toEqual([])
    })

    it('replaces a component’s scores when they are put again, and no other’s', async () => {
      const store = await open()
      await store.putScores(run('r1'), 'technical', SCORES)
      await store.putScores(run('r1'), 'fundamental', SCORES)
      const again: ComponentScore[] = [{ ...SCORES[2], symbol: 'B' }]
      await store.putScores(run('r1'), 'technical', again)

      expect(await store.scores('r1', 'technical')).toEqual(again)
      expect(await store.scores('r1', 'fundamental')).toEqual(SCORES)
    })

    it('gives back signals best first, then by symbol', async () => {
      const store = await open()
      const signals = [
        signal('Z', 80, { band: 'strong_buy', absent: [], observed: true }),
        signal('A', 50),
        signal('B', 50, { dailyVolatility: Number.NaN }),
        signal('C', 9, { band: 'strong_sell' }),
      ]
      await store.putSignals(run('r1'), [...signals].reverse())

      expect(await store.signals('r1')).toEqual(signals)
      expect(await store.signals('r2')).toEqual([])
    })

    it('replaces a run’s signals when they are put again', async () => {
      const store = await open()
      await store.putSignals(run('r1'), [signal('A', 50), signal('B', 40)])
      await store.putSignals(run('r1'), [signal('B', 41)])
      expect(await store.signals('r1')).toEqual([signal('B', 41)])
    })

    it('finds the newest combined signals of a source up to a session; of one session’s runs the last', async () => {
      const store = await open()
      for (const one of [run('c'), run('b', '2024-05-31'), run('a'), run('other', '2024-06-14', 'other')]) {
        await store.putSignals(one, [signal('A', 50)])
        // Some clocks tick in milliseconds.
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      await store.putSignals(run('c'), [signal('A', 60)])
      await store.putScores(run('uncombined', '2024-06-14'), 'technical', SCORES)
      const latest = (through: string) => store.latest('made', session(through))

      expect(await latest('2024-06-14')).toEqual(run('a'))
      expect((await latest('2024-06-06'))?.run).toBe('b')
      expect(await latest('2024-05-30')).toBeUndefined()
    })

    it('tells a stock’s composites over time, one a session, the newest up to the limit', async () => {
      const store = await open()
      for (const [one, score] of [
        [run('june'), 50],
        [run('may', '2024-05-31'), 40],
        [run('june again'), 60],
        [run('other', '2024-06-03', 'other'), 99],
        [run('april', '2024-04-26'), 30],
      ] as const) {
        await store.putSignals(one, [signal('A', score), signal('B', 1)])
        await new Promise((resolve) => setTimeout(resolve, 3))
      }

      expect(await store.history('A', 'made', 2)).toEqual([
        { asOf: '2024-05-31', run: 'may', score: 40, band: 'hold' },
        { asOf: '2024-06-07', run: 'june again', score: 60, band: 'hold' },
      ])
      expect((await store.history('A', 'made', 9)).map(({ run }) => run)).toEqual(['april', 'may', 'june again'])
      expect(await store.history('A', 'made', 0)).toEqual([])
      expect(await store.history('X', 'made', 9)).toEqual([])
    })
  })
}
