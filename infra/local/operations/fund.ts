import { z } from 'zod'
import { LAST_DAY } from '../../../shared/domain/market/session.ts'
import { type Decimal, toFixedText } from '../../../shared/domain/money/decimal.ts'
import { toCents } from '../../../shared/domain/money/scales.ts'
import type { Figure } from '../../../shared/domain/monitoring/snapshot.ts'
import { DailyReportPublished } from '../../../shared/events/monitoring.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import { operation } from './operation.ts'

/** How the fund stands, in what a person reads first. Amounts are rounded to the cent. */
export interface FundSummary {
  readonly source: string
  readonly session: string | null
  readonly value: string | null
  readonly cash: string | null
  readonly positions: number | null
  readonly figures: readonly Figure[]
  readonly openAlerts: readonly { readonly severity: string; readonly message: string }[]
  readonly rebalance: {
    readonly run: string
    readonly session: string
    readonly orders: number
    readonly suppressed: number
    readonly turnover: number
    readonly costs: string
    readonly report: string
    /** The largest order: something to ask about. */
    readonly largest: string | null
  } | null
  /** Key of the newest daily report. */
  readonly daily: string | null
}

const FIGURES = ['cumulative_return', 'annual_return', 'annual_volatility', 'sharpe', 'max_drawdown', 'beta']

/** The fund on the prices of a source (the settings' own when absent). */
export const fundSummary = operation(
  z.strictObject({ source: z.string().optional() }),
  async (asked, { parts: { ports, database }, settings }): Promise<FundSummary> => {
    const source = asked.source ?? sourceOf(settings.provider)
    const [report, snapshot, alerts] = await Promise.all([
      ports.rebalances.latestReport(source, LAST_DAY),
      ports.monitoring.latestSnapshot(source, LAST_DAY),
      ports.monitoring.alerts(source, { open: true, limit: 20 }),
    ])
    const figures = snapshot ? await ports.monitoring.figures(source, snapshot.session) : []
    const trades = report ? await ports.rebalances.trades(report.run) : []
    const orders = trades.filter(({ verdict }) => verdict === 'order')
    const [published] = await database.read<{ html: string }>(
      `select data->>'html' as html from pipeline.trail where subject = $1 and data->>'source' = $2
       order by data->>'to' desc, said_at desc limit 1`,
      [DailyReportPublished.subject, source],
    )
    return {
      source,
      session: snapshot?.session ?? null,
      value: snapshot ? inCents(snapshot.value) : null,
      cash: snapshot ? inCents(snapshot.cash) : null,
      positions: snapshot?.positions ?? null,
      figures: FIGURES.flatMap((name) => figures.filter((figure) => figure.name === name)),
      openAlerts: alerts.map(({ severity, message }) => ({ severity, message })),
      rebalance: report
        ? {
            run: report.run,
            session: report.session,
            orders: report.orders,
            suppressed: report.suppressed,
            turnover: report.turnover,
            costs: inCents(report.costs),
            report: report.files.html,
            largest: orders.find(({ side }) => side === 'buy')?.id ?? orders[0]?.id ?? null,
          }
        : null,
      daily: published?.html ?? null,
    }
  },
)

function inCents(amount: Decimal): string {
  return toFixedText(toCents(amount), 2)
}
