import fc from 'fast-check'
import type { IndicatorBar, IndicatorColumns } from '../../../../shared/domain/indicators/indicator.ts'

/** Columns of bars made of rows. */
export function columnsOf(bars: readonly IndicatorBar[]): IndicatorColumns {
  return {
    session: Float64Array.from(bars, (bar) => bar.session),
    high: Float64Array.from(bars, (bar) => bar.high),
    low: Float64Array.from(bars, (bar) => bar.low),
    close: Float64Array.from(bars, (bar) => bar.close),
    volume: Float64Array.from(bars, (bar) => bar.volume),
  }
}

/** The bars as they come from a stream. */
export function barsOf({ session, high, low, close, volume }: IndicatorColumns): IndicatorBar[] {
  return Array.from(close, (price, i) => ({
    session: session[i],
    high: high[i],
    low: low[i],
    close: price,
    volume: volume[i],
  }))
}

const price = fc.integer({ min: 900, max: 1100 }).map((ticks) => ticks / 10)
const bar = fc
  .record({
    body: fc.tuple(price, price),
    close: fc.constantFrom(0, 0.25, 1),
    volume: fc.integer({ min: 0, max: 5 }).map((lots) => 100 * lots),
  })
  .map(({ body: [a, b], close, volume }): Omit<IndicatorBar, 'session'> => {
    const [low, high] = a < b ? [a, b] : [b, a]
    return { high, low, close: low + close * (high - low), volume }
  })

/** Whole bars with ties, bars without a range and days without volume, three to a session. */
export const anyBars = (length: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(bar, length).map((bars): IndicatorBar[] => bars.map((one, i) => ({ session: Math.floor(i / 3), ...one })))
