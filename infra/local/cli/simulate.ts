import type { Command } from 'commander'
import { type PlannedFile, writeDataset } from '../../../shared/adapters/simulated/dataset-folder.ts'
import { simulatedProvider } from '../../../shared/adapters/simulated/provider.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import type { CorporateAction } from '../../../shared/domain/market/corporate-action.ts'
import { type Instrument, instrumentOf } from '../../../shared/domain/market/instrument.ts'
import {
  DAY_MS,
  type Instant,
  isSession,
  msToSession,
  type Session,
  sessionToMs,
} from '../../../shared/domain/market/session.ts'
import {
  DEFAULT_SEED,
  FIRST_SESSION,
  isSimulated,
  lastSimulatedDate,
} from '../../../shared/domain/simulation/market.ts'
import {
  BENCHMARK,
  DEFAULT_INSTRUMENTS,
  VOLATILITY_INDEX,
} from '../../../shared/domain/universe/default-instruments.ts'
import type { DataProvider, FetchedBars, PayloadRecorder } from '../../../shared/ports/data-provider.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { type Cell, csvCell, type Io, printTable } from './output.ts'

const WRITTEN_COLUMNS = ['file', 'rows'] as const

/** Two whole years: long enough for every indicator and for a year of rebalancing. */
const DAILY_RANGE = { from: '2023-01-03', to: '2024-12-31' }
/** A month of hours. */
const HOURLY_RANGE = { from: '2024-12-02', to: '2024-12-31' }
/** Ten well-known names, as in the hourly analysis. */
const HOURLY_SYMBOLS = 'AAPL,MSFT,GOOGL,AMZN,NVDA,META,TSLA,JPM,V,JNJ'

const DAILY_HELP = `
Writes into DIR:
  daily.csv              symbol,date,open,high,low,close,adj_close,volume,dividend,split: raw prices, adj_close empty,
                         dividend in cash on its ex-date (else 0), split as new shares per old (else 1)
  corporate-actions.csv  symbol,date,type,value,source
  dataset.yaml           says that prices are raw and that nothing of it is real
The 49 names of the default universe, ^GSPC, ^VIX, four Treasury yields and two coins; ${FIRST_SESSION} to 2028-12-31.
The same seed writes the same bytes, and a shorter range or fewer symbols the same rows. With --bad-ticks a few bars in
ten thousand are spoilt on purpose, for "edgefund calc quality" to find.

Examples:
  edgefund simulate daily --out market
  edgefund simulate daily --out market --seed 7 --from 2020-01-02 --to 2024-12-31 --symbols AAPL,MSFT,^GSPC
  edgefund calc quality market/daily.csv --actions market/corporate-actions.csv
  edgefund run ingestion --provider file --data market --date 2024-12-31`

const HOURLY_HELP = `
Writes into DIR:
  <SYMBOL>.csv           timestamp,close,spx,vix: for "edgefund calc analysis"
  hourly.csv             symbol,timestamp,open,high,low,close,volume of the symbols, ^GSPC and ^VIX: for --data DIR/hourly.csv
  corporate-actions.csv  symbol,date,type,value,source
  dataset.yaml           says that prices are raw, hourly and not real
Bars start at the session's open, 09:30 New York time, and every hour after it; the last one is half an hour long. Timestamps
are the start of the bar in UTC. The hours of a day add up exactly to the day "simulate daily" writes with the same seed.

Examples:
  edgefund simulate hourly --out hours
  edgefund calc analysis hours/AAPL.csv`

interface SimulateFlags {
  readonly out: string
  readonly seed: string
  readonly from: string
  readonly to: string
  readonly symbols?: string
  readonly badTicks?: boolean
  readonly force?: boolean
}

/** What a simulation was asked for, checked. */
interface Simulation {
  readonly provider: DataProvider
  readonly seed: number
  readonly instruments: readonly Instrument[]
  readonly from: Session
  readonly to: Session // inclusive
}

/** A verb answers at once and keeps no raw replies. */
const KEEPS_NOTHING: PayloadRecorder = { payload: (_symbol, _request, fetch) => fetch() }

/** Adds `simulate daily` and `simulate hourly`: files of a market that never was, the same for the same seed. */
export function registerSimulate(program: Command, io: () => Io): void {
  const simulate = program
    .command('simulate')
    .summary('write a simulated market to files')
    .description('Writes data of a simulated market: no network, no account, and the same numbers for the same seed.')

  const verb = (name: string, range: typeof DAILY_RANGE) =>
    simulate
      .command(name)
      .requiredOption('--out <DIR>', 'folder to write, new or empty')
      .option('--seed <N>', 'which market: a whole number', String(DEFAULT_SEED))
      .option('--from <D>', 'first date', range.from)
      .option('--to <D>', 'last date, inclusive', range.to)
      .option('--force', 'write into a folder that is not empty, replacing files of the same names')

  verb('daily', DAILY_RANGE)
    .summary('daily bars, splits and dividends')
    .description('Writes daily bars of stocks, indices, yields and coins with their splits and dividends.')
    .option('--symbols <A,B>', 'only these symbols (default: all)')
    .option('--bad-ticks', 'spoil a few bars, as a sloppy feed does')
    .addHelpText('after', DAILY_HELP)
    .action(async (flags: SimulateFlags) => {
      const simulation = readFlags(flags)
      await write(io(), flags, await planDaily(simulation))
    })

  verb('hourly', HOURLY_RANGE)
    .summary('hourly bars beside index and volatility')
    .description('Writes hourly closes of stocks beside the S&P 500 and the volatility index.')
    .option('--symbols <A,B>', 'stocks', HOURLY_SYMBOLS)
    .addHelpText('after', HOURLY_HELP)
    .action(async (flags: SimulateFlags) => {
      const simulation = readFlags(flags)
      const other = simulation.instruments.find(({ asset }) => asset !== 'equity')
      if (other) throw new InputError(`--symbols: ${other.symbol} is of asset class ${other.asset}, expected stocks`)
      await write(io(), flags, await planHourly(simulation))
    })
}

async function write(io: Io, flags: SimulateFlags, files: readonly PlannedFile[]): Promise<void> {
  const written = await writeDataset(flags.out, files, { force: flags.force ?? false })
  const rows = written.map(({ name, lines }): Cell[] => [name, name.endsWith('.csv') ? lines - 1 : lines])
  printTable(io, WRITTEN_COLUMNS, rows)
  io.stderr(`SIMULATED data of seed ${flags.seed}, ${flags.from} to ${flags.to}, written to ${flags.out}\n`)
}

async function planDaily(simulation: Simulation): Promise<PlannedFile[]> {
  const { provider } = simulation
  const bars = complete(await provider.fetchEod(simulation, KEEPS_NOTHING))
  const actions = await fetchActions(simulation)
  return [
    { name: 'daily.csv', lines: dailyLines(bars, actions) },
    { name: 'corporate-actions.csv', lines: actionLines(actions) },
    { name: 'dataset.yaml', lines: declarationLines(simulation) },
  ]
}

async function planHourly(simulation: Simulation): Promise<PlannedFile[]> {
  const { provider, instruments, from, to } = simulation
  const request = {
    instruments: [...instruments, BENCHMARK, VOLATILITY_INDEX],
    interval: '1h',
    from: sessionToMs(from),
    to: (sessionToMs(to) + DAY_MS) as Instant,
  } as const
  const bars = complete(await provider.fetchIntraday(request, KEEPS_NOTHING))
  const [spx, vix] = bars.slice(-2)
  return [
    ...bars.slice(0, -2).map((own) => ({ name: `${own.symbol}.csv`, lines: analysisLines(own, spx, vix) })),
    { name: 'hourly.csv', lines: hourlyLines(bars) },
    { name: 'corporate-actions.csv', lines: actionLines(await fetchActions(simulation)) },
    { name: 'dataset.yaml', lines: declarationLines(simulation, 'interval: 1h') },
  ]
}

function complete({ series, missing }: FetchedBars): readonly BarSeries[] {
  if (missing.length > 0) throw new InputError(`${missing[0].symbol}: ${missing[0].reason}`)
  return series
}

async function fetchActions(simulation: Simulation): Promise<CorporateAction[]> {
  const { provider } = simulation
  const { actions: splits } = await provider.fetchSplits(simulation, KEEPS_NOTHING)
  const { actions: dividends } = await provider.fetchDividends(simulation, KEEPS_NOTHING)
  const key = ({ symbol, exDate }: CorporateAction) => `${symbol} ${exDate}`
  return [...splits, ...dividends].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function* dailyLines(bars: readonly BarSeries[], actions: readonly CorporateAction[]): Iterable<string> {
  const values = new Map(actions.map(({ symbol, exDate, type, value }) => [`${symbol} ${exDate} ${type}`, value]))
  yield 'symbol,date,open,high,low,close,adj_close,volume,dividend,split'
  for (const { symbol, at, open, high, low, close, volume } of bars) {
    for (let row = 0; row < at.length; row++) {
      const date = msToSession(at[row])
      const dividend = values.get(`${symbol} ${date} dividend`) ?? 0
      const split = values.get(`${symbol} ${date} split`) ?? 1
      yield line([symbol, date, open[row], high[row], low[row], close[row], '', volume[row], dividend, split])
    }
  }
}

function* hourlyLines(bars: readonly BarSeries[]): Iterable<string> {
  yield 'symbol,timestamp,open,high,low,close,volume'
  for (const { symbol, at, open, high, low, close, volume } of bars) {
    for (let row = 0; row < at.length; row++) {
      yield line([symbol, isoSeconds(at[row]), open[row], high[row], low[row], close[row], volume[row]])
    }
  }
}

/** A stock and both indices have the exchange's sessions in common, so their rows are the same hours. */
function* analysisLines(own: BarSeries, spx: BarSeries, vix: BarSeries): Iterable<string> {
  yield 'timestamp,close,spx,vix'
  for (let row = 0; row < own.at.length; row++) {
    yield line([isoSeconds(own.at[row]), own.close[row], spx.close[row], vix.close[row]])
  }
}

function* actionLines(actions: readonly CorporateAction[]): Iterable<string> {
  yield 'symbol,date,type,value,source'
  for (const { symbol, exDate, type, value, source } of actions) yield line([symbol, exDate, type, value, source])
}

function declarationLines({ provider, seed, from, to }: Simulation, ...more: readonly string[]): string[] {
  return [
    '# A market that never was: nothing in this folder is real.',
    `# seed: ${seed}`,
    `# from: ${from}`,
    `# to: ${to}`,
    'basis: raw',
    'simulated: true',
    `source: ${provider.name}`,
    'dividends: raw',
    ...more,
  ]
}

function line(cells: readonly Cell[]): string {
  return cells.map(csvCell).join(',')
}

function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

function readFlags(flags: SimulateFlags): Simulation {
  const seed = seedFlag(flags.seed)
  const from = dateFlag('--from', flags.from)
  const to = dateFlag('--to', flags.to)
  if (from > to) throw new InputError(`--from ${from} is after --to ${to}`)
  const provider = simulatedProvider({ seed, badTicks: flags.badTicks ?? false })
  return { provider, seed, instruments: symbolsFlag(flags.symbols), from, to }
}

function seedFlag(text: string): number {
  const seed = Number(text)
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(seed)) return seed
  throw new InputError(`--seed "${text}" is not a whole number`)
}

function dateFlag(flag: string, text: string): Session {
  if (!isSession(text)) throw new InputError(`${flag} "${text}" is not a date (expected YYYY-MM-DD)`)
  if (text < FIRST_SESSION || text > lastSimulatedDate()) {
    throw new InputError(
      `${flag} ${text} is outside the simulation, which covers ${FIRST_SESSION} to ${lastSimulatedDate()}`,
    )
  }
  return text
}

function symbolsFlag(text: string | undefined): readonly Instrument[] {
  if (text === undefined) return DEFAULT_INSTRUMENTS
  const symbols = [...new Set(text.split(',').map((symbol) => symbol.trim()))]
  const unknown = symbols.find((symbol) => !isSimulated(symbol))
  if (unknown !== undefined) {
    const known = DEFAULT_INSTRUMENTS.map(({ symbol }) => symbol).join(' ')
    throw new InputError(`--symbols: the simulated market does not list "${unknown}", expected some of ${known}`)
  }
  return symbols.map((symbol) => DEFAULT_INSTRUMENTS.find((known) => known.symbol === symbol) ?? instrumentOf(symbol))
}
