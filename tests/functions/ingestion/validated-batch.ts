import { instant, session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { calmBars, type MadeBar, madeSeries, nyseSessions } from '../../shared/domain/ingestion/made-bars.ts'
import { madeProvider, memoryPorts, RUN, windowData } from './memory-ports.ts'

export const EQUITIES = { source: 'made', asset: 'equity', interval: '1d' } as const
export const INDICES = { ...EQUITIES, asset: 'index' } as const
export const SESSIONS = nyseSessions('2024-04-01', '2024-04-16')
export const BARS = calmBars(SESSIONS)
export const ROWS = 3 * SESSIONS.length
export const ALL = { from: instant(0), to: sessionToMs(session('2025-01-01')) }

/** Bars of two companies, the first of them as given, and an index. */
export function batchOf(bars: readonly MadeBar[]) {
  return [
    { dataset: EQUITIES, series: [madeSeries('AAA', bars), madeSeries('BBB', BARS)] },
    { dataset: INDICES, series: [madeSeries('^GSPC', BARS)] },
  ]
}

/** Ports that hold what validate-bars would have left, and the event that it would have said. */
export async function validated(bars = BARS, ports = memoryPorts(madeProvider({}).provider), name = 'validated') {
  const batch = await ports.barBatches.write(`work/${RUN}/w00001/${name}`, batchOf(bars))
  const { window } = windowData([])
  return { ports, data: { window, source: 'made', benchmark: '^GSPC', batch, quality: 'work/q.json' } }
}
/** What both stores' events carry on. */
export const carried = { window: windowData([]).window, source: 'made', benchmark: '^GSPC', quality: 'work/q.json' }
