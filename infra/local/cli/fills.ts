import type { Command } from 'commander'
import { readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { instantFromText } from '../../../shared/domain/market/instant-text.ts'
import { isSession } from '../../../shared/domain/market/session.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { OperationInput } from '../operations/index.ts'
import type { Context } from './context.ts'
import { exactCell, placeOf, textCell } from './exact-cells.ts'
import { printJson } from './output.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

const HELP = `
FILE  CSV of symbol,side,quantity,price,fee,time: a trade a row; side buy or sell, fee may be empty, time an instant with its
      zone (2024-03-04T14:31:07Z, 2024-03-04T09:31:07-05:00). A trade counts in the session of its New York date.

The same row is recorded once, however often the file is imported; equal rows of one file are as many trades. Trades that fill
orders of the newest report note which. Nothing is recorded when a row sells more than is held or leaves cash below zero. An
empty book begins with the mandate's capital.

Example:
  edgefund fills import fills.csv --dry-run`

type FillRows = OperationInput<'fills-import'>['rows']

/** Adds `fills import FILE`: trades that somebody made by hand. */
export function registerFills(program: Command, context: Context): void {
  program
    .command('fills')
    .description('Trades that were made by hand.')
    .command('import')
    .summary('take trades from a CSV into the book')
    .description('Records trades of a CSV file in the ledger.')
    .argument('<FILE>', 'CSV of trades, or -')
    .option('--source <S>', "whose prices the book is kept in (default: the book's own, or the settings')")
    .option('--dry-run', 'show what would change')
    .addHelpText('after', HELP)
    .action((file: string, flags: { readonly source?: string; readonly dryRun?: boolean }) =>
      importFile(context, file, flags),
    )
}

async function importFile(context: Context, file: string, flags: { source?: string; dryRun?: boolean }): Promise<void> {
  const rows = await readFills(file)
  const { source, dryRun = false } = flags
  const found = await withState(context, 'fills import', (operations) =>
    operations.call('fills-import', { rows, dryRun, ...(source !== undefined && { source }) }),
  )
  const io = context.io()
  if (io.json) return printJson(io, { dryRun, ...found })
  const lines = found.fills.map((fill) => [
    fill.session,
    fill.symbol,
    fill.side,
    fill.quantity,
    fill.price,
    fill.fee,
    fill.order,
    fill.added ? '' : 'known',
  ])
  const columns = ['session', 'symbol', 'side', 'quantity', 'price', 'fee', 'order', '']
  if (lines.length > 0) io.stdout(textTable(columns, lines))
  if (found.funding !== null) io.stderr(`Paid in, as the mandate's capital: ${found.funding}\n`)
  const verb = dryRun ? 'Would be recorded' : 'Recorded'
  io.stderr(`${verb}: ${found.recorded} of ${lines.length}; cash ${found.cash}, positions ${found.positions}\n`)
}

async function readFills(file: string): Promise<FillRows> {
  const table = await readCsv(file, { required: ['symbol', 'side', 'quantity', 'price', 'fee', 'time'] })
  return Array.from({ length: table.rows }, (_, row) => {
    const place = placeOf(table, row)
    const side = table.text('side')(row)
    if (side !== 'buy' && side !== 'sell') throw new InputError(`${place}: side "${side}", expected buy or sell`)
    return {
      place,
      symbol: textCell(table, 'symbol', row),
      side,
      quantity: exactCell(table, 'quantity', row, 'above-zero'),
      price: exactCell(table, 'price', row, 'above-zero'),
      fee: exactCell(table, 'fee', row, 'from-zero', '0'),
      at: timeCell(textCell(table, 'time', row), place),
    }
  })
}

/** A date alone would be midnight in London, the evening before in New York. */
function timeCell(text: string, place: string): number {
  try {
    if (!isSession(text)) return instantFromText(text)
  } catch (cause) {
    throw new InputError(`${place}: ${(cause as Error).message}`, { cause })
  }
  throw new InputError(
    `${place}: time "${text}" is a date, expected a time of day with its zone, like ${text}T14:30:00Z`,
  )
}
