import { z } from 'zod'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { addDays, LAST_DAY, msToSession, type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import type { ConsideredTrade } from '../../../shared/domain/portfolio/considered-trade.ts'
import { COMPONENTS, type ComponentScore, type Signal } from '../../../shared/domain/signals/signal.ts'
import type { RankedStock } from '../../../shared/domain/universe/ranked-stock.ts'
import { ScoringOpened } from '../../../shared/events/signals.ts'
import type { Fill } from '../../../shared/ports/broker.ts'
import type { Database } from '../../../shared/ports/database.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { OrderReport, Rebalance, TargetWeight } from '../../../shared/ports/rebalance-store.ts'
import type { BarOrigin } from '../../../shared/ports/run-views.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import type { House } from '../house.ts'
import { operation } from './operation.ts'

/** Everything that led to a trade, or to its not being made: from the order back to the bytes that were fetched. */
export interface OrderExplained {
  readonly kind: 'order'
  readonly trade: ConsideredTrade
  readonly rebalance: Rebalance
  readonly report: OrderReport | null
  readonly target: TargetWeight | null
  readonly signal: Signal | null
  readonly components: Readonly<Record<string, ComponentScore>>
  readonly ranking: { readonly run: string; readonly of: number; readonly stock: RankedStock } | null
  /** The last bars that could be seen, as traded. */
  readonly bars: readonly { readonly session: Session; readonly close: number; readonly volume: number }[]
  /** What the newest of them was read from. */
  readonly payload: BarOrigin | null
  readonly execution: { readonly broker: string; readonly state: string; readonly fills: readonly Fill[] } | null
  /** The run that decided, with the code and the settings it ran on. */
  readonly decided: {
    readonly run: string
    readonly at: string
    readonly codeVersion: string
    readonly configHash: string
  }
}

/** An event and what led to it, the newest first. */
export interface EventExplained {
  readonly kind: 'event'
  readonly chain: readonly {
    readonly event: string
    readonly run: string
    readonly step: string
    readonly subject: string
    readonly said_at: string
    readonly data: Readonly<Record<string, unknown>>
  }[]
}

const BARS_SHOWN = 5
/** So many calendar days hold the last bars, holidays included. */
const DAYS_LOOKED_AT = 21

/** Why: of an order (or a trade that was not made) by its id, or of an event by the beginning of its id. */
export const explain = operation(
  z.strictObject({ id: z.string().min(1) }),
  async ({ id }, house): Promise<OrderExplained | EventExplained> => {
    const { rebalances } = house.parts.ports
    const found = await rebalances.trade(id)
    if (found) return explainTrade(house, found.run, found.trade)
    const [event, ...others] = await eventsLike(house.parts.database, id)
    if (others.length > 0) throw new InputError(`Several events begin with "${id}", such as ${event} and ${others[0]}`)
    if (event !== undefined) return { kind: 'event', chain: await eventChain(house.parts.database, event) }
    const newest = await rebalances.latestReport(sourceOf(house.settings.provider), LAST_DAY)
    const known = newest ? (await rebalances.trades(newest.run)).slice(0, 3).map((trade) => trade.id) : []
    const like = known.length > 0 ? `orders look like ${known.join(', ')}` : 'there is no order report yet'
    throw new InputError(`There is no order and no event "${id}"; ${like}`)
  },
)

async function explainTrade(house: House, run: string, trade: ConsideredTrade): Promise<OrderExplained> {
  const { ports, database } = house.parts
  const { symbol } = trade
  const rebalance = await ports.rebalances.get(run)
  if (!rebalance) throw new InputError(`The rebalance ${run} of ${trade.id} is gone`)
  const [report, targets, signals, order, bars] = await Promise.all([
    ports.rebalances.report(run),
    ports.rebalances.targets(run),
    ports.signals.signals(rebalance.signals),
    ports.orders.order(trade.id),
    lastBars(house, symbol, rebalance),
  ])
  const components: Record<string, ComponentScore> = {}
  for (const component of COMPONENTS) {
    const scores = await ports.signals.scores(rebalance.signals, component)
    const own = scores.find((score) => score.symbol === symbol)
    if (own) components[component] = own
  }
  return {
    kind: 'order',
    trade,
    rebalance,
    report: report ?? null,
    target: targets.find((target) => target.symbol === symbol) ?? null,
    signal: signals.find((signal) => signal.symbol === symbol) ?? null,
    components,
    ranking: await rankingOf(house, rebalance, symbol),
    bars,
    payload: (await ports.runViews.barOrigins(symbol, rebalance.source, rebalance.asOf))[0] ?? null,
    execution: order ?? null,
    decided: await runOf(database, run),
  }
}

async function rankingOf({ parts: { ports } }: House, { source, asOf, signals }: Rebalance, symbol: string) {
  const opened = await ports.runViews.said(signals, ScoringOpened.subject)
  const run = (opened?.universe as string | undefined) ?? (await ports.universe.latest(source, asOf))?.run
  if (run === undefined) return null
  const ranking = await ports.universe.ranking(run)
  const stock = ranking.find((one) => one.symbol === symbol)
  return stock ? { run, of: ranking.length, stock } : null
}

async function lastBars({ parts }: House, symbol: string, { source, asOf }: Rebalance) {
  const { asset } = instrumentOf(symbol)
  const from = sessionToMs(addDays(asOf, -DAYS_LOOKED_AT))
  const to = sessionToMs(addDays(asOf, 1))
  const dataset = { source, asset, interval: '1d' } as const
  const series: readonly BarSeries[] = await parts.ports.barHistory.read({ dataset, symbols: [symbol], from, to })
  const newest = series.at(-1)
  if (!newest) return []
  const bars = Array.from(newest.at, (at, i) => ({
    session: msToSession(at),
    close: newest.close[i],
    volume: newest.volume[i],
  }))
  return bars.slice(-BARS_SHOWN)
}

async function runOf(database: Database, run: string): Promise<OrderExplained['decided']> {
  const [row] = await database.read<{ started: Date; code_version: string; config_hash: string }>(
    'select started, code_version, config_hash from pipeline.runs where run = $1',
    [run],
  )
  return { run, at: row.started.toISOString(), codeVersion: row.code_version, configHash: row.config_hash }
}

/** Up to two events whose ids begin like this, or the one that is called so. */
async function eventsLike(database: Database, id: string): Promise<string[]> {
  const rows = await database.read<{ event: string }>(
    `select event_id as event from pipeline.trail where starts_with(event_id, $1) order by event_id limit 2`,
    [id],
  )
  const events = rows.map(({ event }) => event)
  return events[0] === id ? [id] : events
}

async function eventChain(database: Database, event: string): Promise<EventExplained['chain']> {
  const rows = await database.read<EventExplained['chain'][number] & { said_at: Date | string }>(
    `with recursive back as (
       select t.*, 0 as depth from pipeline.trail t where t.event_id = $1
       union all
       select t.*, back.depth + 1 from pipeline.trail t join back on t.event_id = back.cause)
     select event_id as event, run, step, subject, to_char(said_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as said_at, data
     from back order by depth limit 100`,
    [event],
  )
  return rows
}
