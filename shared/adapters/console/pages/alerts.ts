import type { AlertState } from '../../../domain/monitoring/snapshot.ts'
import type { AlertsView, Frame } from '../../../ports/console-pages.ts'
import { badge } from '../../html/badge.ts'
import type { Html } from '../../html/html.ts'
import { plain } from '../../html/numbers.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage } from '../frame.ts'
import { words } from '../words.ts'

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
      { header: 'Value', align: 'right', cell: ({ value }) => plain(value, 4) },
      { header: 'Threshold', align: 'right', cell: ({ threshold }) => plain(threshold, 4) },
      { header: 'Raised', cell: ({ raised }) => raised },
      { header: 'Resolved', cell: ({ resolved }) => resolved },
    ],
    rows: alerts,
    empty: 'There was no alert yet.',
  })
}

function stateOf({ severity, resolved }: AlertState): Html {
  if (resolved !== undefined) return badge('resolved', 'good')
  return badge(severity, severity === 'critical' ? 'bad' : 'warning')
}
