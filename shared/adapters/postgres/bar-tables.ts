import type { Dataset } from '../../domain/market/bar.ts'
import { DAY_MS, msToSession } from '../../domain/market/session.ts'
import { dateArray, readDates, readTimestamps, timestampArray } from './binary-arrays.ts'

/** How a table keeps the time of its bars. Everything else the tables of bars have in common. */
export interface BarTable {
  /** Without its schema. */
  readonly name: string
  readonly time: 'date' | 'time'
  readonly timeType: 'date' | 'timestamptz'
  /** Whether the table holds several intervals. */
  readonly hasInterval: boolean
  /** The first of the table's times that is at or after an instant. */
  timeParameter(at: number): string
  timeArray(at: ArrayLike<number>): Buffer
  readTimes(bytes: Uint8Array): Float64Array<ArrayBuffer>
}

const DAILY: BarTable = {
  name: 'market_data',
  time: 'date',
  timeType: 'date',
  hasInterval: false,
  timeParameter: (at) => msToSession(clamp(Math.ceil(at / DAY_MS) * DAY_MS)),
  timeArray: dateArray,
  readTimes: readDates,
}

const INTRADAY: BarTable = {
  name: 'intraday_bars',
  time: 'time',
  timeType: 'timestamptz',
  hasInterval: true,
  timeParameter: (at) => new Date(clamp(Math.ceil(at))).toISOString(),
  timeArray: timestampArray,
  readTimes: readTimestamps,
}

/** Revisions of both kinds; a daily bar's time is its session at 00:00 UTC. */
export const REVISIONS: BarTable = { ...INTRADAY, name: 'bar_revisions' }

export function tableOf({ interval }: Dataset): BarTable {
  return interval === '1d' ? DAILY : INTRADAY
}

/** Years 1 to 9999: what both sides write alike. */
function clamp(at: number): number {
  return Math.min(Math.max(at, -62_135_596_800_000), 253_402_214_400_000)
}
