import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Instrument, instrumentOf } from '../domain/market/instrument.ts'
import { DEFAULT_INSTRUMENTS } from '../domain/universe/default-instruments.ts'
import { type ProviderSpec, providerSpec } from '../events/provider.ts'
import { InputError } from '../ports/errors.ts'
import { issuesOf } from './issues.ts'

export type { ProviderSpec }

const settingsSchema = z.strictObject({
  provider: z
    .union([z.enum(['simulated', 'yahoo']).transform((name): ProviderSpec => ({ name })), providerSpec])
    .default({ name: 'simulated' }),
  /** Symbols to ingest; the default is 49 equities in 11 sectors, the benchmark, the VIX, four yields and two coins. */
  symbols: z.array(z.string().min(1)).min(1).optional(),
  /** Whose absence fails a run. */
  benchmark: z.string().default('^GSPC'),
  hotDays: z.number().int().min(1).default(90),
  /** Intraday intervals to poll; none by default. */
  intraday: z.array(z.enum(['1m', '5m', '1h'])).default([]),
})

/** The fund's choices that ingestion needs, from `edgefund.yaml`. */
export interface Settings {
  readonly provider: ProviderSpec
  readonly instruments: readonly Instrument[]
  readonly benchmark: string
  readonly hotDays: number
  readonly intraday: readonly ('1m' | '5m' | '1h')[]
  /** Of everything above; stamped on every run. */
  readonly hash: string
}

/** Checks the content of a settings file (already parsed YAML; undefined when there is none). */
export function readSettings(content: unknown, file: string): Settings {
  const parsed = settingsSchema.safeParse(content ?? {})
  if (!parsed.success) {
    throw new InputError(`${file}: ${issuesOf(parsed.error, 'the file')}`)
  }
  const { symbols, ...rest } = parsed.data
  const instruments = symbols ? symbols.map(resolveInstrument) : DEFAULT_INSTRUMENTS
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...rest, instruments }))
    .digest('hex')
    .slice(0, 16)
  return { ...rest, instruments, hash }
}

/** A known instrument with its name and sector, or what the bare symbol says. */
export function resolveInstrument(symbol: string): Instrument {
  return DEFAULT_INSTRUMENTS.find((instrument) => instrument.symbol === symbol) ?? instrumentOf(symbol)
}
