import { groupBy } from '../group-by.ts'
import type { Book } from '../ledger/book.ts'
import { compareEntries } from '../ledger/compare-entries.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { applyEntry } from '../ledger/fold-book.ts'
import type { BarSeries } from '../market/bar.ts'
import { bySymbol } from '../market/by-symbol.ts'
import type { CorporateAction } from '../market/corporate-action.ts'
import type { Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import type { Decimal } from '../money/decimal.ts'
import { actionEntries } from './action-entries.ts'
import type { IncomeRules } from './dividend-entries.ts'
import { fillEntry } from './fill-entry.ts'
import type { Fill } from './order.ts'

export interface Settlement {
  readonly from: Session
  readonly to: Session // inclusive
  /** The book of all sessions before `from`. */
  readonly before: Book
  /** What the ledger has of the sessions already. */
  readonly recorded: readonly LedgerEntry[]
  /** Of the sessions. */
  readonly fills: readonly Fill[]
  /** Of the symbols held or filled. Splits after `to` matter only where prices are restated for them. */
  readonly actions: readonly CorporateAction[]
  /** As stored, of the symbols that something acts on, by symbol: their basis says what is in the prices already, and may not be booked again. */
  readonly bars: ReadonlyMap<string, BarSeries>
  readonly income: IncomeRules
  /** Paid in on the morning of the first fill; undefined when the ledger has begun. */
  readonly funding: Decimal | undefined
}

/**
 * What the sessions add to the ledger, in order: splits and dividends on what is held before each session opens, then its trades. Session by
 * session, because what is bought on one earns the next one's dividend. What is recorded already is not added again, so that the same or an
 * overlapping range adds nothing twice. An action on a day without trade acts at the next session's open.
 * @throws RangeError for a fill that sells more than is held.
 */
export function settleBook(settlement: Settlement): { readonly added: LedgerEntry[]; readonly book: Book } {
  const { from, to, before, recorded, actions, bars, income } = settlement
  const known = new Set(recorded.map(({ key }) => key))
  const isKnown = (key: string) => known.has(key)
  const trades = settlement.fills.map(fillEntry).filter(({ key }) => !isKnown(key))
  const added: LedgerEntry[] = [...fundingOf(trades, settlement.funding), ...trades]
  const given = groupBy([...recorded, ...added], ({ session }) => session)
  const acting = groupBy(actionsBetween(actions, from, to), ({ exDate }) => tradingCalendar('XNYS').onOrAfter(exDate))
  const own = bySymbol(actions)

  let book = before
  for (const date of [...new Set([...given.keys(), ...acting.keys()])].sort()) {
    const session = date as Session
    const entries = (given.get(session) ?? []).sort(compareEntries)
    const morning = entries.filter(isMorning).reduce(applyEntry, book)
    const made: LedgerEntry[] = []
    for (const [symbol, some] of bySymbol(acting.get(session) ?? [])) {
      const day = { session, symbol, acting: some, all: own.get(symbol) ?? [], bars: bars.get(symbol) }
      made.push(...actionEntries(day, morning, isKnown, income))
    }
    added.push(...made)
    book = [...entries, ...made].sort(compareEntries).reduce(applyEntry, book)
  }
  return { added: added.sort(compareEntries), book }
}

/** The actions that act in the sessions, both inclusive: those of the days after the session before. */
export function actionsBetween(actions: readonly CorporateAction[], from: Session, to: Session): CorporateAction[] {
  const calendar = tradingCalendar('XNYS')
  const after = from > calendar.first ? calendar.previous(from) : undefined
  return actions.filter(({ exDate }) => (after === undefined ? exDate >= from : exDate > after) && exDate <= to)
}

function fundingOf(trades: readonly LedgerEntry[], funding: Decimal | undefined): LedgerEntry[] {
  const [session] = trades.map((trade) => trade.session).sort()
  if (funding === undefined || session === undefined) return []
  return [{ kind: 'flow', key: 'initial-funding', session, amount: funding, reason: 'initial funding' }]
}

/** What is there before the session's dividends are counted. */
function isMorning({ kind }: LedgerEntry): boolean {
  return kind === 'flow' || kind === 'opening' || kind === 'split'
}
