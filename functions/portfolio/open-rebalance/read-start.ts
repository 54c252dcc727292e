import { COST_SESSIONS } from '../../../shared/domain/execution/cost-market.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import type { Session } from '../../../shared/domain/market/session.ts'
import { sectorOf } from '../../../shared/domain/monitoring/sector-of.ts'
import { startRebalance } from '../../../shared/domain/portfolio/rebalancing/start-rebalance.ts'
import { startingBook } from '../../../shared/domain/portfolio/rebalancing/starting-book.ts'
import type { StartingPoint } from '../../../shared/domain/portfolio/rebalancing/starting-point.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'

type Ports = Pick<AllPorts, 'settings' | 'ledger' | 'signals' | 'barHistory' | 'fundamentals' | 'rebalances'>

interface Dated {
  readonly session: Session
  readonly asOf: Session
  readonly source: string
}

/** Reads what the rebalance starts from: nothing later than the last close, but what is paid in or out on the morning of its session. */
export async function readStart(
  ports: Ports,
  { session, asOf, source }: Dated,
  signalsRun: string,
): Promise<StartingPoint> {
  const { settings, ledger, signals, barHistory, fundamentals, rebalances } = ports
  const { universe, capital, costs: model } = settings.mandate
  const last = await rebalances.latestReport(source, asOf)
  const book = startingBook(await ledger.entries(session), { session, asOf, last }, capital)
  const scored = await signals.signals(signalsRun)
  const symbols = [...new Set([...book.held.keys(), ...scored.map(({ symbol }) => symbol)])]

  const query = { source, instruments: symbols.map(instrumentOf), through: asOf, sessions: COST_SESSIONS + 1 }
  const traded = await readDailyBars(barHistory, { ...query, adjusted: 'none' })
  const restated = await readDailyBars(barHistory, { ...query, adjusted: 'total' })
  const ratios = model.impact === 'almgren' ? await fundamentals.read(symbols, source, asOf) : []
  const sharesOutstanding = new Map(ratios.map(({ symbol, sharesOutstanding }) => [symbol, sharesOutstanding ?? NaN]))
  const sectors = sectorOf(universe.listings)
  return startRebalance({ book, symbols, asOf, traded, restated, sectorOf: sectors, model, sharesOutstanding })
}
