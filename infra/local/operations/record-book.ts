import { createHash } from 'node:crypto'
import type { LedgerEntry } from '../../../shared/domain/ledger/entry.ts'
import { findRefusal } from '../../../shared/domain/ledger/find-refusal.ts'
import { foldBook, positionsHeld } from '../../../shared/domain/ledger/fold-book.ts'
import type { Session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { toText } from '../../../shared/domain/money/decimal.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import type { House } from '../house.ts'

/** What a person wants recorded, and where it stands in what they gave. */
export interface GivenEntry {
  readonly entry: LedgerEntry
  readonly place: string
}

export interface BookAfter {
  /** How many of them were not known before. */
  readonly recorded: number
  readonly cash: string
  readonly positions: number
}

/**
 * The source that the book is kept in, or that it is begun in.
 * @throws InputError for another than the book's.
 */
export async function bookSource({ parts, settings }: House, asked: string | undefined): Promise<string> {
  const owner = await parts.ports.ledger.source()
  if (asked !== undefined && owner !== undefined && asked !== owner) {
    throw new InputError(`--source "${asked}": the book is kept in prices of "${owner}"`)
  }
  return asked ?? owner ?? sourceOf(settings.provider)
}

/**
 * Records what a person gives, all of it or nothing; a dry run only looks.
 * @throws InputError naming the place of what cannot be: more sold than is held, or cash below zero.
 */
export async function recordGiven(
  house: House,
  source: string,
  given: readonly GivenEntry[],
  dryRun: boolean,
): Promise<BookAfter> {
  const { ledger } = house.parts.ports
  const before = await ledger.entries()
  const entries = given.map(({ entry }) => entry)
  const refusal = findRefusal(before, entries)
  if (refusal) {
    const place = given.find(({ entry }) => entry.key === refusal.entry.key)?.place ?? refusal.entry.key
    throw new InputError(`${place}: ${refusal.reason}; nothing was recorded`)
  }
  const known = new Set(before.map(({ key }) => key))
  const fresh = [...new Map(entries.filter(({ key }) => !known.has(key)).map((entry) => [entry.key, entry])).values()]
  if (dryRun || fresh.length === 0) {
    const book = foldBook([...before, ...fresh])
    return { recorded: fresh.length, cash: toText(book.cash), positions: positionsHeld(book).length }
  }
  const { recorded, book } = await ledger.record(source, fresh)
  return { recorded, cash: toText(book.cash), positions: positionsHeld(book).length }
}

/** A key of what a row says and of how often it was said before: the same file again has the same keys. */
export function rowKeys(kind: string, rows: readonly (readonly string[])[]): string[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const hash = createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 24)
    const ordinal = (seen.get(hash) ?? 0) + 1
    seen.set(hash, ordinal)
    return `${kind}:${hash}:${ordinal}`
  })
}

/** The session that what is given now counts in: the next one to close, because flows and openings are there before the open. */
export function sessionNow(house: House): Session {
  const calendar = tradingCalendar('XNYS')
  return calendar.next(calendar.lastCompleted(house.parts.clock.now()))
}

/**
 * A person's date as a session.
 * @throws InputError naming the place, for a date without trade or after the coming session.
 */
export function sessionGiven(house: House, date: string, place: string): Session {
  const calendar = tradingCalendar('XNYS')
  const day = date as Session
  const last = sessionNow(house)
  if (day < calendar.first || day > last) {
    throw new InputError(`${place}: date ${date}, expected one from ${calendar.first} to ${last}`)
  }
  if (!calendar.isSession(day)) {
    throw new InputError(
      `${place}: ${date} is no session of ${calendar.name}; the next one is ${calendar.onOrAfter(day)}`,
    )
  }
  return day
}
