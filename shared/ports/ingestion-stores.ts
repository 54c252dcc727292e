import type { BadBar, DatasetBars } from '../domain/ingestion/judge-batch.ts'
import type { SymbolQuality } from '../domain/ingestion/judge-window.ts'
import type { Interval } from '../domain/market/bar.ts'
import type { CorporateAction } from '../domain/market/corporate-action.ts'
import type { Verdict } from '../domain/market/quality-verdict.ts'
import type { Session } from '../domain/market/session.ts'
import type { Article, Fundamentals, Missing, Provenance } from './data-provider.ts'

/** What one step hands to the next: too large for an event, kept under a key of the run. */
export type BarBatch = DatasetBars

export interface BarBatches {
  write(
    key: string,
    batch: readonly BarBatch[],
  ): Promise<{ readonly key: string; readonly sha256: string; readonly rows: number }>
  /** Throws `PermanentError` when the object is gone or is not what was written. */
  read(key: string): Promise<BarBatch[]>
}

export interface CorporateActions {
  /** Upserts by (symbol, ex-date, type, source). */
  store(actions: readonly CorporateAction[]): Promise<void>
  /** All of the symbols' actions from the source with ex-date <= through, ascending. */
  read(symbols: readonly string[], source: string, through: Session): Promise<CorporateAction[]>
}

/** A bar that failed a check, kept as it came. */
export type QuarantinedBar = BadBar

export interface Quarantine {
  /** Writes by (run, dataset, symbol, at, ordinal); writing twice is writing once. */
  put(run: string, bars: readonly QuarantinedBar[]): Promise<void>
  list(filter: {
    readonly run?: string
    readonly symbol?: string
    readonly limit?: number
  }): Promise<(QuarantinedBar & { readonly run: string })[]>
}

export interface QualityReport {
  readonly run: string
  readonly from: Session
  readonly to: Session
  readonly interval: Interval
  readonly source: string
  readonly verdict: Verdict
  readonly score: number
  readonly expected: number
  readonly good: number
  readonly stored: number
  readonly archived: number
  readonly reasons: readonly string[]
  readonly symbols: readonly SymbolQuality[]
}

export interface QualityReports {
  put(report: QualityReport): Promise<void>
  get(run: string): Promise<QualityReport | undefined>
  latest(limit: number): Promise<QualityReport[]>
}

export interface FundamentalsStore {
  put(source: string, rows: readonly Fundamentals[]): Promise<void>
  /** Each symbol's latest row with asOf <= the session. */
  read(symbols: readonly string[], source: string, asOf: Session): Promise<Fundamentals[]>
}

export interface NewsStore {
  put(source: string, articles: readonly Article[]): Promise<void>
  read(symbols: readonly string[], source: string, fromMs: number, toMs: number): Promise<Article[]>
}

/** Which raw reply each symbol's numbers came from. */
export interface PayloadLedger {
  record(run: string, provenance: readonly Provenance[], missing: readonly Missing[]): Promise<void>
  read(run: string): Promise<Provenance[]>
}
