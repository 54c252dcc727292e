import { type CsvTable, readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import type { CorporateAction } from '../../../shared/domain/market/corporate-action.ts'
import { isSession, type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { InputError } from '../../../shared/ports/errors.ts'

const BAR_COLUMNS = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume'] as const

/** One symbol's rows of a bar file, with the place of each in the file. */
export interface SymbolBars {
  readonly series: BarSeries
  /** By row of the series, the row of the file. */
  readonly fileRows: Int32Array
}

export interface BarFile {
  readonly table: CsvTable
  /** In order of first appearance. */
  readonly symbols: readonly SymbolBars[]
}

export interface BarFileOptions {
  /** Whether each symbol's dates must be ascending and unique. */
  readonly ordered: boolean
  /** Whether to read `bid` and `ask` where both columns are there; else they are extra columns like any other. */
  readonly quotes: boolean
}

/**
 * Reads raw daily bars: `symbol,date,open,high,low,close,volume`. Rows of different symbols may be mixed.
 * @throws InputError for a symbol that is empty, a date that is none, and, when `ordered`, a date that is not after the
 *   symbol's last.
 */
export async function readBarFile(file: string, { ordered, quotes }: BarFileOptions): Promise<BarFile> {
  const table = await readCsv(file, { required: BAR_COLUMNS, optional: quotes ? ['bid', 'ask'] : [] })
  const dates = readDates(table)
  const groups = groupBySymbol(table)
  if (ordered) for (const [symbol, rows] of groups) checkOrder(table, symbol, rows, dates)

  const quoted = quotes && table.has('bid') && table.has('ask')
  const symbols = [...groups].map(([symbol, rows]) => {
    const fileRows = Int32Array.from(rows)
    const pick = (column: Float64Array) => Float64Array.from(fileRows, (row) => column[row])
    const series: BarSeries = {
      symbol,
      basis: 'raw',
      at: pick(dates),
      open: pick(table.number('open')),
      high: pick(table.number('high')),
      low: pick(table.number('low')),
      close: pick(table.number('close')),
      volume: pick(table.number('volume')),
      ...(quoted ? { bid: pick(table.number('bid')), ask: pick(table.number('ask')) } : {}),
    }
    return { series, fileRows }
  })
  return { table, symbols }
}

/**
 * Reads splits and dividends: `symbol,date,type,value[,source]`; an empty value is NaN.
 * @throws InputError for an empty symbol, a date that is none, or a type other than `split` and `dividend`.
 */
export async function readActionFile(file: string): Promise<{ table: CsvTable; actions: CorporateAction[] }> {
  const table = await readCsv(file, { required: ['symbol', 'date', 'type', 'value'], optional: ['source'] })
  const symbol = table.text('symbol')
  const date = table.text('date')
  const type = table.text('type')
  const value = table.number('value')
  const source = table.has('source') ? table.text('source') : () => ''
  readDates(table)
  const actions = Array.from({ length: table.rows }, (_, row): CorporateAction => {
    const kind = type(row)
    if (kind !== 'split' && kind !== 'dividend') {
      throw new InputError(`${place(table, row)}: type "${kind}", expected split or dividend`)
    }
    if (symbol(row) === '') throw new InputError(`${place(table, row)}: no symbol`)
    return { symbol: symbol(row), exDate: date(row) as Session, type: kind, value: value[row], source: source(row) }
  })
  return { table, actions }
}

/** Refuses two inputs that would both be read from standard input. */
export function refuseTwoInputs(file: string, other: string | undefined): void {
  if (file === '-' && other === '-') throw new InputError('Only one of FILE and --actions can be - (standard input)')
}

function place(table: CsvTable, row: number): string {
  return `${table.file} line ${table.line(row)}`
}

/** The dates as UTC ms, each different text converted once. */
function readDates(table: CsvTable): Float64Array {
  const text = table.text('date')
  const known = new Map<string, number>()
  const dates = new Float64Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    const date = text(row)
    let at = known.get(date)
    if (at === undefined) {
      if (!isSession(date)) {
        throw new InputError(`${place(table, row)}: date "${date}" is not a date (expected YYYY-MM-DD)`)
      }
      at = sessionToMs(date)
      known.set(date, at)
    }
    dates[row] = at
  }
  return dates
}

function groupBySymbol(table: CsvTable): Map<string, number[]> {
  const text = table.text('symbol')
  const groups = new Map<string, number[]>()
  for (let row = 0; row < table.rows; row++) {
    const symbol = text(row)
    const rows = groups.get(symbol)
    if (rows) rows.push(row)
    else if (symbol === '') throw new InputError(`${place(table, row)}: no symbol`)
    else groups.set(symbol, [row])
  }
  return groups
}

function checkOrder(table: CsvTable, symbol: string, rows: readonly number[], dates: Float64Array): void {
  const date = table.text('date')
  for (let i = 1; i < rows.length; i++) {
    if (dates[rows[i]] > dates[rows[i - 1]]) continue
    const found = `${symbol} ${date(rows[i])} after ${date(rows[i - 1])}`
    throw new InputError(`${place(table, rows[i])}: ${found}, expected each symbol's dates ascending and unique`)
  }
}
