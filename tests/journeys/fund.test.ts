import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planWalk } from '../../infra/local/cli/fund-walk.ts'
import { explain } from '../../infra/local/operations/explain.ts'
import { type Session, session } from '../../shared/domain/market/session.ts'
import { add, compare, decimal, sum, toNumber, toText, ZERO } from '../../shared/domain/money/decimal.ts'
import { InputError } from '../../shared/ports/errors.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

const SOURCE = 'simulated'
const FIRST = session('2022-01-03')
const FROM = session('2023-08-01')
const ALL = session('2000-01-01')
const LAST = session('2099-12-31')

/** A small fund on a simulated market, from ingestion to its marks, as the clocks would have run it. */
async function livedFund(to: Session): Promise<MadeHouse> {
  const made = await madeHouse({ now: '2024-01-15T12:00:00Z', mandate: { base: 'small', capital: '250000' } })
  const symbols = [...made.house.settings.mandate.universe.listings.map(({ symbol }) => symbol), '^GSPC']
  const fetched = await made.run({ workflow: 'ingestion', params: { from: FIRST, to, symbols } })
  expect(fetched).toMatchObject({ state: 'ok' })
  for (const { workflow, key, params, slot } of planWalk(FROM, to, undefined)) {
    const run = await made.run({ workflow, key, params: { ...params }, ...(slot && { slot }) })
    expect([run.run, run.state, run.reason]).toEqual([run.run, 'ok', null])
  }
  return made
}

let fund: MadeHouse
beforeAll(async () => {
  fund = await livedFund(session('2023-11-30'))
}, 180_000)
afterAll(() => fund?.close())

describe('a fund that was walked through four months', () => {
  it('traded what it proposed, at the next open, and nothing else', async () => {
    const { rebalances, ledger } = fund.house.parts.ports
    const reports = await rebalances.reports(SOURCE, ALL, LAST)
    expect(reports.map((report) => report.session)).toEqual(['2023-08-07', '2023-09-05', '2023-10-02', '2023-11-06'])
    const proposed = new Map<string, string>()
    for (const report of reports) {
      const orders = (await rebalances.trades(report.run)).filter(({ verdict }) => verdict === 'order')
      expect(orders).toHaveLength(report.orders)
      for (const order of orders) proposed.set(order.id, `${report.session} ${order.side} ${order.symbol}`)
    }
    expect(proposed.size).toBeGreaterThan(5)
    const trades = (await ledger.entries()).flatMap((entry) => (entry.kind === 'trade' ? [entry] : []))
    const done = trades.map((trade) => [trade.order, `${trade.session} ${trade.side} ${trade.symbol}`])
    for (const [order, text] of done) expect(proposed.get(String(order))).toBe(text)
    expect(new Set(done.map(([order]) => order)).size).toBe(done.length)
  })

  it('never had less than nothing in cash, and kept to its caps when it was targeted', async () => {
    const balances = await fund.query<{ least: string }>('select min(balance)::text as least from execution.cash')
    expect(compare(decimal(balances[0].least), ZERO)).toBeGreaterThanOrEqual(0)
    const { rebalances } = fund.house.parts.ports
    for (const { run } of await rebalances.reports(SOURCE, ALL, LAST)) {
      const targets = await rebalances.targets(run)
      for (const { weight } of targets) expect(weight).toBeLessThanOrEqual(0.15 + 1e-12)
      expect(targets.reduce((total, { weight }) => total + weight, 0)).toBeLessThanOrEqual(0.95 + 1e-12)
    }
  })

  it('accounts for every cent: what it is worth is what was paid in and what every session brought', async () => {
    const snapshots = await fund.house.parts.ports.monitoring.snapshots(SOURCE, ALL, LAST)
    const newest = snapshots[snapshots.length - 1]
    const brought = add(sum(snapshots.map(({ flow }) => flow)), sum(snapshots.map(({ profit }) => profit)))
    expect(toText(brought)).toBe(toText(newest.value))
    expect(toNumber(snapshots[0].flow)).toBe(250_000)
    expect(snapshots).toHaveLength(82) // sessions from the first rebalance on
    expect(newest.session).toBe('2023-11-30')
  })

  it('can say why of every trade it considered, and refuses to guess', async () => {
    const { rebalances } = fund.house.parts.ports
    const [report] = await rebalances.reports(SOURCE, session('2023-09-01'), session('2023-09-30'))
    const trades = await rebalances.trades(report.run)
    expect(trades.some(({ verdict }) => verdict !== 'order')).toBe(true)
    for (const trade of trades) {
      const why = await explain.run({ id: trade.id }, fund.house)
      if (why.kind !== 'order') throw new Error('an order is no event')
      expect(why.trade.explanation).not.toBe('')
      expect(why.bars.at(-1)?.session).toBe('2023-09-01')
      expect(why.payload?.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(why.signal?.contributions.length).toBeGreaterThan(0)
      expect(why.ranking?.stock.symbol).toBe(trade.symbol)
      expect(why.decided.configHash).toBe(fund.house.settings.hash)
      if (trade.verdict === 'order') expect(why.execution?.state).toMatch(/filled|expired/)
    }
    await expect(explain.run({ id: '2023-09-05-NONE-buy' }, fund.house)).rejects.toThrow(InputError)
    await expect(explain.run({ id: '2023-09-05-NONE-buy' }, fund.house)).rejects.toThrow(/orders look like 20/)
  })

  it('leads an event back to the clock', async () => {
    const [{ event_id }] = await fund.query<{ event_id: string }>(
      "select event_id from pipeline.trail where subject = 'portfolio.report.written' order by said_at limit 1",
    )
    const why = await explain.run({ id: event_id.slice(0, 12) }, fund.house)
    if (why.kind !== 'event') throw new Error('an event is no order')
    expect(why.chain.map(({ subject }) => subject)).toEqual([
      'portfolio.report.written',
      'portfolio.limits.checked',
      'portfolio.costs.estimated',
      'portfolio.weights.set',
      'portfolio.rebalance.opened',
      'pipeline.run.opened',
    ])
    for (const [vague, answer] of [
      ['', /Several events begin with ""/],
      ['%', /There is no order and no event "%"/],
    ] as const) {
      await expect(explain.run({ id: vague }, fund.house)).rejects.toThrow(answer)
    }
  })

  it('does nothing twice when it is walked again', async () => {
    const before = await stateOf(fund, LAST)
    for (const { workflow, key, params, slot } of planWalk(FROM, session('2023-11-30'), undefined)) {
      const opened = await fund.house.open({ workflow, key, params: { ...params }, ...(slot && { slot }) })
      expect(opened).toMatchObject({ opened: false, state: 'ok' })
    }
    expect(await stateOf(fund, LAST)).toEqual(before)
  })
})

describe('the same fund, whose market ends a month earlier', () => {
  it('had done the same until then: nothing that came later was known', async () => {
    const shorter = await livedFund(session('2023-10-31'))
    try {
      const through = session('2023-10-31')
      expect(await stateOf(shorter, through)).toEqual(await stateOf(fund, through))
    } finally {
      await shorter.close()
    }
  }, 180_000)
})

describe('the fund whose runs are made anew', () => {
  it('trades nothing twice', async () => {
    const before = await stateOf(fund, LAST)
    for (const { workflow, key, params, slot } of planWalk(FROM, session('2023-11-30'), undefined)) {
      const run = await fund.run({ workflow, key, params: { ...params }, ...(slot && { slot }), again: true })
      expect([run.run, run.state]).toEqual([`${workflow}:${key}:r2`, workflow === 'portfolio' ? 'failed' : 'ok'])
      if (workflow === 'portfolio')
        expect(run.reason).toMatch(/would trade twice: the book has fills of orders up to 2023-11-/)
    }
    const { trades, entries, values } = await stateOf(fund, LAST)
    expect({ trades, entries, values }).toEqual({
      trades: before.trades,
      entries: before.entries,
      values: before.values,
    })
  })
})

/** What the fund thought, did and was worth up to a session. */
async function stateOf(made: MadeHouse, through: Session) {
  const rows = (sql: string) => made.query<object>(sql, through)
  return {
    rankings: await rows(
      'select k.* from universe.rankings k join universe.runs r using (run) where r.as_of <= $1 order by run, rank',
    ),
    signals: await rows(
      'select s.* from signals.signals s join signals.runs r using (run) where r.as_of <= $1 order by run, symbol',
    ),
    trades: await rows(
      'select t.* from portfolio.considered_trades t where t.session <= $1 order by session, symbol, side',
    ),
    entries: await rows(
      'select kind, session, symbol, side, quantity::text, price::text, fee::text from execution.entries where session <= $1 order by session, key',
    ),
    values: await rows(
      'select session, value::text, cash::text from monitoring.portfolio_snapshots where session <= $1 order by session',
    ),
  }
}
