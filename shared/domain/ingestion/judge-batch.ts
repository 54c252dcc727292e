import type { BarSeries, Dataset } from '../market/bar.ts'
import { bySymbol } from '../market/by-symbol.ts'
import type { CorporateAction } from '../market/corporate-action.ts'
import type { Instrument } from '../market/instrument.ts'
import {
  judgeAbsent,
  judgeWindowSeries,
  type RejectedBar,
  type SymbolJudgement,
  type WindowBounds,
} from './judge-window.ts'

export interface DatasetBars {
  readonly dataset: Dataset
  readonly series: readonly BarSeries[]
}

/** A bar on its way to quarantine: its numbers as they came, and why. */
export interface BadBar {
  readonly dataset: Dataset
  readonly symbol: string
  readonly at: number
  readonly ordinal: number
  readonly reasons: readonly string[]
  readonly detail: string
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

export interface JudgedBatch {
  readonly good: readonly DatasetBars[]
  readonly bad: readonly BadBar[]
  readonly judgements: readonly SymbolJudgement[]
}

/** Judges everything that was fetched for a window, and what was asked for but did not come. */
export function judgeBatch(
  fetched: readonly DatasetBars[],
  asked: readonly Instrument[],
  actions: readonly CorporateAction[],
  missing: readonly { readonly symbol: string; readonly reason: string }[],
  bounds: WindowBounds,
): JudgedBatch {
  const instruments = new Map(asked.map((instrument) => [instrument.symbol, instrument]))
  const acting = bySymbol(actions)
  const judgements: SymbolJudgement[] = []
  const bad: BadBar[] = []
  const good = fetched.map(({ dataset, series }) => {
    const kept = series.flatMap((bars) => {
      const instrument = instruments.get(bars.symbol)
      if (!instrument) return []
      instruments.delete(bars.symbol)
      const exDates = acting.get(bars.symbol)?.map(({ exDate }) => exDate) ?? []
      const judged = judgeWindowSeries({ instrument, series: bars }, exDates, bounds)
      judgements.push(judged.judgement)
      for (const rejected of judged.quarantined) bad.push(badBar(dataset, rejected))
      return judged.kept ? [judged.kept] : []
    })
    return { dataset, series: kept }
  })
  for (const [symbol, instrument] of instruments) {
    const reason = missing.find((one) => one.symbol === symbol)?.reason ?? 'no bars came'
    judgements.push(judgeAbsent(instrument, bounds, reason))
  }
  return { good: good.filter(({ series }) => series.length > 0), bad, judgements }
}

/** How many bars offended each rule. */
export function countReasons(bad: readonly BadBar[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { reasons } of bad) for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

function badBar(dataset: Dataset, { series, row, ordinal, reasons, detail }: RejectedBar): BadBar {
  return {
    dataset,
    symbol: series.symbol,
    at: series.at[row],
    ordinal,
    reasons,
    detail,
    open: series.open[row],
    high: series.high[row],
    low: series.low[row],
    close: series.close[row],
    volume: series.volume[row],
  }
}
