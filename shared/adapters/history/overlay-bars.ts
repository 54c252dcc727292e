import { type BarSeries, concatBars, takeBars } from '../../domain/market/bar.ts'
import { bySymbol } from '../../domain/market/by-symbol.ts'

/**
 * Two answers to the same question as one: where both have a bar of a symbol and time, the upper one's counts. Symbols in order, each
 * ascending; a symbol whose bars have several bases answers one series for each. Both arguments must be ascending and unique.
 */
export function overlayBars(lower: readonly BarSeries[], upper: readonly BarSeries[]): BarSeries[] {
  if (lower.length === 0) return inOrder(upper)
  if (upper.length === 0) return inOrder(lower)
  const above = bySymbol(upper)
  const merged = bySymbol(lower)
  for (const [symbol, bars] of above) {
    const below = merged.get(symbol)
    merged.set(symbol, below ? overlaySymbol(below, bars) : bars)
  }
  return inOrder([...merged.values()].flat())
}

/** Series in order of symbol and basis, the empty ones left out. */
export function inOrder(series: readonly BarSeries[]): BarSeries[] {
  const key = ({ symbol, basis }: BarSeries) => `${symbol}\0${basis}`
  return series.filter(({ at }) => at.length > 0).sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function overlaySymbol(lower: readonly BarSeries[], upper: readonly BarSeries[]): BarSeries[] {
  const taken = new Set(upper.flatMap(({ at }) => [...at]))
  const kept = lower.map((bars) => without(bars, taken))
  const byBasis = new Map<string, BarSeries[]>()
  for (const bars of [...kept, ...upper]) byBasis.set(bars.basis, [...(byBasis.get(bars.basis) ?? []), bars])
  return [...byBasis.values()].map((parts) => ascending(parts.length === 1 ? parts[0] : concatBars(parts)))
}

function without(bars: BarSeries, times: ReadonlySet<number>): BarSeries {
  if (!bars.at.some((time) => times.has(time))) return bars
  return takeBars(
    bars,
    [...bars.at.keys()].filter((row) => !times.has(bars.at[row])),
  )
}

/** The same bars in order of time. */
export function ascending(bars: BarSeries): BarSeries {
  const { at } = bars
  let row = 1
  while (row < at.length && at[row - 1] < at[row]) row++
  if (row >= at.length) return bars
  return takeBars(
    bars,
    [...at.keys()].sort((a, b) => at[a] - at[b]),
  )
}
