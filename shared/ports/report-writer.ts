import type { OrderReportContent } from '../domain/portfolio/rebalancing/order-report-content.ts'
import type { OrderReport } from './rebalance-store.ts'

/** Order reports in the forms that people and programs read. Writing one again replaces it with the same bytes. */
export interface OrderReports {
  /** Answers the object keys. */
  write(content: OrderReportContent): Promise<OrderReport['files']>
}
