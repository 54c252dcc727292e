import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { objectOrderReports } from '../../../../shared/adapters/reports/order-report-store.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { toText } from '../../../../shared/domain/money/decimal.ts'
import { considerTrades } from '../../../../shared/domain/portfolio/rebalancing/consider-trades.ts'
import {
  type OrderReportContent,
  orderReportContent,
} from '../../../../shared/domain/portfolio/rebalancing/order-report-content.ts'
import {
  deliberation,
  type MadeFund,
  madeMandate,
  madeSignals,
  madeTargets,
} from '../../domain/portfolio/rebalancing/made-fund.ts'

const FUND: MadeFund = {
  names: [
    { symbol: 'A', price: 100, target: 0.4, z: 1 },
    { symbol: 'B', sector: 'Utilities', held: 400, price: 100, target: 0.1, z: -1 },
    { symbol: '<script>"x"', held: 50, price: 100, target: 0 },
  ],
  cash: 55_000,
  mandate: { portfolio: { nameCap: 0.5, sectorCap: 1, turnover: { month: 1, year: 1 } } },
}

function content(part: Partial<OrderReportContent> = {}): OrderReportContent {
  const fund = deliberation(FUND)
  const used = { month: 0, year: 0.01 }
  const targets = madeTargets(FUND.names)
  const whole = orderReportContent({
    ...{
      run: 'portfolio:x',
      session: session('2024-04-01'),
      asOf: session('2024-03-28'),
      source: 'made',
      used,
      targets,
    },
    start: fund.point,
    trades: considerTrades(targets, used, fund),
    signalsRun: 'universe:y',
    signals: madeSignals(FUND.names).map((signal) => ({
      ...signal,
      absent: [{ component: 'alpha', reason: 'no model' }],
    })),
    mandate: madeMandate(FUND),
    spending: { insufficient: true, quarters: 3, needed: 12 },
  })
  return { ...whole, ...part }
}

const objects = memoryObjectStore()
const text = async (key: string) => new TextDecoder().decode((await objects.get(key))?.body)
let files: Awaited<ReturnType<ReturnType<typeof objectOrderReports>['write']>>
beforeAll(async () => {
  files = await objectOrderReports(objects).write(content())
})

describe('the sums of a report', () => {
  it('are those of its orders', () => {
    const { totals, trades } = content()
    const sums = [totals.buys, totals.sells, totals.cashBefore].map(toText)
    expect(sums).toEqual(['40000', '30000', '55000'])
    expect(totals.turnover).toBe(0.35)
    expect([totals.orders, totals.suppressed]).toEqual([2, 1])
    const charged = trades.filter(({ verdict }) => verdict === 'order').map(({ costs }) => costs.total.amount)
    expect(Number(toText(totals.cashAfter))).toBeCloseTo(45_000 - charged.reduce((sum, cost) => sum + cost, 0), 1)
  })

  it('tell the sectors before and after', () => {
    expect(content().sectors).toEqual([
      { sector: 'Energy', before: 0.05, after: 0.45 },
      { sector: 'Utilities', before: 0.4, after: 0.1 },
    ])
  })
})

describe('an order report', () => {
  it('lies under its session and run, and is the same bytes again', async () => {
    expect(files.html).toBe('reports/orders/2024-04-01/portfolio%3Ax/order-report.html')
    const other = memoryObjectStore()
    const again = await objectOrderReports(other).write(content())
    for (const key of Object.values(again)) expect((await other.get(key))?.body).toEqual((await objects.get(key))?.body)
  })

  it('as a page says what is to be done, what was left and why, and where it comes from', async () => {
    const page = await text(files.html)
    for (const { symbol, explanation } of content().trades.filter(({ symbol }) => symbol.length === 1)) {
      expect(page).toContain(`<strong>${symbol}</strong> ${explanation}`)
    }
    expect(page).toContain('not enough history, 3 of 12 quarter ends')
    expect(page).toContain('Judged without alpha: 2 names (no model)')
    expect(page).toContain('Not investment advice')
    expect(page).not.toContain('<script')
    expect(page).not.toContain('SIMULATED')
    expect(page.indexOf('>B<')).toBeLessThan(page.indexOf('Considered and not made'))
  })

  it('of the simulated market says so', async () => {
    const { html } = await objectOrderReports(objects).write(content({ run: 'other', source: 'simulated' }))
    expect(await text(html)).toContain('SIMULATED')
  })

  it('as JSON has the whole content, what is not known as null', async () => {
    const document = JSON.parse(await text(files.json))
    expect(document).toMatchObject({ run: 'portfolio:x', simulated: false, totals: { buys: '40000' } })
    const unknown = document.trades.find(({ symbol }: { symbol: string }) => symbol.length > 1)
    expect([unknown.alpha.netBps, unknown.wantedQuantity]).toEqual([null, '50'])
  })

  it('as CSV and Parquet is a row a trade, with the same numbers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'order-report-'))
    try {
      await writeFile(join(folder, 'r.csv'), await text(files.csv))
      await writeFile(join(folder, 'r.parquet'), (await objects.get(files.parquet))!.body)
      const duckdb = await (await DuckDBInstance.create()).connect()
      const read = async (from: string) =>
        (await duckdb.runAndReadAll(`select * exclude (session) from ${from} order by id`)).getRowObjects()
      const csv = await read(`read_csv('${folder}/r.csv', all_varchar = true)`)
      const parquet = await read(`read_parquet('${folder}/r.parquet')`)
      expect(parquet.length).toBe(3)
      for (const [i, row] of parquet.entries()) {
        for (const [name, value] of Object.entries(row)) {
          const cell = csv[i][name]
          expect([name, typeof value === 'number' ? Number(cell) : cell]).toEqual([name, value])
        }
      }
      const b = parquet.find(({ symbol }) => symbol === 'B')
      expect(b).toMatchObject({ side: 'sell', quantity: 300, notional: 30_000, target_weight: 0.1 })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
