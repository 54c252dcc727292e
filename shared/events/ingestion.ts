import { z } from 'zod'
import { event } from './event.ts'
import { providerSpec } from './provider.ts'

const interval = z.enum(['1d', '1h', '5m', '1m'])
const count = z.number().int().nonnegative()

/**
 * A stretch of time of some instruments that travels through the chain as one: small enough to hold in memory, large enough to store
 * fast. Daily: `from` and `to` are sessions, both inclusive. Intraday: instants, `to` exclusive.
 */
const window = z.object({ id: z.string(), interval, from: z.string(), to: z.string() })

/** What every event of a window carries. */
const windowed = z.object({
  window,
  provider: providerSpec,
  symbols: z.array(z.string()),
  /** The symbol whose absence fails the run, when the run asks for it. */
  benchmark: z.string().optional(),
})

const batch = z.object({ key: z.string(), sha256: z.string(), rows: count })

export type WindowData = z.infer<typeof windowed>

/** A run over current sessions has begun; wakes what is fetched once a run rather than once a window. */
export const SessionOpened = event(
  'ingestion.session.opened',
  z.object({ from: z.string(), to: z.string(), provider: providerSpec, symbols: z.array(z.string()) }),
)

export const WindowOpened = event('ingestion.window.opened', windowed)

/** Splits and dividends of the window are stored; prices can be judged now. */
export const ActionsFetched = event('ingestion.actions.fetched', windowed.extend({ actions: count }))

export const BarsFetched = event(
  'ingestion.bars.fetched',
  windowed.extend({
    source: z.string(),
    batch,
    /** Symbols that did not come, with the provider's words for the first twenty. */
    missing: z.array(z.object({ symbol: z.string(), reason: z.string() })).max(20),
    missingCount: count,
  }),
)

/** The good bars of a window, and where the judgement of every symbol is written. */
export const BarsValidated = event(
  'ingestion.bars.validated',
  z.object({ window, source: z.string(), benchmark: z.string().optional(), batch, quality: z.string() }),
)

/** Some bars went to quarantine. */
export const BarsRejected = event(
  'ingestion.bars.rejected',
  z.object({ window, rows: count, reasons: z.record(z.string(), count) }),
  { final: true },
)

const stored = z.object({ window, source: z.string(), benchmark: z.string().optional(), quality: z.string() })

export const BarsStored = event(
  'ingestion.bars.stored',
  stored.extend({ rows: count, inserted: count, replaced: count, unchanged: count }),
)

export const BarsArchived = event('ingestion.bars.archived', stored.extend({ rows: count, partitions: count }))

const judged = z.object({
  score: z.number(),
  expected: count,
  good: count,
  /** Symbols that failed and were left out, at most twenty by name. */
  leftOut: z.array(z.string()),
  leftOutCount: count,
})

/** Both stores hold the run's bars and agree, and there are enough of them. */
export const QualityChecked = event(
  'ingestion.quality.checked',
  judged.extend({ verdict: z.enum(['PASS', 'WARN']), reasons: z.array(z.string()) }),
  {
    final: true,
    shortfall: ({ leftOut, leftOutCount }) =>
      leftOutCount === 0 ? undefined : `${leftOutCount} symbols left out: ${leftOut.join(', ')}`,
  },
)

/** Too few good bars, no benchmark, or two stores that disagree: the chain stops here. */
export const QualityFailed = event('ingestion.quality.failed', judged.extend({ reasons: z.array(z.string()).min(1) }), {
  final: true,
  fails: ({ reasons }) => `Quality FAIL: ${reasons.join('; ')}`,
})

export const FundamentalsFetched = event(
  'ingestion.fundamentals.fetched',
  z.object({ symbols: count, missing: count, reason: z.string().optional() }),
  { final: true, shortfall: ({ reason }) => reason && `fundamentals: ${reason}` },
)

export const NewsFetched = event(
  'ingestion.news.fetched',
  z.object({
    articles: count,
    /** Companies that no source answered for. */
    missing: count,
    /** Sources that were away, each with the reason. */
    reason: z.string().optional(),
    /** Of each source, where there are several: how many articles it brought. */
    sources: z.array(z.object({ source: z.string(), articles: count, missing: count })).optional(),
  }),
  { final: true, shortfall: ({ reason }) => reason && `news: ${reason}` },
)

/** Bars older than the hot days left PostgreSQL, after the cold store was seen to hold them. */
export const BarsRetired = event(
  'ingestion.bars.retired',
  z.object({ before: z.string(), rows: count, kept: z.array(z.string()) }),
  { final: true, shortfall: ({ kept }) => (kept.length === 0 ? undefined : `kept in PostgreSQL: ${kept.join('; ')}`) },
)

/** What a person may ask ingestion for; what is absent comes from the settings and the clock. */
export const ingestionParams = z.strictObject({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(), // inclusive
  symbols: z.array(z.string().min(1)).min(1).optional(),
  provider: providerSpec.optional(),
  interval: interval.optional(),
})

export type IngestionParams = z.infer<typeof ingestionParams>

/** How many days to keep in PostgreSQL, when a person asks for other than the settings. */
export const retirementParams = z.strictObject({ hotDays: z.number().int().min(1).optional() })
