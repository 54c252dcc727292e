import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { session } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'

/** The sessions of the made market: spring 2024. */
export const SESSIONS = tradingCalendar('XNYS').sessions(session('2024-03-01'), session('2024-06-28'))
export const SPLIT_DATE = '2024-05-15'
export const LISTED = '2024-04-22'
export const SYMBOLS = ['CALM', 'FOUR', 'LATE', 'ODD', '^GSPC']

/** The faults of ODD by date, with the rule each offends. */
export const FAULTS = {
  '2024-03-20': 'ohlc_inconsistent',
  '2024-04-10': 'missing_value',
  '2024-05-02': 'duplicate',
  '2024-06-05': 'jump',
} as const

/**
 * A small market of our own making, as CSV: CALM and the benchmark have nothing to them, FOUR splits four for one (its action is beside),
 * LATE is listed in April, ODD has four faults. Prices are cents that never repeat.
 */
export function madeRows(): string[] {
  const rows = ['symbol,date,open,high,low,close,volume']
  for (const symbol of SYMBOLS) {
    for (const [i, date] of SESSIONS.entries()) {
      if (symbol === 'LATE' && date < LISTED) continue
      const level = symbol === 'FOUR' && date >= SPLIT_DATE ? 25 : 100
      const close = level * (1 + 0.004 * Math.sin(i + symbol.length))
      const row = madeRow(symbol, date, close, 1000 + i)
      const fault = symbol === 'ODD' ? FAULTS[date as keyof typeof FAULTS] : undefined
      rows.push(...(fault ? spoilt(fault, row) : [row]))
    }
  }
  return rows
}

function madeRow(symbol: string, date: string, close: number, volume: number): string {
  const cents = (price: number) => price.toFixed(2)
  return [symbol, date, cents(close), cents(close * 1.01), cents(close * 0.99), cents(close), volume].join(',')
}

function spoilt(fault: string, row: string): string[] {
  const [symbol, date, open, high, low, close, volume] = row.split(',')
  const line = (...cells: string[]) => cells.join(',')
  if (fault === 'ohlc_inconsistent') return [line(symbol, date, open, low, low, close, volume)]
  if (fault === 'missing_value') return [line(symbol, date, open, high, low, '', volume)]
  if (fault === 'duplicate') return [row, row]
  return [line(symbol, date, '180', '182', '178', '180', volume)]
}

export const SPLIT_FILE = `symbol,date,type,value\nFOUR,${SPLIT_DATE},split,4\n`

/** Writes the market as `bars.csv` and `corporate-actions.csv` into a folder and answers it. */
export async function writeMarket(folder: string, rows = madeRows()): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'bars.csv'), `${rows.join('\n')}\n`)
  await writeFile(join(folder, 'corporate-actions.csv'), SPLIT_FILE)
  return folder
}
