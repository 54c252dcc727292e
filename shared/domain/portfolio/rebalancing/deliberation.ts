import type { Mandate } from '../../mandate/mandate.ts'
import type { Session } from '../../market/session.ts'
import type { Deliberation } from './consider-trade.ts'
import type { ExpectedAlphas } from './expected-alpha.ts'
import { standings } from './standing.ts'
import type { StartingPoint } from './starting-point.ts'

/** What a rebalance's trades are considered under, as the mandate has it on that session. */
export function deliberationOf(
  mandate: Mandate,
  { run, session, point }: { readonly run: string; readonly session: Session; readonly point: StartingPoint },
  alphas: ExpectedAlphas,
): Omit<Deliberation, 'overweight'> {
  const { portfolio, costs, alerts, universe } = mandate
  return {
    run,
    session,
    point,
    alphas,
    rules: portfolio,
    model: costs,
    exitProbability: portfolio.exitProbability,
    minimumEdgeBps: portfolio.minimumEdgeBps,
    maximumPriceAgeSessions: alerts.maximumPriceAgeSessions,
    standing: standings(universe, session),
  }
}
