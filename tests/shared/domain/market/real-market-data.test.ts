import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCsv } from '../../../../shared/adapters/csv/csv-table.ts'
import { type BarSeries, sliceBars } from '../../../../shared/domain/market/bar.ts'
import { checkBars } from '../../../../shared/domain/market/quality.ts'
import { qualityVerdict } from '../../../../shared/domain/market/quality-verdict.ts'
import { type Session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

// Real prices are not part of the repository; these tests run where the data set lies beside it.
const data = fileURLToPath(new URL('../../../../../shared/market-data/', import.meta.url))
const absent = !existsSync(data)
const nyse = tradingCalendar('XNYS')

async function datesBySymbol(file: string): Promise<Map<string, Set<Session>>> {
  const table = await readCsv(`${data}normalized/${file}`, { required: ['symbol', 'date'] })
  const [symbol, date] = [table.text('symbol'), table.text('date')]
  const dates = new Map<string, Set<Session>>()
  for (let row = 0; row < table.rows; row++) {
    const known = dates.get(symbol(row)) ?? new Set()
    dates.set(symbol(row), known.add(date(row) as Session))
  }
  return dates
}

describe.skipIf(absent)('the NYSE calendar against real trading days (../shared/market-data)', () => {
  it.each([
    ['daily-raw-to-2023-alphavantage.csv.gz', '2000-01-01', '2023-12-29'],
    ['daily-raw-alphavantage.csv.gz', '2000-01-01', '2021-12-10'],
    ['daily-adjusted-yfinance.csv.gz', '2000-01-01', '2024-03-26'],
    ['sp500-daily-2013-2018.csv.gz', '2013-02-08', '2018-02-07'],
  ] as [string, Session, Session][])(
    'every date of %s is a session, and every session was traded',
    async (file, from, to) => {
      const dates = await datesBySymbol(file)
      const traded = new Set(
        [...dates.values()].flatMap((own) => [...own]).filter((date) => date >= from && date <= to),
      )
      expect([...traded].sort()).toEqual(nyse.sessions(from, to))
    },
  )

  it('AAPL traded in each of them, alone', async () => {
    const dates = (await datesBySymbol('daily-raw-to-2023-alphavantage.csv.gz')).get('AAPL') ?? new Set()
    expect([...dates].filter((date) => date >= '2000-01-01')).toEqual(
      nyse.sessions('2000-01-01' as Session, '2023-12-29' as Session),
    )
  })

  it('SPY fell silent before 15:00 on half days only, and on all since 2009 (some before have late prints)', () => {
    const zip = readFileSync(`${data}lean/equity/usa/hour/spy.zip`)
    const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28)
    const lastHour = new Map<string, string>()
    for (const line of inflateRawSync(zip.subarray(start)).toString().split('\n')) {
      const [, year, month, day, hour] = /^(\d{4})(\d\d)(\d\d) (\d\d):/.exec(line) ?? []
      if (year >= '2000') lastHour.set(`${year}-${month}-${day}`, hour)
    }
    const short = [...lastHour].filter(([, hour]) => hour < '15').map(([date]) => date as Session)
    expect(short.length).toBeGreaterThan(30)
    expect(short.filter((date) => !nyse.isEarlyClose(date))).toEqual([])
    const halfDays = nyse
      .sessions('2009-01-01' as Session, '2021-03-31' as Session)
      .filter((date) => nyse.isEarlyClose(date))
    expect(halfDays.filter((date) => !short.includes(date))).toEqual([])
  })
})

describe.skipIf(absent)('quality of 505 symbols in five years (../shared/market-data)', () => {
  const symbols: BarSeries[] = []

  beforeAll(async () => {
    const columns = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume']
    const table = await readCsv(`${data}normalized/sp500-daily-2013-2018.csv.gz`, { required: columns })
    const [symbol, date] = [table.text('symbol'), table.text('date')]
    const [open, high, low, close, volume] = columns.slice(2).map((name) => table.number(name))
    const at = Float64Array.from({ length: table.rows }, (_, row) => sessionToMs(date(row) as Session))
    const whole: BarSeries = { symbol: '', basis: 'split-adjusted', at, open, high, low, close, volume }
    for (let start = 0, row = 1; row <= table.rows; row++) {
      if (row < table.rows && symbol(row) === symbol(start)) continue
      symbols.push({ ...sliceBars(whole, start, row), symbol: symbol(start) })
      start = row
    }
  })

  it('catches the eleven bars with an empty price and the twelve inconsistent ones', () => {
    const results = symbols.map((series) => checkBars(series, { calendar: nyse }))
    const findings = results.flatMap((result) => result.findings)
    const count = (rule: string) => findings.filter((finding) => finding.rule === rule).length
    expect(symbols).toHaveLength(505)
    expect(count('missing_value')).toBe(11)
    expect(count('ohlc_inconsistent')).toBe(12)
    expect(count('duplicate') + count('non_positive_price') + count('negative_volume')).toBe(0)
    expect(qualityVerdict(results).verdict).toBe('WARN')
  })

  it('a lasting move of 52 % condemns all after it unless new levels are accepted', () => {
    const amd = symbols.find(({ symbol }) => symbol === 'AMD')
    if (!amd) throw new Error('The data set has no AMD')
    expect(checkBars(amd).quarantined).toBeGreaterThan(400)
    expect(checkBars(amd, { acceptLevelAfter: 3 }).quarantined).toBe(2)
  })
})
