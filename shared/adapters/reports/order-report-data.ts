import type { OrderReportContent } from '../../domain/portfolio/rebalancing/order-report-content.ts'

/**
 * The whole report as JSON, for programs: amounts and quantities as exact decimal texts, weights as fractions, null for what is not known.
 */
export function orderReportData(content: OrderReportContent): string {
  const document = { simulated: content.source === 'simulated', ...content }
  return `${JSON.stringify(document, (_, value: unknown) => (value === undefined ? null : value), 2)}\n`
}
