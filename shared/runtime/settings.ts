import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Mandate } from '../domain/mandate/mandate.ts'
import { type Instrument, instrumentOf } from '../domain/market/instrument.ts'
import { DEFAULT_INSTRUMENTS, MARKET_CONTEXT } from '../domain/universe/default-instruments.ts'
import { type ProviderSpec, providerSpec } from '../events/provider.ts'
import { InputError } from '../ports/errors.ts'
import { issuesOf } from './issues.ts'
import { readMandate } from './mandate.ts'
import { type NewsSourceSpec, newsSettings } from './news-settings.ts'
import { type SentimentSettings, sentimentSettings } from './sentiment-settings.ts'

export type { ProviderSpec }

const settingsSchema = z.strictObject({
  provider: z
    .union([z.enum(['simulated', 'yahoo']).transform((name): ProviderSpec => ({ name })), providerSpec])
    .default({ name: 'simulated' }),
  /** Symbols to ingest; the default is the mandate's listings, the benchmark, the VIX, four yields and two coins. */
  symbols: z.array(z.string().min(1)).min(1).optional(),
  /** Whose absence fails a run. */
  benchmark: z.string().default('^GSPC'),
  hotDays: z.number().int().min(1).default(90),
  /** Intraday intervals to poll; none by default. */
  intraday: z.array(z.enum(['1m', '5m', '1h'])).default([]),
  /** Who is given the orders: `model` fills them on paper at the next open; `none` leaves them to a person, who imports the fills. */
  broker: z.enum(['model', 'none']).default('model'),
  /** Where headlines come from; the provider alone unless told otherwise. */
  news: newsSettings,
  /** Who reads them. */
  sentiment: sentimentSettings,
  /** The mandate where no file says more. */
  mandate: z.enum(['default', 'small']).default('default'),
})

/** The choices of whoever runs the fund: where data comes from (`edgefund.yaml`) and the fund's rules (`mandate.yaml`). */
export interface Settings {
  readonly provider: ProviderSpec
  readonly instruments: readonly Instrument[]
  readonly benchmark: string
  readonly hotDays: number
  readonly intraday: readonly ('1m' | '5m' | '1h')[]
  readonly broker: 'model' | 'none'
  readonly news: readonly NewsSourceSpec[]
  readonly sentiment: SentimentSettings
  readonly mandate: Mandate
  /** Of everything above; stamped on every run. */
  readonly hash: string
}

/** The content of a file, parsed but not checked, and its name for messages. */
export interface FileContent {
  readonly content: unknown
  readonly file: string
}

/**
 * Checks the content of a settings file and of a mandate file (already parsed YAML; undefined when there is none).
 * @throws InputError naming the file, the field, what was found and what was expected.
 */
export function readSettings(content: unknown, file: string, mandateFile?: FileContent): Settings {
  const parsed = settingsSchema.safeParse(content ?? {})
  if (!parsed.success) {
    throw new InputError(`${file}: ${issuesOf(parsed.error, 'the file')}`)
  }
  const { symbols, mandate: shipped, ...rest } = parsed.data
  const mandate = readMandate(mandateFile?.content, mandateFile?.file ?? file, shipped)
  const instruments = symbols?.map(resolveInstrument) ?? instrumentsOf(mandate)
  const settings = { ...rest, mandate, instruments }
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16)
  return { ...settings, hash }
}

/** Everything that the mandate may hold, and what it is looked at beside. */
function instrumentsOf({ universe }: Mandate): readonly Instrument[] {
  const listed = universe.listings.map(({ symbol }) => resolveInstrument(symbol))
  const known = new Set(listed.map(({ symbol }) => symbol))
  return [...listed, ...MARKET_CONTEXT.filter(({ symbol }) => !known.has(symbol))]
}

/** The name under which a provider's bars are stored. */
export function sourceOf(provider: ProviderSpec): string {
  return provider.source ?? provider.name
}

/** A known instrument with its name and sector, or what the bare symbol says. */
export function resolveInstrument(symbol: string): Instrument {
  return DEFAULT_INSTRUMENTS.find((instrument) => instrument.symbol === symbol) ?? instrumentOf(symbol)
}
