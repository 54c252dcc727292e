import { describe, expect, it } from 'vitest'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { objectDailyReports } from '../../../../shared/adapters/reports/daily-report-store.ts'
import { mandateSchema } from '../../../../shared/domain/mandate/mandate.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { decimal } from '../../../../shared/domain/money/decimal.ts'
import type { DailyReport } from '../../../../shared/domain/monitoring/daily-report.ts'
import { measureFund } from '../../../../shared/domain/monitoring/measure-fund.ts'
import type { AlertState } from '../../../../shared/domain/monitoring/snapshot.ts'
import { PermanentError } from '../../../../shared/ports/errors.ts'
import { mark, snapshot } from '../../domain/monitoring/made-fund.ts'

const DATES = tradingCalendar('XNYS').sessions(session('2023-11-20'), session('2024-03-08'))
const LAST = DATES[DATES.length - 1]

function reported(part: Partial<DailyReport> = {}, sessions = DATES.length): DailyReport {
  const snapshots = DATES.slice(-sessions).map((date, i) =>
    snapshot(date, {
      return: i === 0 ? undefined : 0.01 * Math.sin(i),
      benchmarkReturn: i % 7 === 0 ? undefined : 0.002,
      profit: decimal('-12.345'),
    }),
  )
  const marks = [
    mark('AAPL', 0.6, { sector: 'Information Technology', targetWeight: 0.5, session: LAST }),
    mark('XOM', 0.35, { sector: 'Energy', priceAge: 4, session: LAST }),
  ]
  const { income } = mandateSchema.parse({})
  return {
    source: 'yahoo',
    fund: 'default',
    currency: 'USD',
    benchmark: '^GSPC',
    snapshots,
    marks,
    figures: measureFund({ snapshots, marks, targets: new Map([['AAPL', 0.5]]) }, income),
    alerts: { raised: [], resolved: [], open: [] },
    nameCap: 0.05,
    sectorCap: 0.25,
    incomeTarget: 0.02,
    ...part,
  }
}

async function published(report: DailyReport) {
  const objects = memoryObjectStore()
  const keys = await objectDailyReports(objects).publish(report)
  const text = async (key: string) => new TextDecoder().decode((await objects.get(key))!.body)
  return { keys, html: await text(keys.html), json: await text(keys.json) }
}

describe('the daily report', () => {
  it('lies under its session and source, as a page and as data, the same bytes each time', async () => {
    const first = await published(reported())
    expect(first.keys).toEqual({
      html: 'reports/daily/2024-03-08/yahoo/daily-report.html',
      json: 'reports/daily/2024-03-08/yahoo/daily-report.json',
    })
    expect(await published(reported())).toEqual(first)
  })

  it('shows value, result, positions, exposure and the tear sheet, and needs nothing from outside', async () => {
    const { html } = await published(reported())
    for (const title of ['Alerts', 'Profit and loss', 'Positions', 'Exposure', 'Tear sheet']) {
      expect(html).toContain(`<h2>${title}</h2>`)
    }
    for (const part of [
      'Growth of 1',
      'Below the highest value so far',
      'Returns by month',
      '4 sessions old',
      'Not investment advice',
    ]) {
      expect(html).toContain(part)
    }
    expect(html).not.toMatch(/(?:src|href)="(?!#|data:)/)
    expect(html).not.toContain('<script')
    expect(html).not.toMatch(/NaN|undefined<|\[object/)
  })

  it('says of every figure what it rests on, and where there is too little', async () => {
    const { html } = await published(reported())
    const cells = (label: string) => {
      const row = html.slice(html.indexOf(`<th scope="row" >${label}`))
      return row
        .slice(0, row.indexOf('</tr>'))
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
    }
    expect(cells('Sharpe ratio')).toMatch(/n 74, annualised by 252\) insufficient data \(75 of 252\) [−\d]/)
    expect(cells('Maximum drawdown')).toMatch(/% \(n 74\)/)
  })

  it('is marked as simulated when its prices are made, and only then', async () => {
    expect((await published(reported())).html).not.toContain('SIMULATED')
    const made = await published(reported({ source: 'simulated' }))
    expect(made.html).toContain('<strong>SIMULATED</strong>')
    expect(JSON.parse(made.json).simulated).toBe(true)
  })

  it('shows hostile names as the text they are', async () => {
    const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>`
    const state: AlertState = {
      ...{ alert: `name-weight:${hostile}`, severity: 'critical', message: hostile, value: 1, threshold: 0 },
      ...{ raised: LAST, resolved: undefined },
    }
    const { html, json } = await published(
      reported({
        ...{ source: hostile, fund: hostile, benchmark: hostile, currency: hostile },
        marks: [mark(hostile, 0.95, { sector: hostile })],
        alerts: { raised: [state], resolved: [], open: [state] },
      }),
    )
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(JSON.parse(json).positions[0].symbol).toBe(hostile)
  })

  it('can be made of a first session, of an empty fund, and of one that is worth nothing', async () => {
    const first = reported({ marks: [], figures: [] }, 1)
    expect((await published(first)).html).toContain('Everything is in cash.')
    const nothing = { value: decimal(0), cash: decimal(0), invested: decimal(0), return: undefined, positions: 0 }
    const worthless = reported({ marks: [mark('A', Number.NaN)], snapshots: [snapshot(LAST, nothing)] })
    expect((await published(worthless)).html).not.toContain('NaN')
  })

  it('tells programs the session, what was found and every month', async () => {
    const document = JSON.parse((await published(reported())).json)
    expect(document).toMatchObject({
      source: 'yahoo',
      simulated: false,
      since: '2023-11-20',
      snapshot: { session: '2024-03-08', value: '1000', profit: '-12.345' },
      positions: [
        { symbol: 'AAPL', weight: 0.6, targetWeight: 0.5 },
        { symbol: 'XOM', weight: 0.35, targetWeight: null },
      ],
    })
    expect(document.figures).toContainEqual({ name: 'sharpe_252', insufficient: true, n: 75, needed: 252 })
    expect(document.monthlyReturns.map(({ year }: { year: string }) => year)).toEqual(['2023', '2024'])
    expect(document.monthlyReturns[0].months.slice(9)).toEqual([null, expect.any(Number), expect.any(Number)])
  })

  it('is refused when there is no session', async () => {
    await expect(published(reported({ snapshots: [] }))).rejects.toThrow(PermanentError)
  })
})
