import type { StartingPoint } from '../domain/portfolio/rebalancing/starting-point.ts'
import { PermanentError } from '../ports/errors.ts'
import type { RebalanceStore } from '../ports/rebalance-store.ts'

/** What a run's rebalance started from. @throws PermanentError when the run opened none. */
export async function startedRebalance(rebalances: RebalanceStore, run: string): Promise<StartingPoint> {
  const start = await rebalances.start(run)
  if (!start) throw new PermanentError(`Run ${run} has opened no rebalance`)
  return start
}
