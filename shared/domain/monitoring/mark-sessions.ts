import { groupBy } from '../group-by.ts'
import type { Book, Position } from '../ledger/book.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { applyEntry } from '../ledger/fold-book.ts'
import type { BarSeries } from '../market/bar.ts'
import { instrumentOf } from '../market/instrument.ts'
import { type Session, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { multiply } from '../money/decimal.ts'
import { firstEntryOf } from './book-before.ts'
import type { TargetWeights } from './drift.ts'
import { type KnownPrice, lastClose, lastPrice } from './last-price.ts'
import { sessionResult, shareOf } from './session-result.ts'
import type { PositionMark, Snapshot } from './snapshot.ts'
import { marksOf, valueBook } from './value-book.ts'

/** So far back the last close of a name is looked for; one that was marked before keeps the price it had. */
const LOOKBACK_SESSIONS = 21

/** The first session whose bars are needed for marking another. */
export function firstBarsOf(session: Session): Session {
  const calendar = tradingCalendar('XNYS')
  return calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(session)) - LOOKBACK_SESSIONS + 1))
}

export interface MarkInputs {
  /** Both inclusive, sessions of the NYSE. */
  readonly from: Session
  readonly to: Session
  /** All entries up to the last session, in the order of the fold, and the book before the first session that follows from them. */
  readonly entries: readonly LedgerEntry[]
  readonly before: Book
  /** Daily bars as traded by symbol, from `firstBarsOf` the session before the first. */
  readonly bars: ReadonlyMap<string, readonly BarSeries[]>
  readonly benchmark: readonly BarSeries[]
  /** By order report, ascending by session: the weights it aims at. */
  readonly targets: readonly { readonly session: Session; readonly weights: TargetWeights }[]
  /** Marks of the session before the first, where that was marked: what is known of names that bring no bars any more. */
  readonly marksBefore: readonly PositionMark[]
  readonly sectorOf: (symbol: string) => string
}

export interface MarkedSession {
  readonly snapshot: Snapshot
  /** Largest value first, then symbol. */
  readonly marks: readonly PositionMark[]
}

/**
 * The fund at each session's close, one after the other, from the first in which something was recorded on. What is recorded between two
 * sessions counts to the later one. Nothing of a session depends on what came after it, and a range gives what its sessions give alone.
 */
export function* markSessions(inputs: MarkInputs): Generator<MarkedSession> {
  const { entries, bars, targets } = inputs
  const calendar = tradingCalendar('XNYS')
  const splits = groupBy(
    entries.filter((entry) => entry.kind === 'split'),
    ({ symbol }) => symbol,
  )
  let previous = calendar.previous(inputs.from)
  let prices = new Map(inputs.marksBefore.map((mark) => [mark.symbol, priceOfMark(mark)]))
  const pricesAt = (through: Session) => {
    const since = firstBarsOf(through)
    return ({ symbol, lots }: Pick<Position, 'symbol' | 'lots'>) =>
      lastPrice(since, through, bars.get(symbol) ?? [], prices.get(symbol), splits.get(symbol) ?? [], lots)
  }

  let next = firstEntryOf(entries, inputs.from)
  let before = valueBook(inputs.before, pricesAt(previous))
  let report = -1
  for (const session of calendar.sessions(inputs.from, inputs.to)) {
    const first = next
    let { book } = before
    while (next < entries.length && entries[next].session <= session) book = applyEntry(book, entries[next++])
    while (report + 1 < targets.length && targets[report + 1].session <= session) report++

    const after = valueBook(book, pricesAt(session))
    if (book.through !== undefined) {
      const result = sessionResult(before, after, entries.slice(first, next), (opening) => {
        const known = pricesAt(previous)({ symbol: opening.symbol, lots: [] })
        return multiply(opening.quantity, known?.price ?? opening.price)
      })
      const snapshot = {
        session,
        cash: book.cash,
        invested: after.invested,
        ...result,
        benchmarkReturn: benchmarkReturn(inputs.benchmark, previous, session),
        positions: after.held.length,
      }
      yield { snapshot, marks: marksOf(after, snapshot, targets[report]?.weights, inputs.sectorOf) }
    }
    prices = new Map(after.held.map(({ position, known }) => [position.symbol, known]))
    before = after
    previous = session
  }
}

function priceOfMark({ symbol, session, price, priceAge }: PositionMark): KnownPrice {
  const calendar = tradingCalendar(instrumentOf(symbol).calendar)
  const at = calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(session)) - priceAge))
  return { price, at, splitThrough: session }
}

/** Of one session after the other; a return over a gap would be compared with one of a single session. */
function benchmarkReturn(series: readonly BarSeries[], previous: Session, session: Session): number | undefined {
  const [base, close] = [lastClose(series, previous), lastClose(series, session)]
  if (base?.at !== previous || close?.at !== session) return undefined
  return shareOf(close.price, base.price) - 1
}
