import type { Command } from 'commander'
import { type CsvTable, readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { type PerformanceSummary, performanceSummary } from '../../../shared/domain/performance/performance-summary.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { checkAscendingDates } from './ascending-dates.ts'
import { type Io, printJson, printTable } from './output.ts'

/** The figures by the name they are printed under, in the order of the contract. */
const FIGURES: readonly (readonly [string, keyof PerformanceSummary])[] = [
  ['n', 'n'],
  ['cumulative_return', 'cumulativeReturn'],
  ['annual_return', 'annualReturn'],
  ['annual_volatility', 'annualVolatility'],
  ['sharpe', 'sharpe'],
  ['sortino', 'sortino'],
  ['max_drawdown', 'maxDrawdown'],
  ['calmar', 'calmar'],
  ['omega', 'omega'],
  ['tail_ratio', 'tailRatio'],
  ['var_95', 'var95'],
  ['cvar_95', 'cvar95'],
  ['win_rate', 'winRate'],
  ['alpha', 'alpha'],
  ['beta', 'beta'],
  ['tracking_error', 'trackingError'],
  ['information_ratio', 'informationRatio'],
]

const DEFAULT_COLUMN = 'returns'

const HELP = `
FILE     returns[,date][,…]: a row a period, 0.01 is one percent, an empty cell a missing return. Without a column "returns",
         the only other one beside date (and --benchmark) is taken. Dates, if there, ascend without repeats. May be gzipped or -

Prints one row, with --json one object; what is not defined is empty (null). In empyrical's conventions:
  n                                returns that are there
  cumulative_return annual_return  compounded; a missing return counts as 0, and as time passed
  annual_volatility                sample deviation x √periods
  sharpe                           (mean - risk-free) / deviation x √periods; empty when the deviation is below 1e-12
  sortino                          (mean - mar) x periods / downside risk over all returns; empty without downside
  max_drawdown calmar              deepest fall from a peak, <= 0; annual return over its size
  omega                            gains / losses, around 0; empty without losses
  tail_ratio                       |95th percentile| / |5th percentile|
  var_95 cvar_95                   5th percentile of returns (linear), mean of the ⌊(n-1)·0.05⌋+1 smallest; losses are negative
  win_rate                         periods above 0 / periods not 0
  alpha beta tracking_error information_ratio   against --benchmark, over rows that have both; all but beta annualised,
                                                alpha compounded

--periods: 252 for daily returns, 52 weekly, 12 monthly, 365 for daily crypto. --risk-free and --mar are per period: 4 % a year
on daily returns is about 0.00016. No figure is held back for few returns: below 20 they say little.

Example, a fund against its index, from monthly returns:
  edgefund calc metrics fund.csv --periods 12 --column fund --benchmark index --risk-free 0.003 --json`

interface MetricsFlags {
  readonly periods: string
  readonly column?: string
  readonly benchmark?: string
  readonly riskFree: string
  readonly mar: string
}

/** Adds `calc metrics FILE`: performance and risk of a series of returns, in one row. */
export function registerCalcMetrics(calc: Command, io: () => Io): void {
  calc
    .command('metrics')
    .summary('performance and risk of a series of returns')
    .description('Computes performance and risk figures of simple periodic returns.')
    .argument('<FILE>', 'CSV of returns, or -')
    .requiredOption('--periods <N>', 'periods a year')
    .option('--column <NAME>', 'the column of returns')
    .option('--benchmark <NAME>', "a column of the benchmark's returns")
    .option('--risk-free <R>', 'risk-free return per period, in sharpe and alpha', '0')
    .option('--mar <R>', 'minimum acceptable return per period, in sortino', '0')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: MetricsFlags) => {
      const periodsPerYear = numberFlag('--periods', flags.periods)
      if (periodsPerYear <= 0) throw new InputError(`--periods "${flags.periods}", expected a positive number`)
      const riskFree = numberFlag('--risk-free', flags.riskFree)
      const minimumAcceptable = numberFlag('--mar', flags.mar)

      const { column, benchmark } = flags
      const named = [column, benchmark].filter((name) => name !== undefined)
      const table = await readCsv(file, { required: named, all: true })
      checkAscendingDates(table)
      const returns = table.number(column ?? returnsColumn(table, benchmark))
      const market = benchmark === undefined ? undefined : table.number(benchmark)
      print(
        io(),
        performanceSummary(returns, { periodsPerYear, riskFree, minimumAcceptable, benchmark: market }),
        table,
      )
    })
}

function print(io: Io, summary: PerformanceSummary, table: CsvTable): void {
  const names = FIGURES.map(([name]) => name)
  const row = FIGURES.map(([, figure]) => summary[figure])
  if (io.json) printJson(io, Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])))
  else printTable(io, names, table.rows === 0 ? [] : [row])
}

/** The column of returns where none is named. */
function returnsColumn(table: CsvTable, benchmark: string | undefined): string {
  if (table.has(DEFAULT_COLUMN)) return DEFAULT_COLUMN
  const others = table.header.filter((name) => name !== 'date' && name !== benchmark)
  if (others.length === 1) return others[0]
  const found = others.length === 0 ? 'no other column' : `the columns ${others.join(', ')}`
  throw new InputError(
    `${table.file} has no column "${DEFAULT_COLUMN}" but ${found}, expected --column with the one of the returns`,
  )
}

function numberFlag(flag: string, text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))) return Number(text)
  throw new InputError(`${flag} "${text}" is not a number`)
}
