/**
 * Share of the periods with a gain among those with a gain or a loss; returns of 0 and missing ones count for neither.
 * Undefined without such a period.
 * @see quantstats, `win_rate`.
 */
export function winRate(returns: ArrayLike<number>): number | undefined {
  let gains = 0
  let losses = 0
  for (let i = 0; i < returns.length; i++) {
    if (returns[i] > 0) gains++
    else if (returns[i] < 0) losses++
  }
  return gains + losses === 0 ? undefined : gains / (gains + losses)
}
