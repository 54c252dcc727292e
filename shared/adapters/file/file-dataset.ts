import { access } from 'node:fs/promises'
import path from 'node:path'
import type { BarSeries, Interval, PriceBasis } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { msToSession, type Session } from '../../domain/market/session.ts'
import { undoSplits } from '../../domain/market/undo-splits.ts'
import { readActionsFile } from './actions-file.ts'
import type { DataFile } from './data-files.ts'
import { type BarsLayout, type LoadedBars, loadBars } from './load-bars.ts'
import { type ActionsChoice, reconcileActions } from './reconcile-actions.ts'

/** A dataset of files in our words: prices raw wherever the splits are known, actions under the dataset's source. */
export interface FileDataset {
  readonly interval: Interval
  readonly series: ReadonlyMap<string, BarSeries>
  readonly actions: readonly CorporateAction[]
  readonly hashes: LoadedBars['hashes']
  /** The file the actions came from, when it is not the bars' own. */
  readonly actionsFile?: { readonly file: string; readonly sha256: string }
  /** Undefined when there is not one bar. */
  readonly first: Session | undefined
  readonly last: Session | undefined
}

/** Where the actions are and which to take. */
export interface ActionsOrigin extends ActionsChoice {
  /** A file named by the user or the declaration: it goes before the columns of the data. */
  readonly file?: string
  readonly folder: string
}

/**
 * Reads bars and actions and puts them together. Split-adjusted bars of a symbol the actions know are restated to raw as of the data's
 * last date; a symbol no action mentions stays `split-adjusted`, for its splits are unknown rather than none (unless the data has its own
 * columns of them).
 */
export async function readDataset(
  files: readonly DataFile[],
  layout: BarsLayout,
  origin: ActionsOrigin,
  notice: (text: string) => void,
): Promise<FileDataset> {
  const bars = await loadBars(files, layout)
  const { actions, symbols: known, actionsFile } = await readActions(bars, origin, notice)
  const own = actions
    .map((action) => ({ ...action, source: layout.source }))
    .filter(({ symbol }) => bars.series.has(symbol))

  const ends = [...bars.series.values()].filter(({ at }) => at.length > 0)
  const first =
    ends.length === 0 ? undefined : msToSession(ends.reduce((least, { at }) => Math.min(least, at[0]), Infinity))
  const last =
    ends.length === 0
      ? undefined
      : msToSession(ends.reduce((most, { at }) => Math.max(most, at[at.length - 1]), -Infinity))

  const series = new Map(bars.series)
  if (layout.basis === 'split-adjusted' && last !== undefined) {
    for (const [symbol, bar] of series) if (known.has(symbol)) series.set(symbol, undoSplits(bar, own, last))
    noticeUnknown(
      [...series.keys()].filter((symbol) => !known.has(symbol)),
      layout.basis,
      notice,
    )
  }
  return { interval: bars.interval, series, actions: own, hashes: bars.hashes, actionsFile, first, last }
}

/** The actions, and the symbols whose actions they are meant to be all of. */
interface KnownActions {
  readonly actions: readonly CorporateAction[]
  readonly symbols: { has(symbol: string): boolean }
  readonly actionsFile?: FileDataset['actionsFile']
}

async function readActions(
  bars: LoadedBars,
  origin: ActionsOrigin,
  notice: (text: string) => void,
): Promise<KnownActions> {
  const fromFile = async (file: string) => {
    const { rows: all, sha256 } = await readActionsFile(file)
    const actions = reconcileActions(all, bars.series, origin, file, notice)
    return { actions, symbols: new Set(all.map((action) => action.symbol)), actionsFile: { file, sha256 } }
  }
  if (origin.file !== undefined) {
    if (bars.actions) notice(`The columns "dividend" and "split" are passed over for ${origin.file}`)
    return fromFile(origin.file)
  }
  if (bars.actions) {
    const choice = { dividends: origin.dividends }
    const name = 'The columns "dividend" and "split"'
    return { actions: reconcileActions(bars.actions, bars.series, choice, name, notice), symbols: bars.series }
  }
  const beside = actionsBeside(origin.folder)
  if (!(await exists(beside))) return { actions: [], symbols: new Set() }
  notice(`Splits and dividends are taken from ${beside}`)
  return fromFile(beside)
}

/** The file of actions that is found without being named. */
export function actionsBeside(folder: string): string {
  return path.join(folder, 'corporate-actions.csv')
}

function noticeUnknown(symbols: readonly string[], basis: PriceBasis, notice: (text: string) => void): void {
  if (symbols.length === 0) return
  const some = symbols.slice(0, 5).join(', ')
  const names = symbols.length > 5 ? `${some} and ${symbols.length - 5} more` : some
  notice(`No splits or dividends are known of ${names}: their prices stay ${basis}`)
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
