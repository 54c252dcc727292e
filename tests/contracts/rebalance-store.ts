import { describe, expect, it } from 'vitest'
import { NO_COST } from '../../shared/domain/costs/cost.ts'
import { session } from '../../shared/domain/market/session.ts'
import { decimal, toText } from '../../shared/domain/money/decimal.ts'
import type { ConsideredTrade } from '../../shared/domain/portfolio/considered-trade.ts'
import type { StartingPoint } from '../../shared/domain/portfolio/rebalancing/starting-point.ts'
import type { OrderReport, Rebalance, RebalanceStore, TargetWeight } from '../../shared/ports/rebalance-store.ts'

const rebalance = (run: string, on = '2024-04-01', source = 'made'): Rebalance => ({
  run,
  session: session(on),
  asOf: session('2024-03-28'),
  source,
  signals: 'universe:sunday',
})

const START: StartingPoint = {
  value: decimal('1000000.000000000000000001'),
  cash: decimal('0.1'),
  initialFunding: false,
  inflow: decimal('-12.34'),
  income: decimal('9007199254740993.07'),
  names: [
    {
      symbol: 'A',
      sector: 'Energy',
      asset: 'equity',
      held: decimal('12.3456789012'),
      price: decimal('98.7654321'),
      priceAge: 2,
      market: { medianDollarVolume: 1e9 / 3, adv: 1e6, sigmaDaily: 0.1 + 0.2 },
    },
    { symbol: 'b', sector: 'Crypto', asset: 'crypto', held: decimal(0), price: undefined, priceAge: NaN, market: {} },
  ],
}

const target = (symbol: string, weight: number): TargetWeight => ({
  symbol,
  sector: 'Energy',
  weight,
  uncapped: weight / 3,
  note: 'a "quoted" note',
})

const COSTS: ConsideredTrade['costs'] = {
  notional: 1e3 / 3,
  commission: { amount: 1, bps: 30 },
  exchangeFee: NO_COST,
  halfSpread: { amount: 0.1 + 0.2, bps: 9 },
  permanentImpact: NO_COST,
  temporaryImpact: NO_COST,
  total: { amount: 1.3, bps: 39 },
  missing: ['adv'],
}

const trade = (symbol: string, part: Partial<ConsideredTrade> = {}): ConsideredTrade => ({
  id: `2024-04-01-${symbol}-${part.side ?? 'buy'}`,
  session: session('2024-04-01'),
  symbol,
  sector: 'Energy',
  side: 'buy',
  reason: 'new',
  currentWeight: 0.1,
  targetWeight: 1 / 3,
  band: [0.2, 0.1 + 0.2],
  wantedQuantity: decimal('0.000001'),
  quantity: decimal('123456789012345.000001'),
  price: decimal('0.1'),
  notional: decimal('333.3'),
  alpha: { expectedBps: 27.5, source: 'composite', grossBps: -1 / 3, costInBps: 3, costOutBps: 3, netBps: 24.5 },
  costs: COSTS,
  verdict: 'order',
  explanation: 'because',
  ...part,
})

const report = (run: string, on = '2024-04-01', part: Partial<OrderReport> = {}): OrderReport => ({
  ...rebalance(run, on),
  value: decimal('1000000.01'),
  cashBefore: decimal('5'),
  cashAfter: decimal('-0.000000001'),
  buys: decimal('1'),
  sells: decimal('2'),
  costs: decimal('0.03'),
  turnover: 0.1 + 0.2,
  budgetedTurnover: 1 / 3,
  orders: 3,
  suppressed: 4,
  files: { html: 'h', csv: 'c', json: 'j', parquet: 'p' },
  ...part,
})

/** What every store of rebalances keeps to. `open` answers an empty one each time. */
export function rebalanceStoreContract(name: string, open: () => Promise<RebalanceStore>): void {
  const opened = async (...runs: readonly Rebalance[]) => {
    const store = await open()
    for (const each of runs) await store.open(each, START)
    return store
  }

  describe(`${name} as a store of rebalances`, () => {
    it('gives back what a rebalance starts from, to the last digit, names in order', async () => {
      const store = await opened()
      await store.open(rebalance('r'), { ...START, names: [...START.names].reverse() })
      expect(await store.get('r')).toEqual(rebalance('r'))
      expect(await store.start('r')).toEqual(START)
      expect([await store.get('other'), await store.start('other')]).toEqual([undefined, undefined])
    })

    it('replaces a rebalance that is opened again, names that are gone with it', async () => {
      const store = await opened(rebalance('r'))
      const start = { ...START, cash: decimal(7), names: START.names.slice(1) }
      await store.open(rebalance('r', '2024-05-06'), start)
      expect([await store.get('r'), await store.start('r')]).toEqual([rebalance('r', '2024-05-06'), start])
    })

    it('lists targets from the largest, then by symbol, and replaces them', async () => {
      const store = await opened(rebalance('r'), rebalance('other'))
      await store.putTargets('other', [target('Z', 1)])
      await store.putTargets('r', [target('A', 0), target('C', 0.1), target('B', 0.1), target('D', 0.3)])
      expect((await store.targets('r')).map(({ symbol }) => symbol)).toEqual(['D', 'B', 'C', 'A'])
      await store.putTargets('r', [target('B', 1 / 3)])
      expect(await store.targets('r')).toEqual([target('B', 1 / 3)])
      expect(await store.targets('other')).toEqual([target('Z', 1)])
      expect(await store.targets('nobody')).toEqual([])
    })

    it('gives back trades to the last digit, sells first, larger ones first, then by symbol', async () => {
      const unknown = {
        expectedBps: NaN,
        source: 'model',
        grossBps: NaN,
        costInBps: NaN,
        costOutBps: 1,
        netBps: NaN,
      } as const
      const trades = [
        trade('S', { side: 'sell', notional: decimal('1') }),
        trade('A', { notional: decimal('9.1') }),
        trade('D', { quantity: decimal(0), verdict: 'within-band', alpha: unknown }),
        trade('E'),
      ]
      const store = await opened(rebalance('r'))
      await store.putTrades('r', [trades[1], trades[3], trades[2], trades[0]])
      const [s, a, d, e] = trades
      expect(await store.trades('r')).toEqual([s, d, e, a])
    })

    it('replaces the trades of a run, one whose side has turned with them', async () => {
      const store = await opened(rebalance('r'))
      await store.putTrades('r', [trade('A'), trade('B')])
      const turned = trade('A', { side: 'sell', explanation: 'turned' })
      await store.putTrades('r', [turned])
      expect(await store.trades('r')).toEqual([turned])
    })

    it('finds a trade by its id, that of the newest run when several have it', async () => {
      const store = await opened(rebalance('b'), rebalance('a'))
      for (const run of ['b', 'a']) {
        await store.putTrades(run, [trade('A', { explanation: run })])
        await store.putReport(report(run))
      }
      const found = await store.trade('2024-04-01-A-buy')
      expect([found?.run, found?.trade.explanation]).toEqual(['a', 'a'])
      expect(await store.trade('2024-04-01-A-sell')).toBeUndefined()
    })

    it('gives back reports, and replaces them in their place', async () => {
      const store = await opened(rebalance('a'), rebalance('b'))
      await store.putReport(report('a'))
      await store.putReport(report('b'))
      await store.putReport(report('a', '2024-04-01', { orders: 0 }))
      expect(await store.report('b')).toEqual(report('b'))
      expect((await store.report('a'))?.orders).toBe(0)
      expect((await store.latestReport('made', session('2024-04-01')))?.run).toBe('b')
      expect(await store.report('c')).toBeUndefined()
    })

    it('knows the newest report up to a session, and one a session in a range, of one source', async () => {
      const dates = { a: '2024-04-01', b: '2024-05-06', c: '2024-05-06', d: '2024-06-03' }
      const store = await opened(
        ...Object.entries(dates).map(([run, on]) => rebalance(run, on)),
        rebalance('x', '2024-05-07'),
      )
      for (const [run, on] of Object.entries(dates)) await store.putReport(report(run, on))
      await store.putReport(report('x', '2024-05-07', { source: 'other' }))
      const runs = async (from: string, to: string) =>
        (await store.reports('made', session(from), session(to))).map(({ run }) => run)
      expect(await runs('2024-04-01', '2024-06-03')).toEqual(['a', 'c', 'd'])
      expect(await runs('2024-04-02', '2024-06-02')).toEqual(['c'])
      expect((await store.latestReport('made', session('2024-06-02')))?.run).toBe('c')
      expect(await store.latestReport('made', session('2024-03-31'))).toBeUndefined()
    })

    it('keeps decimals exact', async () => {
      const store = await opened(rebalance('r'))
      await store.putReport(report('r'))
      const { value, cashAfter } = (await store.report('r'))!
      expect([toText(value), toText(cashAfter)]).toEqual(['1000000.01', '-0.000000001'])
    })
  })
}
