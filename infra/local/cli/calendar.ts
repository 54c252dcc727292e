import type { Command } from 'commander'
import type { CalendarName } from '../../../shared/domain/market/instrument.ts'
import { type Instant, isSession, type Session } from '../../../shared/domain/market/session.ts'
import { type TradingCalendar, tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { type Cell, type Io, printTable } from './output.ts'

const COLUMNS = ['date', 'open', 'close', 'early_close'] as const

const HELP = `
Prints date,open,close,early_close, a row a session: open and close as UTC instants, early_close true for half days.
XNYS is the New York Stock Exchange, 2000 to 2028; 24/7 has a session every UTC day.

Example:
  edgefund calendar sessions --from 2024-07-01 --to 2024-07-05`

interface SessionsFlags {
  readonly from: string
  readonly to: string
  readonly calendar: string
}

/** Adds `calendar sessions`: when a market opened and closed, and will. */
export function registerCalendar(program: Command, io: () => Io): void {
  const calendar = program.command('calendar').summary('trading sessions of a market').description('Trading calendars.')
  calendar
    .command('sessions')
    .summary('list sessions with their opens and closes')
    .description('Lists the sessions from one date to another, both inclusive.')
    .requiredOption('--from <D>', 'first date')
    .requiredOption('--to <D>', 'last date')
    .option('--calendar <NAME>', 'XNYS or 24/7', 'XNYS')
    .addHelpText('after', HELP)
    .action((flags: SessionsFlags) => {
      const market = tradingCalendar(calendarFlag(flags.calendar))
      const from = dateFlag('--from', flags.from, market)
      const to = dateFlag('--to', flags.to, market)
      if (from > to) throw new InputError(`--from ${from} is after --to ${to}`)
      printTable(io(), COLUMNS, sessionRows(market, from, to))
    })
}

/** Reads the name of a calendar a user gave. */
export function calendarFlag(text: string): CalendarName {
  if (text === 'XNYS' || text === '24/7') return text
  throw new InputError(`--calendar "${text}", expected XNYS or 24/7`)
}

function dateFlag(flag: string, text: string, market: TradingCalendar): Session {
  if (!isSession(text)) throw new InputError(`${flag} "${text}" is not a date (expected YYYY-MM-DD)`)
  if (text < market.first || text > market.last) {
    throw new InputError(
      `${flag} ${text} is outside the calendar ${market.name}, which covers ${market.first} to ${market.last}`,
    )
  }
  return text
}

function* sessionRows(market: TradingCalendar, from: Session, to: Session): Iterable<Cell[]> {
  for (const date of market.sessions(from, to)) {
    yield [date, isoSeconds(market.openAt(date)), isoSeconds(market.closeAt(date)), market.isEarlyClose(date)]
  }
}

/** `2024-01-02T14:30:00Z`: sessions open and close on whole seconds. */
function isoSeconds(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
