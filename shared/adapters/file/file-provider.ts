import path from 'node:path'
import { type BarSeries, type PriceBasis, sliceBars } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import type { Instrument } from '../../domain/market/instrument.ts'
import { rowAtOrAfter } from '../../domain/market/row-at-or-after.ts'
import { DAY_MS, msToSession, type Session, sessionToMs } from '../../domain/market/session.ts'
import type {
  DataProvider,
  EodRequest,
  FetchedActions,
  FetchedBars,
  Fundamentals,
  Missing,
  Provenance,
} from '../../ports/data-provider.ts'
import { readFundamentalsFile, readNewsFile } from './company-files.ts'
import { dataFolder, listDataFiles, modifiedMs } from './data-files.ts'
import { declaredBasis, readDeclaration } from './dataset-declaration.ts'
import { actionsBeside, type FileDataset, readDataset } from './file-dataset.ts'

export interface FileProviderOptions {
  /** A CSV (also gzipped) or Parquet file of bars, or a folder of them. */
  readonly data: string
  /** What the prices are, when `dataset.yaml` beside the data does not say it. */
  readonly basis?: PriceBasis
  /** The name of what is delivered; default the declared one, else `file`. */
  readonly source?: string
  /** A file of corporate actions; default the declared one, the data's own columns, or `corporate-actions.csv` beside it. */
  readonly actions?: string
  /** Which of the sources in that file to take. */
  readonly actionsSource?: string
  /** Whether dividends are cash as paid (default) or restated for later splits. */
  readonly dividends?: 'raw' | 'split-adjusted'
  readonly simulated?: boolean
  /** Hears, once each, what was chosen or left out on the way. */
  readonly notice?: (text: string) => void
}

/** What a dataset of files spans; a backfill without dates takes it. */
export interface FileRange {
  readonly first: Session
  readonly last: Session // inclusive
  readonly symbols: readonly string[]
}

export interface FileProvider extends DataProvider {
  /** Undefined when the files hold no bar. */
  fileRange(): Promise<FileRange | undefined>
}

/**
 * Market data from files. Bars have the columns `symbol,date,open,high,low,close,volume` (`timestamp` instead of `date` for intraday),
 * optionally `dividend,split`; `symbol` may be absent from a file named for it (`AAPL.csv`). Others, such as `adj_close`, are ignored. The
 * price basis is declared, never guessed. Files are read at the first question, kept in columns, and read again when one changed.
 * Duplicates are delivered as they are in the file; an empty cell is NaN.
 * @throws InputError here or at the first question, naming file, line and column of what is wrong: nothing is delivered then.
 */
export async function fileProvider(options: FileProviderOptions): Promise<FileProvider> {
  const { data } = options
  const folder = await dataFolder(data)
  const declared = await readDeclaration(folder)
  const layout = {
    basis: declaredBasis(data, declared.basis, options.basis),
    source: options.source ?? declared.source ?? 'file',
    interval: declared.interval,
    timezone: declared.timezone,
  }
  const origin = {
    folder,
    file: options.actions ?? declared.actions,
    source: options.actionsSource ?? declared.actions_source,
    dividends: options.dividends ?? declared.dividends,
  }
  const others = [origin.file, declared.fundamentals, declared.news]
  const said = new Set<string>()
  const notice = (text: string) => {
    if (!said.has(text)) options.notice?.(text)
    said.add(text)
  }

  let kept: { signature: string; dataset: Promise<FileDataset> } | undefined
  const dataset = async (): Promise<FileDataset> => {
    const files = await listDataFiles(data, others)
    const actionsChanged = await modifiedMs(origin.file ?? actionsBeside(folder))
    const signature = JSON.stringify([files, actionsChanged])
    if (kept?.signature !== signature) kept = { signature, dataset: readDataset(files, layout, origin, notice) }
    return kept.dataset
  }

  const fetchActions = async (request: EodRequest, type: CorporateAction['type']): Promise<FetchedActions> => {
    const { actions, series, hashes, actionsFile } = await dataset()
    const asked = new Set(request.instruments.map(({ symbol }) => symbol))
    const inRange = ({ exDate }: CorporateAction) => request.from <= exDate && exDate <= request.to
    return {
      actions: actions.filter((action) => action.type === type && asked.has(action.symbol) && inRange(action)),
      missing: absent(request.instruments, series, data),
      provenance: actionsFile ? cameFrom(actionsFile, request.instruments) : provenanceOf(request.instruments, hashes),
    }
  }

  return {
    name: layout.source,
    simulated: options.simulated ?? declared.simulated ?? false,

    async fileRange() {
      const { first, last, series } = await dataset()
      return first === undefined || last === undefined ? undefined : { first, last, symbols: [...series.keys()].sort() }
    },

    async fetchEod({ instruments, from, to }) {
      const found = await dataset()
      if (found.interval !== '1d') return nothing(instruments, `${data} holds ${found.interval} bars, no daily ones`)
      return barsBetween(found, instruments, sessionToMs(from), sessionToMs(to) + DAY_MS, data)
    },

    async fetchIntraday({ instruments, interval, from, to }) {
      const found = await dataset()
      if (found.interval !== interval)
        return nothing(instruments, `${data} holds ${found.interval} bars, no ${interval} ones`)
      return barsBetween(found, instruments, from, to, data)
    },

    fetchSplits: (request) => fetchActions(request, 'split'),
    fetchDividends: (request) => fetchActions(request, 'dividend'),

    async fetchFundamentals({ instruments, asOf }) {
      const file = declared.fundamentals
      if (file === undefined) {
        return { fundamentals: [], missing: everyone(instruments, `${data} has no fundamentals`), provenance: [] }
      }
      const latest = new Map<string, Fundamentals>()
      const { rows, sha256 } = await readFundamentalsFile(file)
      for (const row of rows) {
        const known = latest.get(row.symbol)
        if (row.asOf <= asOf && (!known || known.asOf <= row.asOf)) latest.set(row.symbol, row)
      }
      const has = ({ symbol }: Instrument) => latest.has(symbol)
      const without = instruments.filter((instrument) => !has(instrument))
      return {
        fundamentals: instruments.filter(has).map(({ symbol }) => latest.get(symbol)!),
        missing: everyone(without, `${file} has no row as of ${asOf} or before`),
        provenance: cameFrom({ file, sha256 }, instruments.filter(has)),
      }
    },

    async fetchNews({ instruments, from, to }) {
      const file = declared.news
      if (file === undefined)
        return { articles: [], missing: everyone(instruments, `${data} has no news`), provenance: [] }
      const asked = new Set(instruments.map(({ symbol }) => symbol))
      const { rows, sha256 } = await readNewsFile(file, declared.timezone)
      const articles = rows.filter(
        ({ publishedAt, symbols }) =>
          from <= publishedAt && publishedAt < to && symbols.some((symbol) => asked.has(symbol)),
      )
      return { articles, missing: [], provenance: cameFrom({ file, sha256 }, instruments) }
    },
  }
}

function barsBetween(
  { series, hashes }: FileDataset,
  instruments: readonly Instrument[],
  from: number,
  to: number,
  data: string,
): FetchedBars {
  const delivered: BarSeries[] = []
  const missing = absent(instruments, series, data)
  for (const { symbol } of instruments) {
    const whole = series.get(symbol)
    if (!whole) continue
    const start = rowAtOrAfter(whole.at, from)
    const end = rowAtOrAfter(whole.at, to)
    if (start < end) delivered.push(sliceBars(whole, start, end))
    else missing.push({ symbol, reason: `${data} has no bars of ${symbol} in the time asked for; ${spanOf(whole)}` })
  }
  return { series: delivered, missing, provenance: provenanceOf(delivered, hashes) }
}

function spanOf({ at }: BarSeries): string {
  return at.length === 0 ? 'it has none at all' : `it has ${msToSession(at[0])} to ${msToSession(at[at.length - 1])}`
}

function nothing(instruments: readonly Instrument[], reason: string): FetchedBars {
  return { series: [], missing: everyone(instruments, reason), provenance: [] }
}

function everyone(instruments: readonly Instrument[], reason: string): Missing[] {
  return instruments.map(({ symbol }) => ({ symbol, reason }))
}

function absent(instruments: readonly Instrument[], series: ReadonlyMap<string, BarSeries>, data: string): Missing[] {
  return everyone(
    instruments.filter(({ symbol }) => !series.has(symbol)),
    `${data} does not have this symbol`,
  )
}

function provenanceOf(asked: readonly { symbol: string }[], hashes: FileDataset['hashes']): Provenance[] {
  return asked.flatMap(({ symbol }) => (hashes.get(symbol) ?? []).flatMap((file) => cameFrom(file, [{ symbol }])))
}

function cameFrom(
  { file, sha256 }: { file: string; sha256: string },
  asked: readonly { symbol: string }[],
): Provenance[] {
  return asked.map(({ symbol }) => ({ symbol, request: `file ${path.basename(file)}`, sha256 }))
}
