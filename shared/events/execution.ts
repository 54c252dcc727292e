import { z } from 'zod'
import { event } from './event.ts'

const count = z.number().int().nonnegative()

/** A broker has taken the orders of a report. `none` takes nothing: somebody trades by hand and imports the fills. */
export const OrdersSubmitted = event(
  'execution.orders.submitted',
  z.object({ session: z.iso.date(), source: z.string(), broker: z.string(), orders: count }),
  { final: true },
)

const range = z.object({ from: z.iso.date(), to: z.iso.date(), source: z.string() })

/** Sessions whose opens, splits and dividends are to be taken into the book. */
export const SettlementOpened = event('execution.settlement.opened', range)

/** What the broker filled in these sessions is stored. */
export const OrdersFilled = event('execution.orders.filled', range.extend({ fills: count, expired: count }))

/** Splits, dividends and trades of the sessions are in the ledger and the positions are those that follow from it. */
export const BookRecorded = event(
  'execution.book.recorded',
  range.extend({ splits: count, dividends: count, trades: count, positions: count, cash: z.string() }),
  { final: true },
)

export const executionParams = z.strictObject({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(), // inclusive
  source: z.string().optional(),
})
