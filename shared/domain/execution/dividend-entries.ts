import type { Dividend, Trade } from '../ledger/entry.ts'
import { tradeValue } from '../ledger/trade-value.ts'
import type { CorporateAction } from '../market/corporate-action.ts'
import type { Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { compare, type Decimal, decimal, divide, floorTo, isZero, multiply, subtract, ZERO } from '../money/decimal.ts'
import { FRACTIONAL_SHARES, toCents } from '../money/scales.ts'
import { onTick } from './execute-at-open.ts'

export interface IncomeRules {
  readonly dividends: 'cash' | 'reinvest'
  /** Share of a dividend that is withheld at its source. */
  readonly withholding: number
  /** Whether a name may be added to in a session: the dividend of one that may not is kept in cash. Every name may, unless told. */
  readonly mayAdd?: (symbol: string, session: Session) => boolean
}

/**
 * The cash of a dividend on so many shares, in cents: gross, and what is left when the withholding (rounded, too) has gone. Undefined when it
 * is under half a cent.
 */
export function dividendEntry(
  { symbol, exDate, source }: CorporateAction,
  session: Session,
  quantity: Decimal,
  perShare: Decimal,
  { withholding }: IncomeRules,
): Dividend | undefined {
  const gross = tradeValue(quantity, perShare)
  if (isZero(gross)) return undefined
  const withheld = toCents(multiply(gross, decimal(withholding)))
  const key = `dividend:${source}:${symbol}:${exDate}`
  return { kind: 'dividend', key, session, symbol, quantity, perShare, gross, withheld, net: subtract(gross, withheld) }
}

/**
 * The net cash of a dividend put into the same stock at the session's close, in millionths of a share and without a fee. Undefined when it
 * does not buy one, or there is no close.
 */
export function reinvestmentEntry(
  { key, session, symbol, net }: Dividend,
  close: number | undefined,
): Trade | undefined {
  if (close === undefined || !(close > 0 && close < Number.POSITIVE_INFINITY)) return undefined
  const price = onTick(decimal(close), 'buy')
  const quantity = floorTo(divide(net, price, 12), FRACTIONAL_SHARES)
  if (compare(quantity, ZERO) <= 0) return undefined
  const at = tradingCalendar('XNYS').closeAt(session)
  const trade = { kind: 'trade', side: 'buy', fee: ZERO, origin: 'reinvestment' } as const
  return { ...trade, key: `reinvestment:${key}`, session, symbol, quantity, price, at }
}
