import type { AlertState, Figure, PositionMark, Snapshot } from './snapshot.ts'

/** What is known of the fund at a session's close, for the report of the day and its tear sheet. */
export interface DailyReport {
  /** Where the prices are from. */
  readonly source: string
  /** The mandate's name. */
  readonly fund: string
  /** ISO 4217. */
  readonly currency: string
  readonly benchmark: string
  /** From the first on, ascending; the last is the session reported on. Never empty. */
  readonly snapshots: readonly Snapshot[]
  /** Of the session, largest value first. */
  readonly marks: readonly PositionMark[]
  readonly figures: readonly Figure[]
  /** At the session: what is new, what has gone, and all that holds. */
  readonly alerts: {
    readonly raised: readonly AlertState[]
    readonly resolved: readonly AlertState[]
    readonly open: readonly AlertState[]
  }
  /** Of the mandate, as fractions. */
  readonly nameCap: number
  readonly sectorCap: number
  readonly incomeTarget: number
}
