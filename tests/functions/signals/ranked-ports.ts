import applyFilters from '../../../functions/universe/apply-filters/handler.ts'
import rankStocks from '../../../functions/universe/rank-stocks/handler.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { DATED, referencePorts } from '../universe/reference-ports.ts'

/** What opens the scoring of the reference market. */
export const OPENED = { ...DATED, universe: RUN }

/** Ports on the reference market after its stocks were ranked. */
export async function rankedPorts(mandate: Readonly<Record<string, unknown>> = {}): Promise<AllPorts> {
  const ports = await referencePorts(mandate)
  const [applied] = await call(applyFilters, { ...DATED, listed: 14, excluded: 1, observed: 1 }, ports)
  await call(rankStocks, applied.data, ports)
  return ports
}
