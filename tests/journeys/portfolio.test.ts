import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulatedProvider } from '../../shared/adapters/simulated/provider.ts'
import { instant } from '../../shared/domain/market/session.ts'
import { toText } from '../../shared/domain/money/decimal.ts'
import { cashAfter } from '../../shared/domain/portfolio/rebalancing/cash-plan.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

/** The morning of the first Monday of June 2024, the day after the universe's Sunday. */
const SUNDAY = '2024-06-02T07:00:00Z'
const MONDAY = '2024-06-03T08:00:00Z'
const EXCLUDED = { symbol: 'META', reason: 'privacy', date: '2024-06-03', evidence: 'ruling of a court' }

let made: MadeHouse
let run: string

beforeAll(async () => {
  made = await madeHouse({
    now: SUNDAY,
    settings: { mandate: 'small', hotDays: 3650 },
    mandate: { universe: { exclusions: [EXCLUDED] } },
    openProvider: async (spec) => simulatedProvider({ seed: spec.seed ?? 1, badTicks: false }),
  })
  const ingested = await made.run({ workflow: 'ingestion', params: { from: '2023-04-03', to: '2024-05-31' } })
  expect(ingested.state).toBe('ok')
  expect((await made.run({ workflow: 'universe', key: 'sunday' })).state).toBe('ok')
  made.time.now = instant(Date.parse(MONDAY))
}, 60_000)
afterAll(() => made?.close())

const rows = (table: string, of: string) =>
  made.query<Record<string, unknown>>(`select * from portfolio.${table} where run = $1 order by 1, 2`, of)
const kept = async (of: string) => {
  const content = [
    await rows('starting_names', of),
    await rows('target_weights', of),
    await rows('considered_trades', of),
  ]
  return JSON.stringify(content).replaceAll(of, 'run')
}

describe('the rebalance of a month', () => {
  it('goes from the signals to an order report in one run', async () => {
    const row = await made.run({ workflow: 'portfolio', key: 'june' })
    expect({ state: row.state, reason: row.reason }).toEqual({ state: 'ok', reason: null })
    run = row.run
    const [opened] = await made.said(run, 'portfolio.rebalance.opened')
    expect(opened).toEqual({
      ...{ session: '2024-06-03', asOf: '2024-05-31', source: 'simulated', signals: 'universe:sunday' },
      ...{ signalsAsOf: '2024-05-31', value: '1000000', cash: '1000000', held: 0 },
    })
    const [written] = await made.said(run, 'portfolio.report.written')
    const { rebalances } = made.house.parts.ports
    const trades = await rebalances.trades(run)
    const orders = trades.filter(({ verdict }) => verdict === 'order')
    expect(orders.length).toBeGreaterThan(2)
    expect(written).toMatchObject({ orders: orders.length, suppressed: trades.length - orders.length })
    expect(trades.some(({ symbol }) => symbol === 'META')).toBe(false)
    for (const { reason, costs, quantity } of orders) {
      expect([reason, costs.missing]).toEqual(['initial-funding', []])
      expect(toText(quantity)).toMatch(/^\d+$/)
    }
    const report = await rebalances.report(run)
    expect(report && toText(report.cashAfter)).toBe(toText(cashAfter(report!.cashBefore, trades)))
  })

  it('writes the report in four forms', async () => {
    const report = await made.house.parts.ports.rebalances.report(run)
    const { objects } = made.house.parts.ports
    const text = async (key: string) => new TextDecoder().decode((await objects.get(key))?.body)
    const html = await text(report!.files.html)
    expect(html).toContain('SIMULATED')
    expect(html).toContain('Orders for 2024-06-03')
    expect(html).toContain('Judged without sentiment')
    expect((await text(report!.files.csv)).split('\r\n')[1]).toContain('2024-06-03-')
    expect(JSON.parse(await text(report!.files.json))).toMatchObject({ run, simulated: true })
    expect((await text(report!.files.parquet)).slice(0, 4)).toBe('PAR1')
    const pending = await made.query('select * from portfolio.pending_orders')
    expect(pending.length).toBe(report!.orders)
  })

  it('comes to the same again, and when the future is known', async () => {
    const content = await kept(run)
    made.time.now = instant(Date.parse('2024-06-12T07:00:00Z'))
    const later = { from: '2024-06-03', to: '2024-06-11' }
    expect((await made.run({ workflow: 'ingestion', key: 'later', params: later })).state).toBe('ok')
    const again = await made.run({ workflow: 'portfolio', key: 'looking back', params: { date: '2024-06-03' } })
    expect(again.state).toBe('ok')
    expect(await kept(again.run)).toBe(content)
  })

  it('says in the orders of a second making that they are of it', async () => {
    const again = await made.run({ workflow: 'portfolio', key: 'june', params: { date: '2024-06-03' }, again: true })
    const trades = await made.house.parts.ports.rebalances.trades(again.run)
    expect(trades.every(({ id }) => id.startsWith('2024-06-03-r2-'))).toBe(true)
  })

  it('is refused without signals that are fresh, with what to do', async () => {
    made.time.now = instant(Date.parse('2024-07-02T08:00:00Z'))
    const row = await made.run({ workflow: 'portfolio', key: 'july', params: { date: '2024-07-01' } })
    expect(row.state).toBe('failed')
    expect(row.reason).toBe(
      'The newest signals are of 2024-05-31, 19 sessions before 2024-06-28, expected 10 at most: run universe and signals first',
    )
    const other = await made.run({
      workflow: 'portfolio',
      key: 'other',
      params: { date: '2024-07-01', source: 'yahoo' },
    })
    expect(other.reason).toBe('No signals of "yahoo" as of 2024-06-28 or earlier: run universe and signals first')
  })

  it.each([
    [{ date: '2024-06-08' }, /no session, expected a trading day such as 2024-06-07/],
    [{ date: '2024-08-05' }, /expected a session after 2000-01-01 and up to 2024-07-02/],
  ])('refuses %o as wrong input', async (params, reason) => {
    const row = await made.run({ workflow: 'portfolio', key: `wrong ${params.date}`, params })
    expect(row.state).toBe('failed')
    expect(row.reason).toMatch(reason)
  })
})
