import type { Command } from 'commander'
import { bySymbol } from '../../../shared/domain/market/by-symbol.ts'
import { instantFromText } from '../../../shared/domain/market/instant-text.ts'
import { type BarQuality, checkBars } from '../../../shared/domain/market/quality.ts'
import { qualityVerdict } from '../../../shared/domain/market/quality-verdict.ts'
import { type Instant, msToSession } from '../../../shared/domain/market/session.ts'
import { type TradingCalendar, tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { readActionFile, readBarFile, refuseTwoInputs } from './calc-bars.ts'
import { calendarFlag } from './calendar.ts'
import { type Cell, type Io, printJson, printTable } from './output.ts'

const COLUMNS = ['symbol', 'date', 'rule', 'severity', 'detail'] as const

const HELP = `
FILE     symbol,date,open,high,low,close,volume[,bid,ask]; any order, duplicates and empty cells are what is looked for
FILE2    symbol,date,type,value: a split or dividend on a day excuses its jump

Prints a row a finding; with --json {"verdict","score","findings"}.
  error    quarantined: missing_value non_positive_price ohlc_inconsistent negative_volume, spread (bid above ask, or
           more than 10 % between them), duplicate (of one date only the first row counts), and jump (more than 30 %
           from the last good close, without an action that day)
  warning  kept: zscore (a return more than 3 deviations from the mean of the up to 60 before, at least 20), gap (a
           session of --calendar without a bar, between two bars), unchanged (the fifth and later sessions in a row
           with the same prices), future (dated after the day of --now) and stale (the last bar is before the last
           session completed at --now; without --calendar every day is one)
Score = good bars / expected bars, expected being each symbol's different dates and its gaps. Verdict over all symbols:
FAIL below 0.90, WARN below 0.99 or with any warning but zscore, else PASS.

Example:
  edgefund calc quality bars.csv --actions actions.csv --calendar XNYS --now 2024-01-10T22:00:00Z --json`

interface QualityFlags {
  readonly actions?: string
  readonly calendar?: string
  readonly now?: string
}

/** Adds `calc quality FILE`: what is wrong with a file of daily bars, and a verdict. */
export function registerCalcQuality(calc: Command, io: () => Io): void {
  calc
    .command('quality')
    .summary('check daily bars and give a verdict')
    .description('Checks daily bars, names every finding and gives a score and a verdict (the exit code stays 0).')
    .argument('<FILE>', 'CSV of bars, or -')
    .option('--actions <FILE2>', 'CSV of splits and dividends')
    .option('--calendar <NAME>', 'XNYS or 24/7: look for missing sessions')
    .option('--now <T>', 'an instant with its zone, or a date (its 00:00 UTC): look for future and stale bars')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: QualityFlags) => {
      const calendar = flags.calendar === undefined ? undefined : tradingCalendar(calendarFlag(flags.calendar))
      const now = nowFlag(flags.now, calendar)
      refuseTwoInputs(file, flags.actions)
      const listed = flags.actions === undefined ? [] : (await readActionFile(flags.actions)).actions
      const actions = bySymbol(listed)
      const { symbols } = await readBarFile(file, { ordered: false, quotes: true })

      const parts = symbols.map(({ series }) => {
        const exDates = (actions.get(series.symbol) ?? []).map((action) => action.exDate)
        return checkBars(series, { actions: exDates, calendar, now })
      })
      print(io(), parts)
    })
}

function print(io: Io, parts: readonly BarQuality[]): void {
  const rows = parts.flatMap(({ findings }) =>
    findings.map(({ symbol, at, rule, severity, detail }): Cell[] => [symbol, msToSession(at), rule, severity, detail]),
  )
  const { verdict, score } = qualityVerdict(parts)
  if (io.json) {
    const findings = rows.map((row) => Object.fromEntries(COLUMNS.map((name, i) => [name, row[i]])))
    printJson(io, { verdict, score, findings })
    return
  }
  printTable(io, COLUMNS, rows)
  io.stderr(`Verdict ${verdict}, score ${score}, findings ${rows.length}\n`)
}

function nowFlag(text: string | undefined, calendar: TradingCalendar | undefined): Instant | undefined {
  if (text === undefined) return undefined
  try {
    const now = instantFromText(text)
    ;(calendar ?? tradingCalendar('24/7')).lastCompleted(now)
    return now
  } catch (error) {
    throw new InputError(`--now: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
