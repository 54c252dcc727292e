import { z } from 'zod'
import { matchOrders } from '../../../shared/domain/execution/match-orders.ts'
import type { Flow, Trade } from '../../../shared/domain/ledger/entry.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { newYorkOffsetHours } from '../../../shared/domain/market/new-york-time.ts'
import { type Instant, LAST_DAY, msToSession, type Session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { decimal, toText } from '../../../shared/domain/money/decimal.ts'
import type { BrokerOrder } from '../../../shared/ports/broker.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { House } from '../house.ts'
import { checkSymbols } from './check-symbols.ts'
import { operation } from './operation.ts'
import { type BookAfter, bookSource, recordGiven, rowKeys } from './record-book.ts'

const exact = z.string().regex(/^-?\d+(\.\d+)?$/)

/** A row of a person's file, already read: numbers as exact text, the time as UTC ms. */
const fillRow = z.strictObject({
  place: z.string(),
  symbol: z.string().min(1),
  side: z.enum(['buy', 'sell']),
  quantity: exact,
  price: exact,
  fee: exact,
  at: z.number(),
})
type FillRow = z.infer<typeof fillRow>

export interface ImportedFill {
  readonly session: string
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly price: string
  readonly fee: string
  /** The order of the newest report that it fills; null when it fills none. */
  readonly order: string | null
  /** False: it was recorded before. */
  readonly added: boolean
}

export interface ImportedFills extends BookAfter {
  readonly source: string
  /** Paid in with the first fills of an empty book; null when there was no need. */
  readonly funding: string | null
  readonly fills: readonly ImportedFill[]
}

/** Takes trades that somebody made by hand into the ledger, each once, with the orders of the newest report that they fill. */
export const importFills = operation(
  z.strictObject({ rows: z.array(fillRow), source: z.string().min(1).optional(), dryRun: z.boolean().default(false) }),
  async ({ rows, source: asked, dryRun }, house): Promise<ImportedFills> => {
    const { ledger } = house.parts.ports
    const source = await bookSource(house, asked)
    const recorded = await ledger.entries()
    const known = new Map(recorded.flatMap((entry) => (entry.kind === 'trade' ? [[entry.key, entry] as const] : [])))
    const keys = rowKeys(
      'import',
      rows.map(({ symbol, side, quantity, price, fee, at }) => [symbol, side, quantity, price, fee, String(at)]),
    )
    const read = rows.map((row, i) => known.get(keys[i]) ?? toTrade(row, keys[i], house))
    await checkSymbols(
      house,
      source,
      rows.filter((_, i) => !known.has(keys[i])),
    )
    const trades = matchOrders(read, await pendingOrders(house, source), recorded)
    const funding = recorded.length === 0 ? fundingOf(trades, house) : []
    const given = trades.map((entry, i) => ({ entry, place: rows[i].place }))
    const after = await recordGiven(
      house,
      source,
      [...funding.map((entry) => ({ entry, place: 'initial funding' })), ...given],
      dryRun,
    )
    return {
      ...after,
      recorded: after.recorded - funding.length,
      source,
      funding: funding.length > 0 ? toText(funding[0].amount) : null,
      fills: trades.map((trade) => shown(trade, !known.has(trade.key))),
    }
  },
)

function toTrade({ place, symbol, side, quantity, price, fee, at }: FillRow, key: string, house: House): Trade {
  if (at > house.parts.clock.now()) throw new InputError(`${place}: time ${new Date(at).toISOString()} is to come`)
  const amounts = { quantity: decimal(quantity), price: decimal(price), fee: decimal(fee) }
  const session = sessionOf(symbol, at, place)
  return { kind: 'trade', key, session, symbol, side, ...amounts, origin: 'import', at }
}

/** A coin's day is UTC's; a stock's is New York's, and the exchange must have traded on it. */
function sessionOf(symbol: string, at: number, place: string): Session {
  const { asset, calendar: name } = instrumentOf(symbol)
  const calendar = tradingCalendar(name)
  const offsetMs = asset === 'crypto' ? 0 : newYorkOffsetHours(msToSession(at)) * 3_600_000
  const date = msToSession((at - offsetMs) as Instant)
  if (date < calendar.first || date > calendar.last || !calendar.isSession(date)) {
    throw new InputError(`${place}: ${new Date(at).toISOString()} is on ${date}, which is no session of ${name}`)
  }
  return date
}

/** What the newest report of the source proposes. */
async function pendingOrders({ parts: { ports } }: House, source: string): Promise<BrokerOrder[]> {
  const report = await ports.rebalances.latestReport(source, LAST_DAY)
  if (!report) return []
  const trades = await ports.rebalances.trades(report.run)
  return trades
    .filter(({ verdict }) => verdict === 'order')
    .map(({ id, symbol, side, quantity, session }) => ({ id, symbol, side, quantity, session, source }))
}

/** The mandate's capital comes with the first trades, unless somebody has paid in before. */
function fundingOf(trades: readonly Trade[], { settings }: House): Flow[] {
  const [session] = trades.map((trade) => trade.session).sort()
  if (session === undefined) return []
  const amount = decimal(settings.mandate.capital)
  return [{ kind: 'flow', key: 'initial-funding', session, amount, reason: 'initial funding' }]
}

function shown({ session, symbol, side, quantity, price, fee, order }: Trade, added: boolean): ImportedFill {
  const amounts = { quantity: toText(quantity), price: toText(price), fee: toText(fee) }
  return { session, symbol, side, ...amounts, order: order ?? null, added }
}
