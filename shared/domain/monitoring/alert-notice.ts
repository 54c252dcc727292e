import type { DailyReport } from './daily-report.ts'
import type { AlertState } from './snapshot.ts'

/** A message for a person, as the port `Notifier` takes it. */
interface AlertNotice {
  readonly key: string
  readonly severity: 'critical' | 'warning' | 'info'
  readonly title: string
  readonly text: string
}

/**
 * One message about everything that was raised or resolved at a session, the critical first; none when nothing was. Its key names source and
 * session, so that whoever sends it on can tell a repetition.
 */
export function alertNotice({ source, fund, snapshots, alerts }: DailyReport): AlertNotice | undefined {
  const last = snapshots.at(-1)
  const { raised, resolved, open } = alerts
  if (!last || raised.length + resolved.length === 0) return undefined
  const simulated = source === 'simulated' ? 'SIMULATED: ' : ''
  const counts = [count(raised.length, 'raised'), count(resolved.length, 'resolved')].filter(Boolean).join(', ')
  const lines = [
    ...byWeight(raised).map(({ severity, message }) => `Raised, ${severity}: ${message}`),
    ...byWeight(resolved).map(({ alert, raised: since }) => `Resolved: ${alert}, raised on ${since}`),
    `Open in all: ${open.length}.`,
  ]
  const critical = raised.some(({ severity }) => severity === 'critical')
  return {
    key: `monitoring/${source}/${last.session}/alerts`,
    severity: raised.length === 0 ? 'info' : critical ? 'critical' : 'warning',
    title: `${simulated}${fund}, ${last.session}: ${counts}`,
    text: `${lines.join('\n')}\n`,
  }
}

function count(alerts: number, what: string): string {
  if (alerts === 0) return ''
  return `${alerts} ${alerts === 1 ? 'alert' : 'alerts'} ${what}`
}

function byWeight(states: readonly AlertState[]): AlertState[] {
  return states.toSorted((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0))
}
