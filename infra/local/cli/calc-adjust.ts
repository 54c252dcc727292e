import type { Command } from 'commander'
import { adjustmentFactors, applyFactors } from '../../../shared/domain/market/adjustment.ts'
import { bySymbol } from '../../../shared/domain/market/by-symbol.ts'
import type { CorporateAction } from '../../../shared/domain/market/corporate-action.ts'
import { restateDividendsToRaw } from '../../../shared/domain/market/restate-dividends.ts'
import { isSession, type Session } from '../../../shared/domain/market/session.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { type BarFile, readActionFile, readBarFile, refuseTwoInputs } from './calc-bars.ts'
import { type Cell, type Io, printTable } from './output.ts'

const COLUMNS = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume', 'price_factor', 'volume_factor'] as const

const HELP = `
FILE     symbol,date,open,high,low,close,volume as traded; ascending, unique dates per symbol
FILE2    symbol,date,type,value[,source]: date the ex-date, type split (new shares per old) or dividend (cash per share)
Either may be gzipped or -, an empty cell is a missing number.

Prints the same columns adjusted, in the order of FILE, and what each row was multiplied with: price_factor for open,
high, low and close, volume_factor for volume. Actions that cannot act (a ratio of 0, no close before the ex-date) are
named on stderr. A dividend and a split on one day: the cash is per new share, and taken times the ratio.

Example, closes as they looked to somebody at the end of 2023, from Yahoo's list of dividends:
  edgefund calc adjust bars.csv --actions actions.csv --source yfinance --dividends split-adjusted --as-of 2023-12-29`

interface AdjustFlags {
  readonly actions: string
  readonly asOf?: string
  readonly dividends: string
  readonly source?: string
}

/** Adds `calc adjust FILE`: raw daily bars restated for splits and dividends, as of a date. */
export function registerCalcAdjust(calc: Command, io: () => Io): void {
  calc
    .command('adjust')
    .summary('adjust raw prices and volume for splits and dividends')
    .description('Adjusts raw daily bars for splits and dividends with an ex-date up to --as-of.')
    .argument('<FILE>', 'CSV of raw bars, or -')
    .requiredOption('--actions <FILE2>', 'CSV of splits and dividends')
    .option('--as-of <D>', "the last ex-date that acts (default: the symbol's last row)")
    .option(
      '--dividends <basis>',
      'raw: cash as paid; split-adjusted: on the share count of today, as Yahoo quotes it',
      'raw',
    )
    .option('--source <NAME>', 'which source of FILE2, needed when it holds several')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: AdjustFlags) => {
      const asOf = asOfFlag(flags.asOf)
      if (flags.dividends !== 'raw' && flags.dividends !== 'split-adjusted') {
        throw new InputError(`--dividends "${flags.dividends}", expected raw or split-adjusted`)
      }
      refuseTwoInputs(file, flags.actions)
      const listed = await readActions(flags.actions, flags.source)
      const actions = flags.dividends === 'raw' ? listed : restateDividendsToRaw(listed)
      const bars = await readBarFile(file, { ordered: true, quotes: false })
      const out = io()
      printTable(out, COLUMNS, adjustedRows(bars, actions, asOf, out))
    })
}

async function readActions(file: string, source: string | undefined): Promise<CorporateAction[]> {
  const { table, actions } = await readActionFile(file)
  if (source === undefined) {
    const sources = [...new Set(actions.map((action) => action.source))]
    if (sources.length > 1) {
      throw new InputError(
        `${table.file} holds several sources (${sources.join(', ')}), expected --source with one of them`,
      )
    }
    return actions
  }
  if (!table.has('source'))
    throw new InputError(`${table.file} has no column source, so --source ${source} selects nothing`)
  const chosen = actions.filter((action) => action.source === source)
  if (chosen.length === 0 && actions.length > 0) {
    const sources = [...new Set(actions.map((action) => action.source))]
    throw new InputError(`${table.file} has no source "${source}", expected one of ${sources.join(', ')}`)
  }
  return chosen
}

function asOfFlag(text: string | undefined): Session | undefined {
  if (text === undefined || isSession(text)) return text
  throw new InputError(`--as-of "${text}" is not a date (expected YYYY-MM-DD)`)
}

/** The file's rows in its order, adjusted; names skipped actions on stderr. */
function adjustedRows(bars: BarFile, actions: readonly CorporateAction[], asOf: Session | undefined, io: Io): Cell[][] {
  const { table, symbols } = bars
  const date = table.text('date')
  const rows = new Array<Cell[]>(table.rows)
  const acting = bySymbol(actions)
  for (const { series, fileRows } of symbols) {
    const factors = adjustmentFactors(series, acting.get(series.symbol) ?? [], { asOf, kind: 'total' })
    const { open, high, low, close, volume } = applyFactors(series, factors, 'adjusted')
    const { priceFactor, volumeFactor } = factors
    for (let i = 0; i < fileRows.length; i++) {
      const bar = [open[i], high[i], low[i], close[i], volume[i], priceFactor[i], volumeFactor[i]]
      rows[fileRows[i]] = [series.symbol, date(fileRows[i]), ...bar]
    }
    for (const { action, reason } of factors.skipped) {
      io.stderr(`Skipped ${action.type} of ${action.symbol} on ${action.exDate}: ${reason}\n`)
    }
  }
  return rows
}
