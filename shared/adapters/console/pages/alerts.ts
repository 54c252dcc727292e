import type { AlertState } from '../../../domain/monitoring/snapshot.ts'
import type { AlertsView, Frame } from '../../../ports/console-pages.ts'
import { badge } from '../../html/badge.ts'
import type { Html } from '../../html/html.ts'
import { money, percent } from '../../html/numbers.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage } from '../frame.ts'
import { CURRENCY, counted, date, words } from '../words.ts'

/** Thresholds of the mandate that are or were crossed. */
export function alertsPage(assets: Assets, frame: Frame, { alerts }: AlertsView): string {
  const open = alerts.filter(({ resolved }) => resolved === undefined).length
  return drawPage(assets, frame, {
    title: 'Alerts',
    lead:
      open === 0
        ? 'Every threshold of the mandate is kept.'
        : `${open} open. An alert is raised once and resolved once.`,
    body: alertsTable(alerts),
  })
}

export function alertsTable(alerts: readonly AlertState[]): Html {
  return table<AlertState>({
    caption: 'Newest first',
    columns: [
      { header: 'Alert', rowHeader: true, cell: ({ alert }) => alert },
      { header: 'State', cell: stateOf },
      { header: 'What', cell: ({ message }) => words(message) },
      { header: 'Value', align: 'right', cell: ({ alert, value }) => amountOf(alert, value) },
      { header: 'Threshold', align: 'right', cell: ({ alert, threshold }) => amountOf(alert, threshold) },
      { header: 'Raised', cell: ({ raised }) => date(raised) },
      { header: 'Resolved', cell: ({ resolved }) => resolved && date(resolved) },
    ],
    rows: alerts,
    empty: 'There was no alert yet.',
  })
}

/** Alerts that are no share of anything: cash in the base currency, and the age of a price in sessions. */
function amountOf(alert: string, value: number): string {
  if (alert === 'negative-cash') return money(value, CURRENCY)
  if (alert.startsWith('price-age:')) return counted(value, 'session')
  return percent(value, 2)
}

function stateOf({ severity, resolved }: AlertState): Html {
  if (resolved !== undefined) return badge('resolved', 'good')
  return badge(severity, severity === 'critical' ? 'bad' : 'warning')
}
