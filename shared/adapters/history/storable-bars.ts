import { type BarSeries, type Dataset, PRICE_COLUMNS } from '../../domain/market/bar.ts'
import { bySymbol } from '../../domain/market/by-symbol.ts'
import { DAY_MS } from '../../domain/market/session.ts'
import { PermanentError } from '../../ports/errors.ts'

/**
 * Refuses bars that no store may take, naming symbol and time: a price that is missing or infinite, a time that is none, a daily bar not at
 * 00:00 UTC, a series out of order, a key given twice. Volume and quotes may be missing.
 */
export function requireStorable(dataset: Dataset, series: readonly BarSeries[]): void {
  const daily = dataset.interval === '1d'
  for (const bars of series) {
    requireTimes(bars, daily)
    requireNumbers(bars)
  }
  for (const same of bySymbol(series).values()) if (same.length > 1) requireDistinct(same)
}

function requireTimes({ symbol, at }: BarSeries, daily: boolean): void {
  let previous = Number.NEGATIVE_INFINITY
  for (const time of at) {
    if (!Number.isInteger(time))
      throw new PermanentError(`A bar of ${symbol} starts at ${time}, expected UTC milliseconds`)
    if (daily && time % DAY_MS !== 0) {
      throw new PermanentError(`Daily bar ${symbol} ${iso(time)} is not at 00:00 UTC of its session`)
    }
    if (time <= previous) {
      throw new PermanentError(
        `Bar ${symbol} ${iso(time)} follows ${iso(previous)}, expected ascending and unique times`,
      )
    }
    previous = time
  }
}

function requireNumbers(bars: BarSeries): void {
  for (const name of PRICE_COLUMNS) {
    const row = bars[name].findIndex((price) => !Number.isFinite(price))
    if (row >= 0) {
      throw new PermanentError(
        `Bar ${bars.symbol} ${iso(bars.at[row])} has ${name} ${bars[name][row]}, expected a finite price`,
      )
    }
  }
  for (const name of ['volume', 'bid', 'ask'] as const) {
    const row = bars[name]?.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY) ?? -1
    if (row >= 0) throw new PermanentError(`Bar ${bars.symbol} ${iso(bars.at[row])} has an infinite ${name}`)
  }
}

function requireDistinct(series: readonly BarSeries[]): void {
  const seen = new Set<number>()
  for (const { symbol, at } of series) {
    for (const time of at) {
      if (seen.has(time)) throw new PermanentError(`Bar ${symbol} ${iso(time)} is given twice`)
      seen.add(time)
    }
  }
}

function iso(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at)
}
