import { figure } from '../statistics/figure.ts'
import { observed } from '../statistics/observed.ts'

/**
 * By row, how far the compounded value lies below its highest so far, as a fraction <= 0: value / peak − 1, the money put in
 * before the first return being the first peak. A row without a return keeps what the row before had.
 */
export function drawdowns(returns: ArrayLike<number>): Float64Array {
  let share = 1 // of the peak
  return new Float64Array(returns).map((value) => {
    if (!Number.isNaN(value)) share = Math.min(1, share * (1 + value))
    return share - 1
  })
}

/** The deepest of the drawdowns: 0 when nothing was ever lost, −1 when everything was. Undefined without a return. */
export function maxDrawdown(returns: ArrayLike<number>): number | undefined {
  const there = observed(returns)
  if (there.length === 0) return undefined
  return figure(drawdowns(there).reduce((deepest, drawdown) => Math.min(deepest, drawdown), 0))
}
