import { msToSession } from '../../shared/domain/market/session.ts'
import { COMPONENTS, type Component, type ComponentScore } from '../../shared/domain/signals/signal.ts'
import { ScoringOpened } from '../../shared/events/signals.ts'
import type { Rebalance } from '../../shared/ports/rebalance-store.ts'
import { readDailyBars } from '../../shared/runtime/daily-bars.ts'
import type { Route } from '../../shared/runtime/service.ts'
import { resolveInstrument } from '../../shared/runtime/settings.ts'
import type { ConsolePorts } from './ports.ts'
import { absent, shortened, show } from './show.ts'

const BARS_SHOWN = 5

export const explain: Route<ConsolePorts> = {
  method: 'GET',
  path: '/orders/explain/:id',
  async run(request, ports) {
    const { rebalances, signals, orders, runViews } = ports
    const found = await rebalances.trade(request.params.id)
    const rebalance = found && (await rebalances.get(found.run))
    if (!rebalance)
      return absent(
        ports,
        request,
        `There is no order, and no trade that was not made, "${shortened(request.params.id)}"`,
      )
    const { trade } = found
    const { symbol } = trade
    const [start, targets, scored, components, ranking, bars, origins, execution, decided] = await Promise.all([
      rebalances.start(found.run),
      rebalances.targets(found.run),
      signals.signals(rebalance.signals),
      scoresOf(ports, rebalance.signals, symbol),
      rankingOf(ports, rebalance, symbol),
      lastBars(ports, rebalance, symbol),
      runViews.barOrigins(symbol, rebalance.source, rebalance.asOf),
      orders.order(trade.id),
      runViews.find(found.run),
    ])
    const target = targets.find((one) => one.symbol === symbol)
    const signal = scored.find((one) => one.symbol === symbol)
    const facts = start?.names.find((one) => one.symbol === symbol)
    const view = { trade, rebalance, facts, target, signal, components, ranking, bars, origins, execution, decided }
    return show(ports, request, (pages, frame) => pages.explanation(frame, view))
  },
}

/** What each component found of a stock. */
export async function scoresOf(
  { signals }: Pick<ConsolePorts, 'signals'>,
  run: string,
  symbol: string,
): Promise<Map<Component, ComponentScore>> {
  const scores = await Promise.all(COMPONENTS.map((component) => signals.scores(run, component)))
  const own = scores.map((some) => some.find((score) => score.symbol === symbol))
  return new Map(COMPONENTS.flatMap((component, i) => (own[i] ? [[component, own[i]]] : [])))
}

async function rankingOf({ universe, runViews }: ConsolePorts, { source, asOf, signals }: Rebalance, symbol: string) {
  const opened = await runViews.said(signals, ScoringOpened.subject)
  const run = opened ? ScoringOpened.schema.parse(opened).universe : (await universe.latest(source, asOf))?.run
  if (run === undefined) return undefined
  const ranking = await universe.ranking(run)
  const stock = ranking.find((one) => one.symbol === symbol)
  return stock && { run, of: ranking.length, stock }
}

async function lastBars({ barHistory }: ConsolePorts, { source, asOf }: Rebalance, symbol: string) {
  const query = { source, instruments: [resolveInstrument(symbol)], through: asOf, sessions: BARS_SHOWN } as const
  const series = (await readDailyBars(barHistory, { ...query, adjusted: 'none' })).get(symbol)
  if (!series) return []
  return Array.from(series.at, (at, i) => ({
    session: msToSession(at),
    close: series.close[i],
    volume: series.volume[i],
  }))
}
