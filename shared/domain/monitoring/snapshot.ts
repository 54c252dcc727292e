import type { Session } from '../market/session.ts'
import type { Decimal } from '../money/decimal.ts'

/** A position at a session's close. */
export interface PositionMark {
  readonly session: Session
  readonly symbol: string
  readonly sector: string
  readonly quantity: Decimal
  readonly averageCost: Decimal
  /** Close as traded; the last known one when the session brought none. */
  readonly price: Decimal
  /** Sessions of the name's own calendar since that close: 0 when it is the session's own. */
  readonly priceAge: number
  readonly value: Decimal
  /** Of the fund's value, cash included; NaN when that is not above zero. */
  readonly weight: number
  /** Of the newest order report up to the session; undefined when the name is in none. */
  readonly targetWeight: number | undefined
  readonly unrealised: Decimal
}

/**
 * The fund at a session's close, and what the session brought. With slippage = costs − fees, exactly:
 * profit = value − previous value − flow = realised + unrealised + income − fees − slippage.
 */
export interface Snapshot {
  readonly session: Session
  readonly value: Decimal
  readonly cash: Decimal
  readonly invested: Decimal
  /** Paid in (or taken out) before the session opened, openings in kind at their price included. */
  readonly flow: Decimal
  /** Net of withholding. */
  readonly income: Decimal
  /** Of the session's sales, before slippage: what half-spread and impact took is in the costs. */
  readonly realised: Decimal
  /** Change of unrealised gains, before the slippage of the session's buys. */
  readonly unrealised: Decimal
  /** Fees of the session's trades. */
  readonly fees: Decimal
  /** Fees, and half-spread and impact (slippage) where the broker knows its reference price. */
  readonly costs: Decimal
  readonly profit: Decimal
  /** Time-weighted return of the session, net of flows and costs; undefined when nothing was invested before it opened. */
  readonly return: number | undefined
  /** Of the benchmark in the same session; undefined when it has no bar. */
  readonly benchmarkReturn: number | undefined
  /** One-way: half of all that was bought and sold in the session over the value; 0 when that is not above zero. */
  readonly turnover: number
  readonly positions: number
}

/** A figure of a report: a number with how it came about, or why there is none. */
export type Figure =
  | {
      readonly name: string
      readonly value: number
      /** Observations. */
      readonly n: number
      /** Undefined for what is not annualised. */
      readonly periodsPerYear: number | undefined
    }
  | { readonly name: string; readonly insufficient: true; readonly n: number; readonly needed: number }

export interface Alert {
  /** Names the condition and what it is about, such as `name-weight:AAPL`. */
  readonly alert: string
  readonly severity: 'critical' | 'warning'
  readonly message: string
  readonly value: number
  readonly threshold: number
}

/** An alert over time: raised once, resolved once. */
export interface AlertState extends Alert {
  readonly raised: Session
  readonly resolved: Session | undefined
}
