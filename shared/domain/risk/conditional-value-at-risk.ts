import { figure } from '../statistics/figure.ts'
import { mean } from '../statistics/mean.ts'
import { observed } from '../statistics/observed.ts'

/**
 * Historical conditional value at risk (expected shortfall) as a return of one period: the mean of the worst returns, the
 * ⌊(n − 1) × tail⌋ + 1 smallest, so never above the value at risk. Missing returns are dropped; undefined for none.
 * @param tail in [0, 1]: 0.05 for the worst 5 %.
 * @see empyrical, `conditional_value_at_risk`; Acerbi, Tasche (2002), "Expected Shortfall", Economic Notes 31(2).
 */
export function conditionalValueAtRisk(returns: ArrayLike<number>, tail = 0.05): number | undefined {
  if (!(tail >= 0 && tail <= 1)) throw new RangeError(`Tail ${tail}, expected it in [0, 1]`)
  const sorted = observed(returns).sort()
  return figure(mean(sorted.subarray(0, Math.floor((sorted.length - 1) * tail) + 1)))
}
