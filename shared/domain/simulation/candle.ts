import type { DailyPath } from './daily-path.ts'
import type { Random } from './random.ts'

/** A session's way in logs: from the previous close to the open, and from the open to the close. */
export interface Moves {
  readonly overnight: number
  readonly intraday: number
}

/** Share of a day's variance that falls between the close and the next open of an exchange. */
export const OVERNIGHT_VARIANCE = 0.3
export const INTRADAY_VARIANCE = 1 - OVERNIGHT_VARIANCE

/**
 * Shortens a day's way to at most these log returns, both parts in proportion. The honest market stays below the 30 % that the
 * quality check calls a jump, so that whatever is quarantined was a deliberate bad tick.
 */
export function limitMoves(moves: Moves, down: number, up: number): Moves {
  const total = moves.overnight + moves.intraday
  if (total >= down && total <= up) return moves
  const scale = (total < 0 ? down : up) / total
  return { overnight: moves.overnight * scale, intraday: moves.intraday * scale }
}

/**
 * Writes a row's open, high, low and close, rounded: open ≤ high, low ≤ close and so on hold by construction. High and low follow the
 * law of the maximum of a Brownian bridge from open to close, each on its own.
 * @see Borodin and Salminen (2002), "Handbook of Brownian Motion", 1.1.8 for the bridge.
 */
export function writeCandle(
  path: Pick<DailyPath, 'open' | 'high' | 'low' | 'close' | 'deviation'>,
  row: number,
  prices: { readonly open: number; readonly close: number; readonly deviation: number; readonly decimals: number },
  random: Random,
): void {
  const { open, close, deviation, decimals } = prices
  const way = Math.log(close / open)
  const rise = (way + Math.sqrt(way * way + bridgeSpread(deviation, random))) / 2
  const fall = (way - Math.sqrt(way * way + bridgeSpread(deviation, random))) / 2
  path.open[row] = roundTo(open, decimals)
  path.close[row] = roundTo(close, decimals)
  path.high[row] = roundTo(open * Math.exp(rise), decimals)
  path.low[row] = roundTo(open * Math.exp(fall), decimals)
  path.deviation[row] = deviation
}

function bridgeSpread(deviation: number, random: Random): number {
  return -2 * deviation * deviation * Math.log(1 - random.uniform())
}

/** The nearest number with so many decimals. */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}

/**
 * A factor that fattens the tails of a normal shock and keeps its variance: 6 days in 100 are two and a half times as wild
 * (kurtosis about 8).
 */
export function tailScale(random: Random): number {
  return random.uniform() < 0.06 ? 2.5 : 0.8154
}

/** Weight of one session in a mean that forgets half of what it knew in so many sessions. */
export function decay(halfLifeSessions: number): number {
  return Math.exp(-Math.LN2 / halfLifeSessions)
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
