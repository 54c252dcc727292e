import type { Lot } from '../ledger/book.ts'
import type { Split } from '../ledger/entry.ts'
import type { BarSeries } from '../market/bar.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { DAY_MS, msToSession, type Session, sessionToMs } from '../market/session.ts'
import { type Decimal, decimal, divide } from '../money/decimal.ts'

/** A price of one share and the session whose close it is. */
export interface KnownPrice {
  readonly price: Decimal
  readonly at: Session
  /** Splits up to here are in it. */
  readonly splitThrough: Session
}

/** Decimals of what a split leaves of an old price. */
const SCALE = 10

/**
 * The newest close up to a session of bars as traded, whatever bases they are in; undefined without one. A symbol whose source changed its
 * basis has several series: of each session the bar that there is.
 */
export function lastClose(series: readonly BarSeries[], through: Session): KnownPrice | undefined {
  const end = sessionToMs(through) + DAY_MS
  let newest = Number.NEGATIVE_INFINITY
  let close = Number.NaN
  for (const bars of series) {
    let row = rowAtOrAfter(bars.at, end) - 1
    while (row >= 0 && Number.isNaN(bars.close[row])) row--
    if (row < 0 || bars.at[row] <= newest) continue
    newest = bars.at[row]
    close = bars.close[row]
  }
  if (Number.isNaN(close)) return undefined
  const at = msToSession(newest)
  return { price: decimal(close), at, splitThrough: at }
}

/**
 * What a share is worth at a session: its own close, else the newer of the last close and the price it had before, else what was last paid
 * for it (splits are in the lots already). A price from before a split is brought to the new share count.
 * @param since closes before it are not looked at: what is older is known only as the price before.
 */
export function lastPrice(
  since: Session,
  through: Session,
  series: readonly BarSeries[],
  before: KnownPrice | undefined,
  splits: readonly Split[],
  lots: readonly Lot[],
): KnownPrice | undefined {
  const newest = lastClose(series, through)
  if (newest?.at === through) return newest
  const close = newest && newest.at >= since ? newest : undefined
  const known = before && !(close && close.at > before.at) ? before : close
  if (known) return broughtTo(through, known, splits)
  const paid = lots.at(-1)
  return paid && { price: paid.price, at: paid.session, splitThrough: through }
}

function broughtTo(through: Session, known: KnownPrice, splits: readonly Split[]): KnownPrice {
  const since = splits.filter(({ session }) => session > known.splitThrough && session <= through)
  const price = since.reduce((price, { ratio }) => divide(price, ratio, SCALE), known.price)
  return { price, at: known.at, splitThrough: through }
}
