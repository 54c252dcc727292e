import type { ObjectStore } from '../../ports/object-store.ts'
import type { OrderReports } from '../../ports/report-writer.ts'
import { toKeyPart } from '../objects/object-key.ts'
import { orderReportCsv } from './order-report-csv.ts'
import { orderReportData } from './order-report-data.ts'
import { orderReportPage } from './order-report-page.ts'
import { orderReportParquet } from './order-report-parquet.ts'

/**
 * Order reports under `reports/orders/<session>/<run>/order-report.{html,csv,json,parquet}`. The forms depend on nothing but the content, so
 * the same one written again is the same bytes.
 */
export function objectOrderReports(objects: ObjectStore): OrderReports {
  return {
    async write(content) {
      const base = `reports/orders/${content.session}/${toKeyPart(content.run)}/order-report`
      const files = { html: `${base}.html`, csv: `${base}.csv`, json: `${base}.json`, parquet: `${base}.parquet` }
      const utf8 = new TextEncoder()
      await objects.put(files.csv, utf8.encode(orderReportCsv(content.trades)))
      await objects.put(files.json, utf8.encode(orderReportData(content)))
      await objects.put(files.parquet, orderReportParquet(content.trades))
      await objects.put(files.html, utf8.encode(orderReportPage(content)))
      return files
    },
  }
}
