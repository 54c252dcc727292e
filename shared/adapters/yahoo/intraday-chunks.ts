import type { Interval } from '../../domain/market/bar.ts'
import { DAY_MS, msToSession } from '../../domain/market/session.ts'
import { RefusedByYahoo } from './yahoo-client.ts'

type Intraday = Exclude<Interval, '1d'>

/** How long Yahoo keeps intraday bars, and how many days it gives at once. */
const LIMITS: Readonly<Record<Intraday, { readonly keptDays: number; readonly daysARequest: number }>> = {
  '1m': { keptDays: 30, daysARequest: 7 },
  '5m': { keptDays: 60, daysARequest: 60 },
  '1h': { keptDays: 730, daysARequest: 730 },
}

export interface IntradayChunks {
  /** End to end, in whole seconds, the last one possibly longer than asked. */
  readonly chunks: readonly { readonly fromMs: number; readonly toMs: number }[]
  /** Whether the last chunk reaches the present, and so tells of every later split. */
  readonly reachesNow: boolean
}

/**
 * Cuts [from, to) into requests Yahoo answers. A range that ends within the last day is asked for up to now.
 * @throws RefusedByYahoo when a part of it is older than Yahoo keeps, or all of it in the future.
 */
export function intradayChunks(interval: Intraday, from: number, to: number, now: number): IntradayChunks {
  const { keptDays, daysARequest } = LIMITS[interval]
  const oldest = now - keptDays * DAY_MS
  if (from < oldest) {
    const since = new Date(Math.ceil(oldest / 60_000) * 60_000).toISOString()
    throw new RefusedByYahoo(
      `Yahoo keeps ${interval} bars for ${keptDays} days, from ${since}, and was asked from ${msToSession(from)}`,
    )
  }
  const present = Math.floor(now / 1000) * 1000
  const reachesNow = to > now - DAY_MS
  const end = reachesNow ? present : to
  if (from >= end) throw new RefusedByYahoo(`${new Date(from).toISOString()} has not come yet`)
  const chunks = []
  for (let start = Math.floor(from / 1000) * 1000; start < end; start += daysARequest * DAY_MS) {
    chunks.push({ fromMs: start, toMs: Math.min(start + daysARequest * DAY_MS, end) })
  }
  return { chunks, reachesNow }
}
