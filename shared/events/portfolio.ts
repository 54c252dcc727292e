import { z } from 'zod'
import { event } from './event.ts'

const count = z.number().int().nonnegative()
/** Exact decimal amount in the base currency. */
const amount = z.string()

/** `session` is the one that the orders are for; `asOf` the last one that had closed when they were decided. */
const rebalance = z.object({ session: z.iso.date(), asOf: z.iso.date(), source: z.string() })

/** The book, the signals and the prices that the rebalance starts from are there and fresh. */
export const RebalanceOpened = event(
  'portfolio.rebalance.opened',
  rebalance.extend({
    /** The run whose signals are used. */
    signals: z.string(),
    signalsAsOf: z.iso.date(),
    value: amount,
    cash: amount,
    held: count,
  }),
)

/** The rebalance cannot be decided: the reason names what is missing. */
export const RebalanceRefused = event('portfolio.rebalance.refused', rebalance.extend({ reason: z.string() }), {
  final: true,
  fails: ({ reason }) => reason,
})

export const TargetWeightsSet = event(
  'portfolio.weights.set',
  rebalance.extend({
    signals: z.string(),
    method: z.string(),
    names: count,
    /** Share of the value that no cap let be placed, beside the mandate's own cash. */
    unplaced: z.number(),
  }),
)

/** Every trade that was considered has its arithmetic and a verdict. */
export const CostsEstimated = event(
  'portfolio.costs.estimated',
  rebalance.extend({ signals: z.string(), considered: count, suppressed: count }),
)

export const LimitsChecked = event(
  'portfolio.limits.checked',
  rebalance.extend({ signals: z.string(), approved: count, cut: count, refused: count }),
)

/** The orders are proposed; nothing was sent anywhere. */
export const OrderReportWritten = event(
  'portfolio.report.written',
  rebalance.extend({
    orders: count,
    suppressed: count,
    buys: amount,
    sells: amount,
    costs: amount,
    turnover: z.number(),
    html: z.string(),
  }),
)

export const portfolioParams = z.strictObject({
  /** The session that the orders are for. */
  date: z.iso.date().optional(),
  source: z.string().optional(),
})
