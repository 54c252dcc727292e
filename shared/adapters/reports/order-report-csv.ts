import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'
import { cellText, TRADE_COLUMNS } from './order-report-columns.ts'

/** A row a considered trade, in the order given, as RFC 4180 has it, with a header; what is not known is empty. */
export function orderReportCsv(trades: readonly ConsideredTrade[]): string {
  const header = TRADE_COLUMNS.map(({ name }) => name)
  const rows = trades.map((trade) => TRADE_COLUMNS.map((column) => quoted(cellText(column, trade))))
  return [header, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}

function quoted(text: string): string {
  // A spreadsheet would run a text that begins like a formula; symbols and sentences never need to.
  const harmless = /^[=+@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
