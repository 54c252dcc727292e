import { beforeEach, describe, expect, it } from 'vitest'
import checkLimits from '../../../functions/portfolio/check-limits/handler.ts'
import estimateCosts from '../../../functions/portfolio/estimate-costs/handler.ts'
import openRebalance from '../../../functions/portfolio/open-rebalance/handler.ts'
import setTargetWeights from '../../../functions/portfolio/set-target-weights/handler.ts'
import writeOrderReport from '../../../functions/portfolio/write-order-report/handler.ts'
import type { LedgerEntry } from '../../../shared/domain/ledger/entry.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { decimal, toText } from '../../../shared/domain/money/decimal.ts'
import { InputError, PermanentError } from '../../../shared/ports/errors.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { made } from '../../contracts/made-bars.ts'
import { madeSignals } from '../../shared/domain/portfolio/rebalancing/made-fund.ts'
import { call, madeProvider, memoryPorts, RUN } from '../ingestion/memory-ports.ts'

/** The morning of Monday the 1st; Thursday the 28th was the last session. */
const NOW = Date.parse('2024-04-01T08:00:00Z')
const DATED = { session: '2024-04-01', asOf: '2024-03-28', source: 'made' }
const SIGNALS = { run: 'universe:sunday', asOf: session('2024-03-28'), source: 'made', universe: 'universe:sunday' }
const NAMES = [
  { symbol: 'A', z: 1.5, score: 80, band: 'strong_buy' as const },
  { symbol: 'B', sector: 'Utilities', z: 0.5, score: 60 },
  { symbol: 'C', sector: 'Financials', z: -2, score: 20, band: 'strong_sell' as const, quintile: 5 },
]
const LISTINGS = NAMES.map(({ symbol, sector = 'Energy' }) => ({ symbol, sector, name: symbol }))

const buy = (symbol: string, quantity: number): LedgerEntry => ({
  ...{
    kind: 'trade',
    key: `buy ${symbol}`,
    session: session('2024-03-04'),
    symbol,
    side: 'buy',
    origin: 'import',
    at: 0,
  },
  ...{ quantity: decimal(quantity), price: decimal(100), fee: decimal(0) },
})
const deposit: LedgerEntry = {
  ...{ kind: 'flow', key: 'deposit', session: session('2024-03-01'), amount: decimal(100_000), reason: 'made' },
}

let ports: AllPorts
const portsOf = (portfolio: object = {}) => {
  const mandate = {
    universe: { listings: LISTINGS },
    portfolio: { nameCap: 0.5, sectorCap: 0.6, turnover: { month: 1, year: 1 }, ...portfolio },
  }
  return {
    ...memoryPorts(madeProvider({}).provider, {}, NOW),
    settings: readSettings({}, 'settings', { content: mandate, file: 'mandate' }),
  }
}
async function prepared(portfolio?: object): Promise<AllPorts> {
  const ready = portsOf(portfolio)
  const sessions = tradingCalendar('XNYS').sessions(session('2023-01-03'), session('2024-04-05'))
  const bars = NAMES.map(({ symbol }, n) =>
    made(
      symbol,
      sessions.map((date, i) => ({
        at: Date.parse(date),
        close: date > '2024-03-28' ? 1 : 100 + ((i * (n + 3)) % 5),
        volume: 1e6,
      })),
    ),
  )
  await ready.barStore.store({ source: 'made', asset: 'equity', interval: '1d' }, bars)
  await ready.signals.putSignals(SIGNALS, madeSignals(NAMES))
  return ready
}
beforeEach(async () => {
  ports = await prepared()
})

const open = (params: object = { source: 'made' }) => call(openRebalance, { key: 'k', params }, ports)
async function toTheEnd() {
  let said = await open()
  for (const next of [setTargetWeights, estimateCosts, checkLimits, writeOrderReport]) {
    said = await call(next, said[0].data, ports)
  }
  return said
}

describe('opening a rebalance', () => {
  it('is for the newest rebalance session, on the capital of an empty book', async () => {
    const opened = {
      ...DATED,
      signals: SIGNALS.run,
      signalsAsOf: '2024-03-28',
      value: '1000000',
      cash: '1000000',
      held: 0,
    }
    expect(await open()).toEqual([{ subject: 'portfolio.rebalance.opened', data: opened }])
    const start = await ports.rebalances.start(RUN)
    expect(start?.names.map(({ symbol, sector }) => [symbol, sector])).toEqual([
      ['A', 'Energy'],
      ['B', 'Utilities'],
      ['C', 'Financials'],
    ])
  })

  it('values what is held at the last close, and looks at no later one', async () => {
    await ports.ledger.record('made', [deposit, buy('A', 100)])
    const [{ data }] = await open()
    const start = (await ports.rebalances.start(RUN))!
    const price = start.names[0].price!
    expect(Number(toText(price))).toBeGreaterThanOrEqual(100)
    expect(data).toMatchObject({ held: 1, cash: '90000', value: String(90_000 + 100 * Number(toText(price))) })
  })

  it.each<[string, (p: AllPorts) => Promise<unknown>, object, RegExp]>([
    [
      'a book of other prices',
      (p) => p.ledger.record('yahoo', [deposit]),
      { source: 'made' },
      /kept with prices of "yahoo"/,
    ],
    ['no signals', async () => {}, { source: 'other' }, /^No signals of "other" as of 2024-03-28 or earlier/],
    [
      'old signals',
      async () => {},
      { source: 'made', date: '2024-04-01' },
      /11 sessions before 2024-03-28, expected 10/,
    ],
    [
      'a held name without a price',
      (p) => p.ledger.record('made', [deposit, buy('X', 1)]),
      { source: 'made' },
      /^No price of X/,
    ],
    [
      'nothing to invest',
      (p) => p.ledger.record('made', [{ ...deposit, amount: decimal(0) }]),
      { source: 'made' },
      /^The fund is worth 0/,
    ],
    [
      'a session whose orders are filled',
      (p) =>
        p.ledger.record('made', [
          deposit,
          { ...buy('A', 1), session: session('2024-04-01'), order: 'a' } as LedgerEntry,
        ]),
      { source: 'made' },
      /^Orders for 2024-04-01 would trade twice: the book has fills of orders up to 2024-04-01, expected a later session$/,
    ],
  ])('is refused for %s, and keeps nothing', async (what, arrange, params, reason) => {
    await arrange(ports)
    if (what === 'old signals') {
      ports = { ...portsOf(), clock: ports.clock }
      await ports.signals.putSignals({ ...SIGNALS, asOf: session('2024-03-13') }, madeSignals(NAMES))
    }
    const [said] = await open(params)
    expect(said).toMatchObject({
      subject: 'portfolio.rebalance.refused',
      data: { reason: expect.stringMatching(reason) },
    })
    expect(await ports.rebalances.get(RUN)).toBeUndefined()
  })

  it.each([
    [{ date: '2024-03-30' }, /no session, expected a trading day such as 2024-03-28/],
    [{ date: '2024-04-02' }, /up to 2024-04-01, the next one/],
  ])('refuses %o as wrong input', async (params, reason) => {
    await expect(open(params)).rejects.toThrow(reason)
    await expect(open(params)).rejects.toBeInstanceOf(InputError)
  })
})

describe('a rebalance', () => {
  it('goes from targets to a report, each name with one trade', async () => {
    const [said] = await toTheEnd()
    const trades = await ports.rebalances.trades(RUN)
    expect(trades.map(({ symbol, verdict, reason }) => [symbol, verdict, reason])).toEqual([
      ['A', 'order', 'initial-funding'],
      ['B', 'order', 'initial-funding'], // its alpha would not pay, but the money is idle
    ])
    const report = (await ports.rebalances.report(RUN))!
    expect(said.data).toMatchObject({ ...DATED, orders: 2, suppressed: 0, sells: '0', html: report.files.html })
    expect(report.budgetedTurnover).toBe(0)
    expect(await ports.objects.head(report.files.parquet)).toBeDefined()
  })

  it('made twice keeps the same', async () => {
    const first = await toTheEnd()
    const kept = [await ports.rebalances.trades(RUN), await ports.rebalances.report(RUN)]
    expect(await toTheEnd()).toEqual(first)
    expect([await ports.rebalances.trades(RUN), await ports.rebalances.report(RUN)]).toEqual(kept)
  })

  it('knows what earlier reports of the month have used of the budget', async () => {
    ports = await prepared({ turnover: { month: 0.05, year: 0.25 } })
    await ports.ledger.record('made', [deposit, buy('C', 400)])
    const earlier = {
      run: 'earlier',
      session: session('2024-04-01'),
      asOf: session('2024-03-28'),
      source: 'made',
      signals: 's',
    }
    const amounts = {
      value: decimal(1),
      cashBefore: decimal(1),
      cashAfter: decimal(1),
      buys: decimal(1),
      sells: decimal(1),
    }
    const files = { html: '', csv: '', json: '', parquet: '' }
    const used = { costs: decimal(0), turnover: 1, budgetedTurnover: 0.24, orders: 1, suppressed: 0, files }
    await ports.rebalances.putReport({ ...earlier, ...amounts, ...used, session: session('2024-02-05') })
    await toTheEnd()
    expect((await ports.rebalances.report(RUN))?.budgetedTurnover).toBeLessThanOrEqual(0.01)
    const trades = await ports.rebalances.trades(RUN)
    expect(trades.find(({ symbol }) => symbol === 'C')?.explanation).toContain(
      'the turnover budget has 1.00 % of the fund left',
    )
  })

  it('by a covariance method reads the returns up to the last close', async () => {
    ports = await prepared({ method: 'risk-parity' })
    await toTheEnd()
    const targets = await ports.rebalances.targets(RUN)
    expect(targets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(0.95, 12)
  })

  it('by a covariance method is refused when nothing moves', async () => {
    ports = await prepared({ method: 'hrp' })
    const [opened] = await open()
    const [said] = await call(setTargetWeights, { ...(opened.data as object), source: 'nobody' }, ports)
    expect(said).toMatchObject({
      subject: 'portfolio.rebalance.refused',
      data: { reason: expect.stringContaining('hrp') },
    })
  })

  it('that nobody opened is for a person to look at', async () => {
    await expect(
      call(checkLimits, { ...DATED, signals: 's', considered: 0, suppressed: 0 }, ports),
    ).rejects.toBeInstanceOf(PermanentError)
  })
})
