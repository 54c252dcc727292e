import type { Session } from '../market/session.ts'
import type { Alert, AlertState } from './snapshot.ts'

/** What was found at a session: the conditions that held, maybe none. */
export interface Judgement {
  readonly session: Session
  readonly alerts: readonly Alert[]
}

/**
 * Alerts over time, from all judgements in ascending order of their sessions: an alert is raised at the first of consecutive judgements in
 * which its condition holds and resolved at the first in which it does not any more. It tells what was last found while it held. Open
 * ones come first, then those resolved last; among them those raised last, then by name.
 *
 * It is a function of what was found and of nothing else, so a session may be judged again, and in any order.
 */
export function alertStates(judgements: readonly Judgement[]): AlertState[] {
  const open = new Map<string, AlertState>()
  const closed: AlertState[] = []
  for (const { session, alerts } of judgements) {
    const holding = new Set(alerts.map(({ alert }) => alert))
    for (const [alert, state] of open) {
      if (holding.has(alert)) continue
      closed.push({ ...state, resolved: session })
      open.delete(alert)
    }
    for (const alert of alerts) {
      open.set(alert.alert, { ...alert, raised: open.get(alert.alert)?.raised ?? session, resolved: undefined })
    }
  }
  return [...open.values(), ...closed].sort(compareStates)
}

/** As of a judgement: what is new, what has gone, and all that holds. */
export function changesAt(states: readonly AlertState[], session: Session) {
  return {
    raised: states.filter(({ raised }) => raised === session),
    resolved: states.filter(({ resolved }) => resolved === session),
    open: states.filter(({ resolved }) => resolved === undefined),
  }
}

function compareStates(a: AlertState, b: AlertState): number {
  return (
    compareText(b.resolved ?? '9', a.resolved ?? '9') ||
    compareText(b.raised, a.raised) ||
    compareText(a.alert, b.alert)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
