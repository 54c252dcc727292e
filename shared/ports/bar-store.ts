import type { BarSeries, Dataset } from '../domain/market/bar.ts'
import type { Instant, Session } from '../domain/market/session.ts'

export interface StoredCounts {
  readonly inserted: number
  /** Rows whose numbers differed; the old ones are kept as revisions. */
  readonly replaced: number
  readonly unchanged: number
}

/** A range of time, daily bars by their session's date at 00:00 UTC. */
export interface BarQuery {
  readonly dataset: Dataset
  /** All symbols of the dataset when absent. */
  readonly symbols?: readonly string[]
  readonly from: Instant
  readonly to: Instant // exclusive
}

/** The hot store: recent bars in PostgreSQL, keyed (symbol, interval, time, source). */
export interface BarStore {
  /** Upserts by key. Rows equal in every number are left alone; replaced ones go to the revisions with [known_from, known_to). */
  store(dataset: Dataset, series: readonly BarSeries[]): Promise<StoredCounts>
  /** The current rows, symbols in order, each ascending. */
  read(query: BarQuery): Promise<BarSeries[]>
  /** The rows as they were known at an instant: a first version counts as known from its own close, a replacement from when it was stored. */
  readKnownAt(query: BarQuery, knownAt: Instant): Promise<BarSeries[]>
  /** Rows before this instant may have been retired to the cold store. Undefined: nothing was ever retired. */
  retiredBefore(dataset: Dataset): Promise<Instant | undefined>
  /** Every dataset that has rows. */
  datasets(): Promise<Dataset[]>
  /** Time of the oldest row; undefined when there is none. */
  oldest(dataset: Dataset): Promise<Instant | undefined>
  /** Deletes the rows before the instant and remembers it. The caller has checked that the cold store holds them. */
  retire(dataset: Dataset, before: Instant): Promise<number>
}

/** A Parquet file of one session (UTC day for intraday and crypto) of one dataset. */
export interface Partition {
  readonly key: string
  readonly session: Session
  readonly sha256: string
  readonly bytes: number
  readonly rows: number
}

/** The cold store: Hive-partitioned Parquet, one file a day and dataset. */
export interface BarArchive {
  /**
   * Merges the bars into their day partitions by (symbol, time), newest wins, and answers each partition's new state. Rows are in fixed
   * order (symbol, time) and the bytes depend on nothing but the rows. Throws `UnavailableError` when another writer changed a partition
   * meanwhile. The caller commits the answer to the object catalogue, which is what readers trust.
   */
  merge(dataset: Dataset, series: readonly BarSeries[]): Promise<Partition[]>
  /** Reads bars from the partitions given, verifying each file against its hash. */
  read(query: BarQuery, partitions: readonly Partition[]): Promise<BarSeries[]>
}

/** `pipeline.objects`: the files whose content is committed. */
export interface ObjectCatalogue {
  record(dataset: Dataset, partitions: readonly Partition[]): Promise<void>
  /** Partitions of a dataset with sessions in [from, to], ascending. */
  partitions(dataset: Dataset, from: Session, to: Session): Promise<Partition[]>
  datasets(): Promise<Dataset[]>
}

/** Whether the cold store holds what the hot one is about to let go. */
export interface ColdCheck {
  /** The first difference between hot and cold among the rows before the instant, in words; undefined when cold holds every one. */
  firstDifference(dataset: Dataset, before: Instant): Promise<string | undefined>
}

/** Reads hot and cold as one, raw or adjusted. */
export interface BarHistory {
  read(query: BarHistoryQuery): Promise<BarSeries[]>
}

export interface BarHistoryQuery extends BarQuery {
  /** `none` (default): as stored. `split` or `total` (splits and dividends): restated as of `asOf`. */
  readonly adjusted?: 'none' | 'split' | 'total'
  /** Actions with ex-date <= asOf are applied; default the last session asked for. */
  readonly asOf?: Session
  /** Prices as they were known then. */
  readonly knownAt?: Instant
}
