import type { Session } from '../../domain/market/session.ts'
import type { DailyReports } from '../../ports/daily-reports.ts'
import { PermanentError } from '../../ports/errors.ts'
import type { ObjectStore } from '../../ports/object-store.ts'
import { dailyReportData } from './daily-report-data.ts'
import { dailyReportPage } from './daily-report-page.ts'

/**
 * Daily reports under `reports/daily/<session>/<source>/daily-report.{html,json}`. Both forms depend on nothing but the report, so the same
 * one published again is the same bytes.
 */
export function objectDailyReports(objects: ObjectStore): DailyReports {
  return {
    async publish(report) {
      const last = report.snapshots.at(-1)
      if (!last) throw new PermanentError(`There is no session of "${report.source}" to report on`)
      const keys = keysOf(report.source, last.session)
      const utf8 = new TextEncoder()
      await objects.put(keys.html, utf8.encode(dailyReportPage(report)))
      await objects.put(keys.json, utf8.encode(dailyReportData(report)))
      return keys
    },
    page: async (source, session) => (await objects.get(keysOf(source, session).html))?.body,
  }
}

function keysOf(source: string, session: Session) {
  const folder = `reports/daily/${session}/${source}`
  return { html: `${folder}/daily-report.html`, json: `${folder}/daily-report.json` }
}
