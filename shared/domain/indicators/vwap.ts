import { rowsOf } from './columns.ts'
import { typicalPrice } from './typical-price.ts'

/** Volume-weighted average price of the session so far, bar by bar; see `vwap`. */
export class Vwap {
  readonly lookback = 0
  private session = Number.NaN
  private value = 0
  private volume = 0

  /** `session`: any number that is the same for bars of one session. */
  push(session: number, high: number, low: number, close: number, volume: number): number {
    if (session !== this.session) {
      this.session = session
      this.value = 0
      this.volume = 0
    }
    this.value += typicalPrice(high, low, close) * volume
    this.volume += volume
    return this.volume === 0 ? Number.NaN : this.value / this.volume
  }
}

/**
 * Volume-weighted average of the typical price since the session's first bar. `session` numbers the session each bar belongs to
 * (such as days since 1970-01-01 on the exchange's clock), and a new number starts anew. Undefined while no volume was traded; a
 * missing price or volume empties the rest of its session.
 */
export function vwap(
  session: Float64Array,
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
): Float64Array {
  const fold = new Vwap()
  const out = new Float64Array(rowsOf(session, high, low, close, volume))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(session[i], high[i], low[i], close[i], volume[i])
  return out
}
