import type { Book } from '../ledger/book.ts'
import type { Dividend, LedgerEntry, Split } from '../ledger/entry.ts'
import { applyEntry } from '../ledger/fold-book.ts'
import type { BarSeries, PriceBasis } from '../market/bar.ts'
import type { CorporateAction } from '../market/corporate-action.ts'
import { laterSplitRatios } from '../market/restate-dividends.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { type Session, sessionToMs } from '../market/session.ts'
import { type Decimal, decimal, isZero, roundTo, ZERO } from '../money/decimal.ts'
import { dividendEntry, type IncomeRules, reinvestmentEntry } from './dividend-entries.ts'

/** What acts on one symbol in one session. */
export interface ActionDay {
  readonly session: Session
  readonly symbol: string
  readonly acting: readonly CorporateAction[]
  /** All of the symbol's, for the share count that restated prices are on. */
  readonly all: readonly CorporateAction[]
  /** As stored; undefined when there are none, and the actions count as paid. */
  readonly bars: BarSeries | undefined
}

/** Decimals of a dividend that is brought to another share count. */
const PER_SHARE_SCALE = 10

/**
 * The splits, dividends and reinvestments of a symbol that was held before the session opens. Raw prices take both. Prices restated for splits
 * take dividends only, on their share count; prices restated for dividends have earned them already. An action whose value is not a positive
 * number is passed over, as it is in adjustment.
 * @param morning the book with the session's flows and openings, and the splits of it that are recorded.
 */
export function actionEntries(
  { session, symbol, acting, all, bars }: ActionDay,
  morning: Book,
  isKnown: (key: string) => boolean,
  income: IncomeRules,
): LedgerEntry[] {
  const basis = bars?.basis ?? 'raw'
  const heldIn = ({ positions }: Book) => positions.get(symbol)?.quantity ?? ZERO
  if (basis === 'adjusted' || isZero(heldIn(morning))) return []
  const valid = acting.filter(({ value }) => value > 0 && value < Number.POSITIVE_INFINITY)
  const splits =
    basis === 'raw'
      ? valid
          .filter(({ type }) => type === 'split')
          .map((action) => splitEntry(action, session))
          .filter(({ key }) => !isKnown(key))
      : []
  const quantity = heldIn(splits.reduce(applyEntry, morning))
  const dividends = valid
    .filter(({ type }) => type === 'dividend')
    .map((action) => dividendEntry(action, session, quantity, cashPerShare(action, all, basis), income))
    .filter((entry): entry is Dividend => entry !== undefined && !isKnown(entry.key))
  const close = closeOn(session, bars)
  const reinvests = income.dividends === 'reinvest' && (income.mayAdd?.(symbol, session) ?? true)
  const reinvested = reinvests ? dividends.map((entry) => reinvestmentEntry(entry, close)) : []
  return [...splits, ...dividends, ...reinvested.filter((entry) => entry !== undefined)]
}

function closeOn(session: Session, bars: BarSeries | undefined): number | undefined {
  const at = sessionToMs(session)
  const row = bars ? rowAtOrAfter(bars.at, at) : 0
  return bars?.at[row] === at ? bars.close[row] : undefined
}

function splitEntry({ symbol, exDate, source, value }: CorporateAction, session: Session): Split {
  return { kind: 'split', key: `split:${source}:${symbol}:${exDate}`, session, symbol, ratio: decimal(value) }
}

function cashPerShare(action: CorporateAction, all: readonly CorporateAction[], basis: PriceBasis): Decimal {
  if (basis === 'raw') return decimal(action.value)
  return roundTo(decimal(action.value / laterSplitRatios(all)(action)), PER_SHARE_SCALE)
}
