import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { BARS, MANDATE, RATIOS } from '../../shared/domain/universe/reference-market.ts'
import { madeProvider, memoryPorts } from '../ingestion/memory-ports.ts'

export const SOURCE = 'made'
/** What every event of these rooms carries, on the reference market. */
export const DATED = { asOf: '2024-06-07', source: SOURCE }
/** The Sunday after. */
export const NOW = Date.parse('2024-06-09T07:00:00Z')

/** Ports on the reference market: its bars and ratios are stored under the source `made`, its mandate is in force. */
export async function referencePorts(mandate: Readonly<Record<string, unknown>> = {}): Promise<AllPorts> {
  const content = { universe: MANDATE.universe, ...mandate }
  const ports: AllPorts = {
    ...memoryPorts(madeProvider({}).provider, {}, NOW),
    settings: readSettings({ provider: { name: 'simulated', source: SOURCE } }, 'the settings of a test', {
      content,
      file: 'the mandate of a test',
    }),
  }
  await ports.barStore.store({ source: SOURCE, asset: 'equity', interval: '1d' }, [...BARS.values()])
  await ports.fundamentals.put(
    SOURCE,
    [...RATIOS].map(([symbol, ratios]) => ({ symbol, ...present(ratios) })),
  )
  return ports
}

function present<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row
}
