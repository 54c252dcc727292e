import type { Command } from 'commander'
import { INDICATORS } from '../../../shared/domain/indicators/catalogue.ts'
import type { Indicator } from '../../../shared/domain/indicators/indicator.ts'
import { type AskedIndicator, parseIndicators } from '../../../shared/domain/indicators/parse-indicators.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { type PriceFile, readPriceFile, timezoneFlag } from './calc-price-file.ts'
import { type Cell, type Io, printTable } from './output.ts'

const NEW_YORK = 'America/New_York'

const HELP = `
FILE     date,open,high,low,close,volume of one instrument; ascending, unique dates or timestamps (ISO 8601; one that does
         not say its zone is in --timezone). May be gzipped or -, an empty cell is a missing number.

Prints date, then the columns of --set in its order, named as typed: rsi_14, macd_12_26_9, macd_signal_12_26_9,
macd_hist_12_26_9, bbands_upper_20_2. Parameters are all typed or none (then those shown here, and the name stays bare):
${INDICATORS.map(helpLine).join('\n')}

Conventions are TA-Lib's: exponential and Wilder averages are seeded with a plain mean, deviations are the population's
(hv: the sample's, of log returns), and without any movement rsi, mfi, cci, willr and adx are 0. A column is empty until
enough bars are there. A bar that lacks a number empties what reads it: while it is in the window, or from there on for
the indicators marked * (vwap: to the end of the session).

Example:
  edgefund calc indicators bars.csv --set sma:20,rsi:14,bbands:20:2,vwap`

interface IndicatorFlags {
  readonly set: string
  readonly stream?: boolean
  readonly timezone: string
}

/** Adds `calc indicators FILE`: technical indicators of one instrument's bars. */
export function registerCalcIndicators(calc: Command, io: () => Io): void {
  calc
    .command('indicators')
    .summary('technical indicators of bars')
    .description("Computes technical indicators of one instrument's bars, by TA-Lib's conventions.")
    .argument('<FILE>', 'CSV of bars, or -')
    .requiredOption('--set <LIST>', 'which, with their parameters: sma:20,macd:12:26:9,obv')
    .option('--stream', 'bar by bar, as on a live stream: the same numbers')
    .option('--timezone <Z>', 'whose dates are the sessions of vwap', NEW_YORK)
    .addHelpText('after', HELP)
    .action(async (file: string, flags: IndicatorFlags) => {
      const asked = setFlag(flags.set)
      const prices = await readPriceFile(file, timezoneFlag(flags.timezone))
      const columns = ['date', ...asked.flatMap((one) => one.columns)]
      printTable(io(), columns, flags.stream ? streamedRows(prices, asked) : batchRows(prices, asked))
    })
}

function* batchRows({ rows, date, bars }: PriceFile, asked: readonly AskedIndicator[]): Generator<Cell[]> {
  const outputs = asked.flatMap(({ indicator, parameters }) => indicator.compute(bars, parameters))
  for (let row = 0; row < rows; row++) yield [date(row), ...outputs.map((output) => output[row])]
}

function* streamedRows({ rows, date, bars }: PriceFile, asked: readonly AskedIndicator[]): Generator<Cell[]> {
  const folds = asked.map(({ indicator, parameters }) => indicator.fold(parameters))
  for (let row = 0; row < rows; row++) {
    const bar = {
      session: bars.session[row],
      high: bars.high[row],
      low: bars.low[row],
      close: bars.close[row],
      volume: bars.volume[row],
    }
    yield [date(row), ...folds.flatMap((fold) => fold.push(bar))]
  }
}

function setFlag(text: string): AskedIndicator[] {
  try {
    return parseIndicators(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new InputError(`--set ${text}: ${error.message}`, { cause: error })
  }
}

function helpLine({ name, meaning, parameters, recursive }: Indicator): string {
  const typed = [name, ...parameters.map((parameter) => parameter.default)].join(':')
  const named = parameters.map((parameter) => `${parameter.name} from ${parameter.from}`).join(', ')
  return `  ${typed.padEnd(14)} ${recursive ? '*' : ' '} ${named === '' ? meaning : `${meaning} (${named})`}`
}
