import { rowsOf } from './columns.ts'
import { checkedPeriod } from './period.ts'
import { RollingSum } from './rolling-sum.ts'
import { typicalPrice } from './typical-price.ts'

/** Money flow index, bar by bar; see `mfi`. */
export class Mfi {
  readonly lookback: number
  private readonly inflow: RollingSum
  private readonly outflow: RollingSum
  private previous = Number.NaN

  /** `period` from 2. */
  constructor(period: number) {
    this.lookback = checkedPeriod('MFI period', period, 2)
    this.inflow = new RollingSum(period)
    this.outflow = new RollingSum(period)
  }

  push(high: number, low: number, close: number, volume: number): number {
    const price = typicalPrice(high, low, close)
    const change = price - this.previous
    this.previous = price
    // The flow's direction is unknown on the first bar, and when this bar or the one before is missing.
    const flow = Number.isNaN(change) ? change : price * volume
    const none = Number.isNaN(flow) ? flow : 0
    const inflow = this.inflow.push(change > 0 ? flow : none)
    const moved = inflow + this.outflow.push(change < 0 ? flow : none)
    return moved === 0 ? 0 : (100 * inflow) / moved
  }
}

/**
 * Money flow index, 0 to 100: of the last `period` (from 2) bars' money flow (typical price × volume) the share of those whose
 * typical price rose, bars where it stayed counting for neither. Defined from index `period`; a bar that lacks a price or its
 * volume empties its windows, one bar longer than `period` when a price is lacking. Without any flow it is 0; TA-Lib takes
 * less than 1 for none, here only 0 is (https://github.com/TA-Lib/ta-lib/issues/244).
 */
export function mfi(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
  period: number,
): Float64Array {
  const fold = new Mfi(period)
  const out = new Float64Array(rowsOf(high, low, close, volume))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i], volume[i])
  return out
}
