import type { Command } from 'commander'
import { readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { OperationInput } from '../operations/index.ts'
import type { Context } from './context.ts'
import { exactCell, placeOf, textCell } from './exact-cells.ts'
import { printJson, printTable } from './output.ts'
import { dateFlag } from './run-request.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

const HELP = `
FILE  CSV of symbol,quantity,price and, if you like, date: a holding a row, price its average cost of a share. It counts as there
      before the session of its date opens, so the quantity is that of the evening before; without a date, before the next session.

The same row is recorded once, however often the file is imported.`

const LOTS_HELP = `
The columns are symbol,acquired,sold,quantity,cost_price,price; sold and price are empty for what is held. Quantity and prices are
on the share count of the sale, or of the last session; fees are not in the prices.

Example:
  edgefund positions lots > lots.csv`

/** Adds `positions [list]`, `positions lots` and `positions import FILE`: what the fund holds, how it came to it, what it brought along. */
export function registerPositions(program: Command, context: Context): void {
  const positions = program.command('positions').description('What the fund holds.')
  positions
    .command('list', { isDefault: true })
    .summary('the book: holdings, cash')
    .description('Shows what is held, at which cost, and the cash.')
    .option('--date <D>', 'after this session instead of the last entry')
    .action((flags: { readonly date?: string }) => list(context, flags.date))
  positions
    .command('lots')
    .summary('every lot that is held or was sold, for the tax report')
    .description(
      'Writes what was sold, lot by lot, and what is held, first bought first sold, as CSV. Taxes are not computed.',
    )
    .option('--date <D>', 'after this session instead of the last entry')
    .addHelpText('after', LOTS_HELP)
    .action((flags: { readonly date?: string }) => lots(context, flags.date))
  positions
    .command('import')
    .summary('take holdings from a CSV into the book')
    .description('Records holdings that came from elsewhere in the ledger.')
    .argument('<FILE>', 'CSV of holdings, or -')
    .option('--source <S>', "whose prices the book is kept in (default: the book's own, or the settings')")
    .option('--dry-run', 'show what would change')
    .addHelpText('after', HELP)
    .action((file: string, flags: { readonly source?: string; readonly dryRun?: boolean }) =>
      importFile(context, file, flags),
    )
}

async function list(context: Context, text: string | undefined): Promise<void> {
  const date = dateFlag('--date', text)
  const book = await withState(context, 'positions list', (operations) =>
    operations.call('positions-list', { ...(date !== undefined && { date }) }),
  )
  const io = context.io()
  if (io.json) return printJson(io, book)
  if (book.through === null) return io.stderr('The book is empty; "edgefund cash deposit" or a rebalance begins it\n')
  const columns = ['symbol', 'quantity', 'average cost', 'cost', 'realised', 'dividends', 'fees', 'since']
  const rows = book.positions.map((line) => [
    line.symbol,
    line.quantity,
    line.averageCost,
    line.cost,
    line.realised,
    line.dividends,
    line.fees,
    line.opened,
  ])
  if (rows.length > 0) io.stdout(textTable(columns, rows))
  io.stdout(`cash ${book.cash}, paid in ${book.paidIn}, through ${book.through}, prices of ${book.source}\n`)
}

async function lots(context: Context, text: string | undefined): Promise<void> {
  const date = dateFlag('--date', text)
  const lines = await withState(context, 'positions lots', (operations) =>
    operations.call('positions-lots', { ...(date !== undefined && { date }) }),
  )
  const columns = ['symbol', 'acquired', 'sold', 'quantity', 'cost_price', 'price']
  printTable(
    context.io(),
    columns,
    lines.map((lot) => [lot.symbol, lot.acquired, lot.sold, lot.quantity, lot.costPrice, lot.price]),
  )
}

async function importFile(context: Context, file: string, flags: { source?: string; dryRun?: boolean }): Promise<void> {
  const rows = await readOpenings(file)
  const { source, dryRun = false } = flags
  const found = await withState(context, 'positions import', (operations) =>
    operations.call('positions-import', { rows, dryRun, ...(source !== undefined && { source }) }),
  )
  const io = context.io()
  if (io.json) return printJson(io, { dryRun, ...found })
  const verb = dryRun ? 'Would be recorded' : 'Recorded'
  io.stdout(`${verb}: ${found.recorded} of ${rows.length}; cash ${found.cash}, positions ${found.positions}\n`)
}

async function readOpenings(file: string): Promise<OperationInput<'positions-import'>['rows']> {
  const table = await readCsv(file, { required: ['symbol', 'quantity', 'price'], optional: ['date'] })
  return Array.from({ length: table.rows }, (_, row) => {
    const place = placeOf(table, row)
    const date = table.has('date') ? table.text('date')(row) : ''
    if (date !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
      throw new InputError(`${place}: date "${date}", expected YYYY-MM-DD`)
    }
    return {
      place,
      symbol: textCell(table, 'symbol', row),
      quantity: exactCell(table, 'quantity', row, 'above-zero'),
      price: exactCell(table, 'price', row, 'from-zero'),
      ...(date !== '' && { date }),
    }
  })
}
