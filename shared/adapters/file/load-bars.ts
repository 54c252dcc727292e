import { type BarSeries, concatBars, type Interval, type PriceBasis, takeBars } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { msToSession } from '../../domain/market/session.ts'
import { InputError } from '../../ports/errors.ts'
import { dateToMs, timeReader } from './bar-time.ts'
import type { DataFile } from './data-files.ts'
import { readTable, sha256Of, type Table } from './table.ts'

const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const
const COLUMNS = {
  required: PRICES,
  optional: ['symbol', 'date', 'timestamp', 'dividend', 'split'],
}

/** How to read files of bars. */
export interface BarsLayout {
  readonly basis: PriceBasis
  readonly source: string
  readonly interval?: Interval
  readonly timezone?: string
}

/** All bars of a dataset in memory. */
export interface LoadedBars {
  readonly interval: Interval
  /** By symbol, ascending in time (stable); duplicates stay as they are in the files. */
  readonly series: ReadonlyMap<string, BarSeries>
  /** Of the files' `dividend` and `split` columns, ascending; undefined when no file has them. */
  readonly actions?: readonly CorporateAction[]
  /** SHA-256 of every file a symbol's bars came from. */
  readonly hashes: ReadonlyMap<string, readonly { readonly file: string; readonly sha256: string }[]>
}

/**
 * Reads files of bars: `symbol` (or the file's name), `date` or `timestamp`, `open,high,low,close,volume`, and `dividend,split` where
 * they are. Every cell is checked before anything is answered.
 * @throws InputError naming file, line and column of what is wrong.
 */
export async function loadBars(files: readonly DataFile[], layout: BarsLayout): Promise<LoadedBars> {
  const parts = new Map<string, BarSeries[]>()
  const hashes = new Map<string, { file: string; sha256: string }[]>()
  const actions = new Map<string, CorporateAction>()
  let withActions = false
  let interval: Interval | undefined

  for (const file of files) {
    const { table, bytes } = await readTable(file.path, COLUMNS)
    const { at, interval: found } = readTimes(table, layout)
    if (interval !== undefined && interval !== found) {
      throw new InputError(`${file.path} holds ${found} bars, the files before it ${interval} bars`)
    }
    interval = found
    const groups = groupRows(table, file)
    const sha256 = sha256Of(bytes)
    for (const series of sortedSeries(table, at, groups, layout.basis)) {
      append(parts, series.symbol, series)
      append(hashes, series.symbol, { file: file.path, sha256 })
    }
    if (table.has('dividend') || table.has('split')) {
      withActions = true
      for (const action of actionsOf(table, at, groups, layout.source)) {
        const key = `${action.symbol} ${action.exDate} ${action.type}`
        const other = actions.get(key)
        if (other !== undefined && other.value !== action.value) {
          throw new InputError(`${file.path}: ${key} is ${action.value} in one row and ${other.value} in another`)
        }
        actions.set(key, action)
      }
    }
  }

  const series = new Map(
    [...parts].map(([symbol, own]) => [symbol, own.length === 1 ? own[0] : sorted(concatBars(own))]),
  )
  const ascending = [...actions.values()].sort((a, b) => (a.exDate < b.exDate ? -1 : a.exDate > b.exDate ? 1 : 0))
  return { interval: interval ?? '1d', series, hashes, ...(withActions ? { actions: ascending } : {}) }
}

function readTimes(table: Table, layout: BarsLayout): { at: Float64Array; interval: Interval } {
  const daily = table.has('date')
  if (!daily && !table.has('timestamp'))
    throw new InputError(`${table.file} has neither a column "date" nor "timestamp"`)
  const name = daily ? 'date' : 'timestamp'
  const interval = daily ? '1d' : layout.interval
  if (interval === undefined || (!daily && interval === '1d')) {
    throw new InputError(`${table.file} has timestamps: declare their "interval" (1h, 5m or 1m) in dataset.yaml`)
  }
  if (daily && layout.interval !== undefined && layout.interval !== '1d') {
    throw new InputError(`${table.file} has dates, but dataset.yaml declares the interval ${layout.interval}`)
  }

  const text = table.text(name)
  const readTime = timeReader(layout.timezone)
  const at = new Float64Array(table.rows)
  const known = new Map<string, number>() // daily files repeat their dates for every symbol
  for (let row = 0; row < at.length; row++) {
    const cell = text(row)
    let ms = daily ? known.get(cell) : undefined
    if (ms === undefined) {
      const time = daily ? dateToMs(cell) : readTime(cell)
      if (time === undefined || (typeof time === 'object' && 'problem' in time)) {
        const problem = time === undefined ? 'is not a date, expected YYYY-MM-DD' : time.problem
        throw new InputError(`${table.where(row)}, column "${name}": ${JSON.stringify(cell)} ${problem}`)
      }
      ms = typeof time === 'object' ? time.ms : time
      if (daily) known.set(cell, ms)
    }
    at[row] = ms
  }
  return { at, interval }
}

/** The rows of each symbol, in the file's order. */
type Groups = ReadonlyMap<string, Uint32Array>

function groupRows(table: Table, file: DataFile): Groups {
  const every = Uint32Array.from({ length: table.rows }, (_, row) => row)
  if (!table.has('symbol')) {
    if (file.symbol !== undefined) return new Map(table.rows === 0 ? [] : [[file.symbol, every]])
    throw new InputError(`${table.file} has no column "symbol" and is not named like one (AAPL.csv)`)
  }
  const text = table.text('symbol')
  const ids = new Map<string, number>()
  const idOf = new Uint32Array(table.rows)
  const counts: number[] = []
  let symbol = ''
  let id = -1
  for (let row = 0; row < idOf.length; row++) {
    const cell = text(row)
    if (cell !== symbol || id < 0) {
      if (cell === '') throw new InputError(`${table.where(row)}, column "symbol" is empty`)
      symbol = cell
      id = ids.get(cell) ?? counts.push(0) - 1
      ids.set(cell, id)
    }
    idOf[row] = id
    counts[id]++
  }

  const ends: number[] = []
  let total = 0
  const starts = counts.map((count) => {
    const start = total
    total += count
    ends.push(start)
    return start
  })
  for (let row = 0; row < idOf.length; row++) every[ends[idOf[row]]++] = row
  return new Map([...ids].map(([name, group]) => [name, every.subarray(starts[group], ends[group])]))
}

function* sortedSeries(table: Table, at: Float64Array, groups: Groups, basis: PriceBasis): Generator<BarSeries> {
  const [open, high, low, close, volume] = PRICES.map((name) => table.number(name))
  const whole = { symbol: '', basis, at, open, high, low, close, volume }
  for (const [symbol, rows] of groups) yield { ...sorted(takeBars(whole, rows)), symbol }
}

/** The bars in order of time; bars of the same time keep theirs. */
function sorted(series: BarSeries): BarSeries {
  const { at } = series
  let ascending = true
  for (let row = 1; ascending && row < at.length; row++) ascending = at[row - 1] <= at[row]
  if (ascending) return series
  const order = Uint32Array.from({ length: at.length }, (_, row) => row).sort((a, b) => at[a] - at[b] || a - b)
  return takeBars(series, order)
}

/** In the columns 0 (and for splits 1) means that nothing happened, and so does an empty cell. */
function* actionsOf(table: Table, at: Float64Array, groups: Groups, source: string): Generator<CorporateAction> {
  for (const [name, type] of [
    ['dividend', 'dividend'],
    ['split', 'split'],
  ] as const) {
    if (!table.has(name)) continue
    const values = table.number(name)
    for (const [symbol, rows] of groups) {
      for (const row of rows) {
        const value = values[row]
        if (value < 0) throw new InputError(`${table.where(row)}, column "${name}": ${value} is negative`)
        if (!(value > 0) || (type === 'split' && value === 1)) continue
        yield { symbol, exDate: msToSession(at[row]), type, value, source }
      }
    }
  }
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
