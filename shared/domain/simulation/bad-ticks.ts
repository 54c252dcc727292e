import { type BarSeries, type Interval, takeBars } from '../market/bar.ts'
import type { Instrument } from '../market/instrument.ts'
import { streamKey, uniformAt } from './random.ts'

/**
 * What a sloppy feed does to a bar, and the quality rule that must catch it:
 * - `zero-price`: low and close are 0 (`non_positive_price`).
 * - `high-below-close`: the high is 2 % under the close (`ohlc_inconsistent`).
 * - `fat-finger-close`: the close is ten times what it was, alone (`ohlc_inconsistent`, `jump`).
 * - `negative-volume`: the volume has lost its sign (`negative_volume`).
 * - `missing-close`: there is no close (`missing_value`).
 * - `duplicate`: the bar comes twice (`duplicate`).
 */
export type BadTickKind = (typeof BAD_TICK_KINDS)[number]

export const BAD_TICK_KINDS = [
  'zero-price',
  'high-below-close',
  'fat-finger-close',
  'negative-volume',
  'missing-close',
  'duplicate',
] as const

export interface BadTick {
  readonly symbol: string
  readonly at: number // start of the bar, UTC ms
  readonly kind: BadTickKind
}

/** Chance of a bar to be spoilt: about four in ten thousand. */
export const BAD_TICK_RATE = 4 / 10_000

/** Whether the simulated feed is sloppy with such an instrument: companies and coins, never indices and rates. */
export function hasBadTicks({ asset }: Instrument): boolean {
  return asset === 'equity' || asset === 'crypto'
}

/**
 * Which of the bars are spoilt, ascending. It depends on seed, symbol, interval and the bar's time alone: neither on what else was asked
 * for nor on the numbers, and a spoilt bar leaves no trace in the next.
 */
export function badTicksOf(seed: number, symbol: string, interval: Interval, at: Float64Array): BadTick[] {
  const key = streamKey(seed, 'bad ticks', symbol, interval)
  const found: BadTick[] = []
  for (const time of at) {
    const kind = kindAt(key, time)
    if (kind) found.push({ symbol, at: time, kind })
  }
  return found
}

function kindAt(key: number, time: number): BadTickKind | undefined {
  const draw = uniformAt(key, time / 1000)
  if (draw >= BAD_TICK_RATE) return undefined
  return BAD_TICK_KINDS[Math.floor((draw / BAD_TICK_RATE) * BAD_TICK_KINDS.length)]
}

/** The clean bars as the sloppy feed delivers them. The series given is left alone. */
export function spoilBars(seed: number, interval: Interval, clean: BarSeries): BarSeries {
  const key = streamKey(seed, 'bad ticks', clean.symbol, interval)
  const positions: number[] = []
  const spoilt: [number, BadTickKind][] = []
  clean.at.forEach((time, position) => {
    const kind = kindAt(key, time)
    if (kind) spoilt.push([positions.length, kind])
    positions.push(position)
    if (kind === 'duplicate') positions.push(position)
  })
  if (spoilt.length === 0) return clean
  const bars = takeBars(clean, positions)
  for (const [row, kind] of spoilt) spoil(bars, row, kind)
  return bars
}

function spoil(bars: BarSeries, row: number, kind: BadTickKind): void {
  switch (kind) {
    case 'zero-price':
      bars.low[row] = 0
      bars.close[row] = 0
      break
    case 'high-below-close':
      bars.high[row] = Math.round(bars.close[row] * 0.98 * 10_000) / 10_000
      break
    case 'fat-finger-close':
      bars.close[row] *= 10
      break
    case 'negative-volume':
      bars.volume[row] = -Math.max(bars.volume[row], 1)
      break
    case 'missing-close':
      bars.close[row] = Number.NaN
      break
    case 'duplicate':
      break
  }
}
