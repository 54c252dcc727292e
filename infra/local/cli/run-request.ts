import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { INTERVALS, type Interval } from '../../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { type Instant, isSession } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import type { ProviderSpec } from '../../../shared/events/provider.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'

/** What a person may say of the data a run is to bring, as commander hands it over. */
export interface DataFlags {
  readonly date?: string
  readonly from?: string
  readonly to?: string
  readonly symbols?: string
  readonly interval?: string
  readonly provider?: string
  readonly data?: string
  readonly basis?: string
  readonly actions?: string
  readonly actionsSource?: string
  readonly dividends?: string
  readonly source?: string
  readonly seed?: string
}

/** What was asked for, checked. The dates may still be missing. */
export interface DataRequest {
  readonly date?: string
  readonly from?: string
  readonly to?: string
  readonly symbols?: readonly string[]
  readonly provider?: ProviderSpec
  readonly interval?: Interval
}

const PROVIDERS = ['simulated', 'file', 'yahoo'] as const
const BASES = ['raw', 'split-adjusted', 'adjusted'] as const
const DIVIDENDS = ['raw', 'split-adjusted'] as const
/** Options that only make sense with one provider. */
const BELONGS_TO: Readonly<Record<string, (typeof PROVIDERS)[number]>> = {
  data: 'file',
  basis: 'file',
  actions: 'file',
  actionsSource: 'file',
  dividends: 'file',
  source: 'file',
  seed: 'simulated',
}

/** Checks the options and makes paths absolute, for the process that reads them may work in another folder. */
export function readDataFlags(flags: DataFlags, cwd = process.cwd()): DataRequest {
  const date = dateFlag('--date', flags.date)
  const from = dateFlag('--from', flags.from)
  const to = dateFlag('--to', flags.to)
  if (date !== undefined && (from !== undefined || to !== undefined)) {
    throw new InputError('--date is one session and --from, --to are a range; say one or the other')
  }
  if (from !== undefined && to !== undefined && from > to) throw new InputError(`--from ${from} is after --to ${to}`)
  if (from === undefined && to !== undefined) throw new InputError(`--to ${to} needs a --from`)
  const symbols = flags.symbols === undefined ? undefined : symbolsFlag(flags.symbols)
  const provider = providerFlags(flags, cwd)
  const interval = choice('--interval', flags.interval, INTERVALS)
  return {
    ...(date !== undefined && { date }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(symbols && { symbols }),
    ...(provider && { provider }),
    ...(interval && interval !== '1d' && { interval }),
  }
}

export function dateFlag(name: string, text: string | undefined): string | undefined {
  if (text === undefined || isSession(text)) return text
  throw new InputError(`${name} "${text}" is not a date (expected YYYY-MM-DD)`)
}

export function symbolsFlag(text: string): string[] {
  const symbols = text.split(',').map((symbol) => symbol.trim())
  if (symbols.some((symbol) => symbol === '')) {
    throw new InputError(`--symbols "${text}" has an empty name (expected A,B,C)`)
  }
  return [...new Set(symbols)]
}

export function choice<const T extends string>(
  name: string,
  text: string | undefined,
  among: readonly T[],
): T | undefined {
  if (text === undefined || among.includes(text as T)) return text as T | undefined
  throw new InputError(`${name} "${text}", expected ${among.slice(0, -1).join(', ')} or ${among.at(-1)}`)
}

function providerFlags(flags: DataFlags, cwd: string): ProviderSpec | undefined {
  const said = Object.keys(BELONGS_TO).filter((name) => flags[name as keyof DataFlags] !== undefined)
  const named = choice('--provider', flags.provider, PROVIDERS)
  const name = named ?? (said.length > 0 ? BELONGS_TO[said[0]] : undefined)
  if (name === undefined) return undefined
  for (const option of said) {
    if (BELONGS_TO[option] !== name) {
      throw new InputError(`${kebab(option)} goes with --provider ${BELONGS_TO[option]}, not with ${name}`)
    }
  }
  if (name === 'file' && flags.data === undefined) {
    throw new InputError('--provider file needs --data with a file or a folder of bars')
  }
  const basis = choice('--basis', flags.basis, BASES)
  const dividends = choice('--dividends', flags.dividends, DIVIDENDS)
  const { actionsSource } = flags
  const source = sourceFlag(flags.source)
  const seed = seedFlag(flags.seed)
  return {
    name,
    ...(seed !== undefined && { seed }),
    ...(flags.data !== undefined && { data: pathFlag('--data', flags.data, cwd) }),
    ...(basis && { basis }),
    ...(source !== undefined && { source }),
    ...(flags.actions !== undefined && { actions: pathFlag('--actions', flags.actions, cwd) }),
    ...(actionsSource !== undefined && { actionsSource }),
    ...(dividends && { dividends }),
  }
}

function pathFlag(name: string, text: string, cwd: string): string {
  const path = resolve(cwd, text)
  if (existsSync(path)) return path
  throw new InputError(`${name} ${text}: there is no such file or folder (looked at ${path})`)
}

function sourceFlag(text: string | undefined): string | undefined {
  if (text === undefined || /^[a-z0-9][a-z0-9_-]*$/.test(text)) return text
  throw new InputError(`--source "${text}", expected lower-case letters, digits, "-" and "_"`)
}

function seedFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seed = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed
  throw new InputError(`--seed "${text}", expected a whole number from 0`)
}

function kebab(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Whether nothing but dates was said: then a session is the clock's own run. */
export function isPlain({ symbols, provider, interval }: DataRequest): boolean {
  return symbols === undefined && provider === undefined && interval === undefined
}

/** A run's key and parameters. */
export interface KeyedRequest {
  readonly key: string
  readonly params: Record<string, unknown>
}

/**
 * The run that a range means: named for its dates and, where anything else was said, a short hash of that, so the same command is the same
 * run. `backfill-` keeps it apart from what the clock opens for the same dates.
 */
export function rangeRequest(from: string, to: string, { symbols, provider, interval }: DataRequest): KeyedRequest {
  const others = { ...(symbols && { symbols }), ...(provider && { provider }), ...(interval && { interval }) }
  const dates = `backfill-${from}..${to}`
  const key = Object.keys(others).length === 0 ? dates : `${dates}-${shortHash(others)}`
  return { key, params: { from, to, ...others } }
}

/** Workflows that work on what is stored: they take dates and the source whose prices count, and nothing about fetching. */
export const FUND_WORKFLOWS = ['universe', 'signals', 'portfolio', 'execution', 'monitoring'] as const
export type FundWorkflow = (typeof FUND_WORKFLOWS)[number]

export function isFundWorkflow(workflow: string): workflow is FundWorkflow {
  return FUND_WORKFLOWS.some((name) => name === workflow)
}

/** One session of a fund's workflow: the clock's own run, or, on the prices of another source, one named for that too. */
export function datedRequest(date: string, source: string | undefined): FundRequest {
  if (source === undefined) return { key: date, params: {}, slot: { key: date, from: date, to: date } }
  return { key: `${date}-${source}`, params: { date, source } }
}

/** Sessions of a fund's workflow that takes them in one go, both inclusive. */
export function sessionsRequest(from: string, to: string, source: string | undefined): FundRequest {
  const key = `${from}..${to}`
  return source === undefined
    ? { key, params: { from, to } }
    : { key: `${key}-${source}`, params: { from, to, source } }
}

export interface FundRequest extends KeyedRequest {
  readonly slot?: { readonly key: string; readonly from: string; readonly to: string }
}

/** The source whose prices were asked for; undefined leaves it to the settings. */
export function askedSource({ provider }: DataRequest): string | undefined {
  return provider && sourceOf(provider)
}

function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8)
}

/** The last day that is over for these symbols: a session, or a UTC day where only coins were asked for. */
export function lastCompleted(symbols: readonly string[] | undefined, now: number): string {
  const onlyCoins = symbols?.every((symbol) => instrumentOf(symbol).calendar === '24/7') ?? false
  return tradingCalendar(onlyCoins ? '24/7' : 'XNYS').lastCompleted(now as Instant)
}

/** Refuses a first date that no calendar can judge. */
export function checkCalendarKnows(first: string): void {
  const { first: earliest } = tradingCalendar('XNYS')
  if (first < earliest)
    throw new InputError(`--from ${first} is before ${earliest}, where the exchange's calendar begins`)
}

/** Where a whole file is taken from: its first date, or the calendar's when the file is older, which is said. */
export function firstKnown(first: string, tell: (text: string) => void): string {
  const { first: earliest } = tradingCalendar('XNYS')
  if (first >= earliest) return first
  tell(`The data begins on ${first}; it is taken from ${earliest} on, where the exchange's calendar begins\n`)
  return earliest
}

/** Refuses a range that is not over yet on any calendar. */
export function checkRangeIsOver(to: string, now: number): void {
  const over = [lastCompleted(undefined, now), tradingCalendar('24/7').lastCompleted(now as Instant)].sort()[1]
  if (to > over) throw new InputError(`--to ${to} is not over yet; the last day that is is ${over}`)
}
