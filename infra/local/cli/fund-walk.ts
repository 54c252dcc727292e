import { dueRebalance, rebalanceSessions } from '../../../shared/domain/market/rebalance-session.ts'
import type { Session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { datedRequest, type FundRequest, type FundWorkflow, sessionsRequest } from './run-request.ts'

/** One run of a walk. */
export interface WalkStep extends FundRequest {
  readonly workflow: FundWorkflow
  /** The rebalance that it belongs to. */
  readonly month: Session
}

/**
 * The runs that take a fund through a range of dates, as its clocks would have opened them: before each rebalance the universe and the
 * signals as of the session before; then the rebalance; then the sessions until the next one, settled and marked in one go each.
 */
export function planWalk(from: Session, to: Session, source: string | undefined): WalkStep[] {
  const calendar = tradingCalendar('XNYS')
  const rebalances = rebalanceSessions(from, to, calendar)
  return rebalances.flatMap((month, i) => {
    const next = rebalances[i + 1]
    const last = next === undefined ? calendar.onOrBefore(to) : calendar.previous(next)
    const step = (workflow: FundWorkflow, request: FundRequest): WalkStep => ({ workflow, month, ...request })
    return [
      step('universe', datedRequest(calendar.previous(month), source)),
      step('portfolio', rebalanceRequest(month, source)),
      step('execution', sessionsRequest(month, last, source)),
      step('monitoring', sessionsRequest(month, last, source)),
    ]
  })
}

/**
 * The runs that a fund's clocks open around one session that has closed, ending with the month's rebalance for the next one, if it is still
 * due.
 */
export function planSession(date: Session, source: string | undefined): WalkStep[] {
  const next = tradingCalendar('XNYS').next(date)
  const step = (workflow: FundWorkflow, request: FundRequest): WalkStep => ({ workflow, month: next, ...request })
  return [
    step('execution', datedRange(date, source)),
    step('monitoring', datedRange(date, source)),
    step('universe', datedRequest(date, source)),
    step('portfolio', rebalanceRequest(next, source)),
  ]
}

/** The month's rebalance as the clock opens it; on the prices of another source it is named for its session and for those. */
function rebalanceRequest(session: Session, source: string | undefined): FundRequest {
  if (source !== undefined) return datedRequest(session, source)
  const { month } = dueRebalance(session, tradingCalendar('XNYS'))
  return { key: month, params: {}, slot: { key: month, from: session, to: session } }
}

/** A single session of a workflow that takes ranges: the clock's own run where nothing else was said. */
function datedRange(date: Session, source: string | undefined): FundRequest {
  return source === undefined ? datedRequest(date, undefined) : sessionsRequest(date, date, source)
}
