import { type CsvTable, readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { dateToMs, timeReader } from '../../../shared/adapters/file/bar-time.ts'
import type { IndicatorColumns } from '../../../shared/domain/indicators/indicator.ts'
import { DAY_MS } from '../../../shared/domain/market/session.ts'
import { zoneOffset } from '../../../shared/domain/market/zone-offset.ts'
import { InputError } from '../../../shared/ports/errors.ts'

const PRICE_COLUMNS = ['date', 'open', 'high', 'low', 'close', 'volume'] as const

/** Offsets from UTC have always changed at a full quarter of an hour since there are such clocks everywhere (1972). */
const QUARTER_MS = 900_000

export interface PriceFile {
  readonly rows: number
  /** The date or timestamp as the file has it. */
  date(row: number): string
  /** With the session of each bar: its date, or for a timestamp the date on the clocks of the time zone. */
  readonly bars: IndicatorColumns
}

/**
 * Reads the bars of one instrument: `date,open,high,low,close,volume`, where `date` is a date in every row or a timestamp in every
 * row; one that does not say its zone is in `zone`.
 * @throws InputError for a missing column, a number that is none, and a date that is none or not after the one before.
 */
export async function readPriceFile(file: string, zone: string): Promise<PriceFile> {
  const table = await readCsv(file, { required: PRICE_COLUMNS })
  const date = table.text('date')
  const dated = table.rows === 0 || dateToMs(date(0)) !== undefined
  const at = dated ? readDates(table) : readTimes(table, zone)
  for (let row = 1; row < at.length; row++) {
    if (at[row] > at[row - 1]) continue
    const found = `${date(row)} after ${date(row - 1)}`
    throw new InputError(`${place(table, row)}: ${found}, expected dates ascending and unique`)
  }
  table.number('open') // read by no indicator, yet a cell that is no number is refused like any other
  const bars = {
    session: dated ? at.map((ms) => ms / DAY_MS) : localDays(at, zone),
    high: table.number('high'),
    low: table.number('low'),
    close: table.number('close'),
    volume: table.number('volume'),
  }
  return { rows: table.rows, date, bars }
}

/** Refuses a time zone that is none. */
export function timezoneFlag(zone: string): string {
  try {
    zoneOffset(zone)
    return zone
  } catch (error) {
    throw new InputError(`--timezone "${zone}" is no time zone, expected one such as America/New_York or UTC`, {
      cause: error,
    })
  }
}

function readDates(table: CsvTable): Float64Array {
  const date = table.text('date')
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const ms = dateToMs(date(row))
    if (ms !== undefined) return ms
    throw new InputError(`${place(table, row)}: "${date(row)}" is not a date (expected YYYY-MM-DD as in the first row)`)
  })
}

function readTimes(table: CsvTable, zone: string): Float64Array {
  const date = table.text('date')
  const read = timeReader(zone)
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const time = read(date(row))
    if ('ms' in time) return time.ms
    const dateIn = dateToMs(date(row)) !== undefined
    const problem = dateIn ? 'is a date, expected a timestamp as in the first row' : time.problem
    throw new InputError(`${place(table, row)}: date "${date(row)}" ${problem}`)
  })
}

/** Days since 1970-01-01 on the zone's clocks. */
function localDays(at: Float64Array, zone: string): Float64Array {
  const offsetAt = zoneOffset(zone)
  let quarter = Number.NaN
  let offset = 0
  return at.map((ms) => {
    if (Math.floor(ms / QUARTER_MS) !== quarter) {
      quarter = Math.floor(ms / QUARTER_MS)
      offset = offsetAt(ms)
    }
    return Math.floor((ms + offset) / DAY_MS)
  })
}

function place(table: CsvTable, row: number): string {
  return `${table.file} line ${table.line(row)}`
}
