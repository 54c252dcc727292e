import { resolve } from 'node:path'
import type { Command } from 'commander'
import { INTERVALS } from '../../../shared/domain/market/bar.ts'
import { isSession } from '../../../shared/domain/market/session.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Context } from './context.ts'
import { bytes } from './human.ts'
import { printJson } from './output.ts'
import { choice, dateFlag, symbolsFlag } from './run-request.ts'
import { withState } from './state.ts'

interface ExportFlags {
  readonly out: string
  readonly symbols?: string
  readonly from?: string
  readonly to?: string
  readonly interval?: string
  readonly source?: string
  readonly adjusted?: string
  readonly asOf?: string
  readonly knownAt?: string
}

const ADJUSTMENTS = ['none', 'split', 'total'] as const
const ENDINGS = /\.(csv|csv\.gz|parquet)$/i

const HELP = `
The columns are symbol,date (timestamp, UTC, for intraday bars),open,high,low,close,volume,basis.

Examples:
  edgefund export bars --out bars.csv --symbols AAPL,MSFT --from 2024-01-01
  edgefund export bars --out adjusted.parquet --adjusted total --as-of 2024-06-28
  edgefund export bars --out then.csv.gz --known-at 2024-06-28T21:00:00Z`

/** Adds `export bars`: what is stored, into a file. */
export function registerExport(program: Command, context: Context): void {
  program
    .command('export')
    .description('Writes what is stored into files.')
    .command('bars')
    .summary('bars as CSV or Parquet')
    .description('Writes stored bars, hot and cold as one, raw or adjusted, into a file.')
    .requiredOption('--out <FILE>', 'ends in .csv, .csv.gz or .parquet')
    .option('--symbols <A,B>', 'only these (default: all)')
    .option('--from <D>', 'first date')
    .option('--to <D>', 'last date')
    .option('--interval <I>', '1d, 1h, 5m or 1m (default: 1d)')
    .option('--source <NAME>', 'whose bars, where there are several sources')
    .option('--adjusted <A>', 'none, split or total (splits and dividends)', 'none')
    .option('--as-of <D>', 'last ex-date that adjusts (default: the last date asked for)')
    .option('--known-at <T>', 'prices as they were known at an instant; a date means its end, UTC')
    .addHelpText('after', HELP)
    .action((flags: ExportFlags) => exportBars(context, flags))
}

async function exportBars(context: Context, flags: ExportFlags): Promise<void> {
  if (!ENDINGS.test(flags.out)) {
    throw new InputError(`--out "${flags.out}" ends in none of .csv, .csv.gz and .parquet`)
  }
  const from = dateFlag('--from', flags.from)
  const to = dateFlag('--to', flags.to)
  if (from !== undefined && to !== undefined && from > to) throw new InputError(`--from ${from} is after --to ${to}`)
  const interval = choice('--interval', flags.interval, INTERVALS)
  const adjusted = choice('--adjusted', flags.adjusted, ADJUSTMENTS)
  const asOf = dateFlag('--as-of', flags.asOf)
  if (asOf !== undefined && (adjusted ?? 'none') === 'none') {
    throw new InputError('--as-of says which actions adjust; it goes with --adjusted split or total')
  }
  const { source } = flags
  const input = {
    out: resolve(flags.out),
    ...(flags.symbols !== undefined && { symbols: symbolsFlag(flags.symbols) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(interval && { interval }),
    ...(source !== undefined && { source }),
    ...(adjusted && { adjusted }),
    ...(asOf !== undefined && { asOf }),
    ...(flags.knownAt !== undefined && { knownAt: instantFlag('--known-at', flags.knownAt) }),
  }
  const exported = await withState(context, 'export bars', (operations) => operations.call('export-bars', input))
  const io = context.io()
  if (io.json) printJson(io, exported)
  else {
    const { file, rows, symbols, source: whose, bytes: size } = exported
    io.stdout(`${rows} bars of ${symbols} symbols from ${whose} are in ${file} (${bytes(size)})\n`)
  }
}

/** An instant; a bare date is the end of that UTC day. */
function instantFlag(name: string, text: string): string {
  if (isSession(text)) return `${text}T23:59:59.999Z`
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
  const at = Date.parse(text)
  if (zoned && Number.isFinite(at)) return new Date(at).toISOString()
  throw new InputError(`${name} "${text}" is not an instant (expected 2024-06-28T21:00:00Z, or a date)`)
}
