import type { DailyReport } from '../domain/monitoring/daily-report.ts'

/** The fund's report of a session, as a page and as data. Publishing again replaces. */
export interface DailyReports {
  /** Answers the object keys. */
  publish(report: DailyReport): Promise<{ readonly html: string; readonly json: string }>
}
