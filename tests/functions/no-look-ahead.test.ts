import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import estimateCosts from '../../functions/portfolio/estimate-costs/handler.ts'
import openRebalance from '../../functions/portfolio/open-rebalance/handler.ts'
import setTargetWeights from '../../functions/portfolio/set-target-weights/handler.ts'
import scoreTechnicals from '../../functions/signals/score-technicals/handler.ts'
import applyFilters from '../../functions/universe/apply-filters/handler.ts'
import rankStocks from '../../functions/universe/rank-stocks/handler.ts'
import { session } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'
import { decimal } from '../../shared/domain/money/decimal.ts'
import { readSettings } from '../../shared/runtime/settings.ts'
import { exactText } from '../contracts/exact-text.ts'
import { DAILY, made } from '../contracts/made-bars.ts'
import { madeSignals } from '../shared/domain/portfolio/rebalancing/made-fund.ts'
import { call, madeProvider, memoryPorts, RUN } from './ingestion/memory-ports.ts'

const SYMBOLS = ['A', 'B', 'C']
const AS_OF = session('2024-03-28')
const DATED = { asOf: AS_OF, source: 'made' }
const CALENDAR = tradingCalendar('XNYS')
const PAST = CALENDAR.sessions(session('2022-06-01'), AS_OF)
const FUTURE = CALENDAR.sessions(session('2024-04-01'), session('2024-04-30'))

/** What comes after the close: prices in any order and of any size, and a split and a dividend of every name. */
const anyFuture = fc.record({
  closes: fc.array(fc.double({ min: 1, max: 500, noNaN: true }), {
    minLength: FUTURE.length,
    maxLength: FUTURE.length,
  }),
  known: fc.integer({ min: 0, max: FUTURE.length }),
  ratio: fc.constantFrom(2, 20, 0.1),
  cash: fc.double({ min: 0.1, max: 20, noNaN: true }),
})
type Future = typeof anyFuture extends fc.Arbitrary<infer T> ? T : never

/** Everything that universe, signals and portfolio decide as of the close, when this is what has happened since. */
async function decided(future: Future | undefined): Promise<string> {
  const listings = SYMBOLS.map((symbol) => ({ symbol, sector: 'Energy' }))
  const portfolio = { method: 'risk-parity', nameCap: 0.5, sectorCap: 1, turnover: { month: 1, year: 1 } }
  const mandate = { universe: { listings, filters: { minimumMedianDollarVolume: 0 } }, portfolio }
  const ports = {
    ...memoryPorts(madeProvider({}).provider, {}, Date.parse('2024-05-02T08:00:00Z')),
    settings: readSettings({}, 'settings', { content: mandate, file: 'mandate' }),
  }
  for (const [n, symbol] of SYMBOLS.entries()) {
    const past = PAST.map((date, i) => ({
      at: Date.parse(date),
      close: 100 + n * i * 0.01 + 5 * Math.sin(i * (n + 1)),
      volume: 1e6,
    }))
    const later = (future?.closes ?? [])
      .slice(0, future?.known)
      .map((close, i) => ({ at: Date.parse(FUTURE[i]), close }))
    await ports.barStore.store(DAILY, [made(symbol, [...past, ...later])])
    if (!future) continue
    await ports.corporateActions.store([
      { symbol, exDate: FUTURE[0], type: 'split', value: future.ratio, source: 'made' },
      { symbol, exDate: FUTURE[1], type: 'dividend', value: future.cash, source: 'made' },
    ])
  }
  const at = { ...DATED, universe: RUN }
  const flow = {
    kind: 'flow',
    key: 'in',
    session: session('2024-03-01'),
    amount: decimal(100_000),
    reason: 'made',
  } as const
  const late = { ...flow, key: 'later', session: FUTURE[3], amount: decimal(7) }
  await ports.ledger.record('made', future ? [flow, late] : [flow])
  await call(applyFilters, { ...DATED, listed: 3, excluded: 0, observed: 0 }, ports)
  await call(rankStocks, { ...DATED, eligible: 3, filtered: 0 }, ports)
  await call(scoreTechnicals, at, ports)
  const signals = { run: 'signals', asOf: AS_OF, source: 'made', universe: RUN }
  await ports.signals.putSignals(
    signals,
    madeSignals(SYMBOLS.map((symbol, i) => ({ symbol, z: 2 - i, score: 80 - i }))),
  )
  const [opened] = await call(openRebalance, { key: 'k', params: { source: 'made', date: '2024-04-01' } }, ports)
  const [set] = await call(setTargetWeights, opened.data, ports)
  await call(estimateCosts, set.data, ports)
  return exactText([
    await ports.universe.members(RUN),
    await ports.universe.ranking(RUN),
    await ports.signals.scores(RUN, 'technical'),
    await ports.rebalances.start(RUN),
    await ports.rebalances.targets(RUN),
    await ports.rebalances.trades(RUN),
  ])
}

describe('what is decided as of a close', () => {
  it('does not change with any future: bars, splits, dividends or money', async () => {
    const known = await decided(undefined)
    expect(known).toContain('"verdict":"order"')
    await fc.assert(
      fc.asyncProperty(anyFuture, async (future) => {
        expect(await decided(future)).toBe(known)
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })
})
