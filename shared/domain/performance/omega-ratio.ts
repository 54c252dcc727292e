import { figure } from '../statistics/figure.ts'
import { observed } from '../statistics/observed.ts'
import { sum } from '../statistics/sum.ts'

/**
 * What was won above a threshold per unit of what was missed below it: Σmax(r − threshold, 0) / Σmax(threshold − r, 0).
 * Missing returns are dropped. Undefined for fewer than two, and when nothing lies below.
 * @param threshold per period, as the returns.
 * @see Keating, Shadwick (2002), "A Universal Performance Measure", J. Performance Measurement 6(3).
 */
export function omegaRatio(returns: ArrayLike<number>, threshold = 0): number | undefined {
  const there = observed(returns)
  if (there.length < 2) return undefined
  const won = sum(there.map((value) => Math.max(value - threshold, 0)))
  const missed = sum(there.map((value) => Math.max(threshold - value, 0)))
  return missed === 0 ? undefined : figure(won / missed)
}
