import type { BarSeries } from '../../../../shared/domain/market/bar.ts'

/** A small generator of equal random numbers in [0, 1), the same for the same seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Random walks in cents, `S0000`, `S0001`, …, every symbol with a bar at every step. */
export function madeBars(size: {
  symbols: number
  bars: number
  start: number
  stepMs: number
  quotes?: boolean
}): BarSeries[] {
  return Array.from({ length: size.symbols }, (_, index) => {
    const roll = dice(index + 1)
    const column = () => new Float64Array(size.bars)
    const series = {
      symbol: `S${String(index).padStart(4, '0')}`,
      basis: 'raw' as const,
      at: Float64Array.from({ length: size.bars }, (_, bar) => size.start + bar * size.stepMs),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
      volume: column(),
      ...(size.quotes ? { bid: column(), ask: column() } : {}),
    }
    let cents = 2_000 + Math.floor(roll() * 20_000)
    for (let bar = 0; bar < size.bars; bar++) {
      const open = cents
      cents = Math.max(100, Math.round(cents * (1 + (roll() - 0.5) * 0.04)))
      series.open[bar] = open / 100
      series.high[bar] = (Math.max(open, cents) + Math.floor(roll() * 50)) / 100
      series.low[bar] = (Math.min(open, cents) - Math.floor(roll() * 50)) / 100
      series.close[bar] = cents / 100
      series.volume[bar] = Math.floor(roll() * 5_000_000)
      if (series.bid && series.ask) {
        series.bid[bar] = (cents - 1) / 100
        series.ask[bar] = (cents + 1) / 100
      }
    }
    return series
  })
}
