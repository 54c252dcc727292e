import type { Session } from '../domain/market/session.ts'
import type { DailyReport } from '../domain/monitoring/daily-report.ts'

/** The fund's report of a session, as a page and as data. Publishing again replaces. */
export interface DailyReports {
  /** Answers the object keys. */
  publish(report: DailyReport): Promise<{ readonly html: string; readonly json: string }>
  /** The page of a session as it was published; undefined when there is none. */
  page(source: string, session: Session): Promise<Uint8Array | undefined>
}
