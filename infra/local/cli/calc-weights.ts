import type { Command } from 'commander'
import { readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import type { Caps } from '../../../shared/domain/portfolio/construction/caps.ts'
import {
  COVARIANCE_METHODS,
  type TargetWeights,
  targetWeights,
} from '../../../shared/domain/portfolio/construction/target-weights.ts'
import {
  COVARIANCE_ESTIMATORS,
  type CovarianceEstimator,
  estimateCovariance,
} from '../../../shared/domain/portfolio/covariance/estimate-covariance.ts'
import { flatAssets } from '../../../shared/domain/portfolio/covariance/flat-assets.ts'
import { type Matrix, matrixOf, scaled } from '../../../shared/domain/portfolio/covariance/matrix.ts'
import { simpleReturns } from '../../../shared/domain/portfolio/covariance/simple-returns.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { checkAscendingDates } from './ascending-dates.ts'
import { type Io, printJson, printTable } from './output.ts'

const METHODS = ['equal', ...COVARIANCE_METHODS] as const
type Method = (typeof METHODS)[number]

const LEAST_ROWS = 3

const HELP = `
FILE     date and a column of prices for each symbol (adjusted for splits and dividends), dates ascending without repeats. A row
         that lacks a price is left out; weights come from the simple returns between the rows that remain
FILE2    symbol,sector: one sector for each symbol of FILE
Either may be gzipped or -

Methods, all without short positions:
  equal                the same for each
  inverse-volatility   in proportion to 1 / deviation
  min-variance         the least variance there is within the caps, solved exactly
  risk-parity          each contributes the same to the portfolio's variance
  hrp                  hierarchical risk parity: single linkage over √((1-ρ)/2), then halves weighted by inverse variance
Covariances (they scale with --periods, weights do not):
  sample               over n - 1
  ledoit-wolf          shrunk towards equal variances without correlation, over n, as scikit-learn
  exponential          weights falling with a span of 180 rows, plain means taken off, as PyPortfolioOpt

Caps are fractions of the fund. But for min-variance, what is above one is clipped and spread over the rest in proportion, until
every cap is kept. What cannot be placed is cash, and said on stderr.

Prints symbol,weight; with --json {"weights","cash","observations","covariance","residuals"}: observations counts returns, the
covariance is per year, and residuals are what is left of what should be zero: sum (|weights + cash - 1|), kkt (min-variance:
distance from the minimum) and risk_parity (contributions' largest relative difference from their mean, before caps).

Example, the calmest portfolio with no more than 10 % a name and 30 % a sector:
  edgefund calc weights prices.csv --method min-variance --covariance ledoit-wolf --max-weight 0.1 --sectors sectors.csv \\
    --max-sector 0.3`

interface WeightFlags {
  readonly method: string
  readonly covariance: string
  readonly periods: string
  readonly maxWeight?: string
  readonly sectors?: string
  readonly maxSector?: string
}

/** Adds `calc weights FILE`: a portfolio from prices. */
export function registerCalcWeights(calc: Command, io: () => Io): void {
  calc
    .command('weights')
    .summary('portfolio weights from prices')
    .description('Computes the weights of a portfolio from prices, by a method and within caps.')
    .argument('<FILE>', 'CSV of prices, a column a symbol, or -')
    .requiredOption('--method <NAME>', METHODS.join(', '))
    .option('--covariance <NAME>', COVARIANCE_ESTIMATORS.join(', '), 'sample')
    .option('--periods <N>', 'rows a year, for the covariance that --json prints', '252')
    .option('--max-weight <X>', 'the most of one symbol, a fraction')
    .option('--sectors <FILE2>', 'CSV of the sector of each symbol')
    .option('--max-sector <X>', 'the most of one sector, a fraction')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: WeightFlags) => {
      const method = choice('--method', flags.method, METHODS)
      const estimator = choice('--covariance', flags.covariance, COVARIANCE_ESTIMATORS)
      const periods = positiveFlag('--periods', flags.periods)
      const maxWeight = capFlag('--max-weight', flags.maxWeight)
      const maxSector = capFlag('--max-sector', flags.maxSector)
      if ((flags.sectors === undefined) !== (maxSector === undefined)) {
        throw new InputError('Expected --sectors and --max-sector together, found one of them')
      }
      if (file === '-' && flags.sectors === '-') {
        throw new InputError('Only one of FILE and --sectors can be - (standard input)')
      }

      const { symbols, prices, dropped, name } = await readPrices(file)
      const sectors = flags.sectors === undefined ? undefined : await readSectors(flags.sectors, symbols)
      const covariance = covarianceOf(prices, estimator, name)
      const target = build(method, symbols, covariance, { maxWeight, maxSector, sectors }, name)
      const out = io()
      if (dropped > 0) out.stderr(`Left out ${dropped} of ${prices.rows + dropped} rows, which lack a price\n`)
      for (const note of target.notes) out.stderr(`${note}\n`)
      print(out, symbols, target, prices.rows - 1, scaled(covariance, periods))
    })
}

/** Prices may be so far apart that their returns are no numbers any more. */
function covarianceOf(prices: Matrix, estimator: CovarianceEstimator, file: string): Matrix {
  try {
    return estimateCovariance(simpleReturns(prices), estimator)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new InputError(`${file}: its prices have no covariance. ${cause.message}`, { cause })
  }
}

function build(
  method: Method,
  symbols: readonly string[],
  covariance: Matrix,
  caps: Caps,
  file: string,
): TargetWeights {
  if (method === 'equal') return targetWeights({ method, symbols, caps })
  const flat = method === 'min-variance' ? [] : flatAssets(covariance).map((i) => symbols[i])
  if (flat.length > 0) {
    throw new InputError(
      `${file}: the price of ${flat.join(', ')} does not move, which --method ${method} cannot weigh`,
    )
  }
  try {
    return targetWeights({ method, symbols, covariance, caps })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new InputError(`${file}: --method ${method} has no answer. ${cause.message}`, { cause })
  }
}

function print(io: Io, symbols: readonly string[], target: TargetWeights, observations: number, yearly: Matrix): void {
  const { weights, cash, residuals } = target
  if (!io.json) {
    printTable(
      io,
      ['symbol', 'weight'],
      symbols.map((symbol, i) => [symbol, weights[i]]),
    )
    return
  }
  const n = symbols.length
  const matrix = symbols.map((_, i) => [...yearly.values.subarray(i * n, (i + 1) * n)])
  const { sum, kkt, riskParity } = residuals
  printJson(io, {
    weights: symbols.map((symbol, i) => ({ symbol, weight: weights[i] })),
    cash,
    observations,
    covariance: { symbols, matrix },
    residuals: { sum, kkt, risk_parity: riskParity },
  })
}

interface PriceFile {
  /** How messages call the file. */
  readonly name: string
  readonly symbols: readonly string[]
  /** The rows that have every price × symbols. */
  readonly prices: Matrix
  readonly dropped: number
}

async function readPrices(file: string): Promise<PriceFile> {
  const table = await readCsv(file, { required: ['date'], all: true })
  const symbols = table.header.filter((name) => name !== 'date')
  if (symbols.length === 0)
    throw new InputError(`${table.file} has no column beside date, expected one for each symbol`)
  if (symbols.includes('')) throw new InputError(`${table.file}, line 1: a column has no name, expected a symbol`)
  checkAscendingDates(table)
  const columns = symbols.map((symbol) => table.number(symbol))
  const complete: number[] = []
  for (let row = 0; row < table.rows; row++) {
    for (const [i, column] of columns.entries()) {
      if (!(column[row] <= 0)) continue
      throw new InputError(
        `${table.file} line ${table.line(row)}: price ${column[row]} of ${symbols[i]}, expected a positive number`,
      )
    }
    if (columns.every((column) => !Number.isNaN(column[row]))) complete.push(row)
  }
  const dropped = table.rows - complete.length
  if (complete.length < LEAST_ROWS) {
    const lacking = dropped > 0 ? ` (${dropped} lack one)` : ''
    throw new InputError(
      `${table.file} has ${complete.length} rows with a price of every symbol${lacking}, expected at least ${LEAST_ROWS}`,
    )
  }
  const values = Float64Array.from(complete.flatMap((row) => columns.map((column) => column[row])))
  return { name: table.file, symbols, prices: matrixOf(complete.length, symbols.length, values), dropped }
}

/** The sector of each symbol, in the order of the symbols. */
async function readSectors(file: string, symbols: readonly string[]): Promise<string[]> {
  const table = await readCsv(file, { required: ['symbol', 'sector'] })
  const [symbol, sector] = [table.text('symbol'), table.text('sector')]
  const known = new Map<string, string>()
  for (let row = 0; row < table.rows; row++) {
    const place = `${table.file} line ${table.line(row)}`
    if (symbol(row) === '' || sector(row) === '') throw new InputError(`${place}: expected a symbol and a sector`)
    if (known.has(symbol(row))) throw new InputError(`${place}: ${symbol(row)} is there twice, expected one sector`)
    known.set(symbol(row), sector(row))
  }
  const without = symbols.filter((name) => !known.has(name))
  if (without.length > 0) throw new InputError(`${table.file} has no sector for ${without.join(', ')}`)
  return symbols.map((name) => known.get(name)!)
}

function choice<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const found = choices.find((name) => name === text)
  if (found === undefined) throw new InputError(`${flag} "${text}", expected one of: ${choices.join(', ')}`)
  return found
}

function capFlag(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const cap = positiveFlag(flag, text)
  if (cap > 1) throw new InputError(`${flag} "${text}", expected a fraction of the fund, above 0 and at most 1`)
  return cap
}

function positiveFlag(flag: string, text: string): number {
  const decimal = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
  if (decimal && Number(text) > 0 && Number.isFinite(Number(text))) return Number(text)
  throw new InputError(`${flag} "${text}", expected a number above 0`)
}
