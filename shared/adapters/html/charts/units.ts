import { compact, percent, plain } from '../numbers.ts'
import type { Ticks } from './ticks.ts'

/** What the values of a chart are: fractions that are written as percent, or plain numbers. */
export type Unit = 'percent' | 'number'

/** The label of a tick, with as many decimals as tell it from its neighbours. */
export function tickText(value: number, { values, digits }: Ticks, unit: Unit): string {
  if (unit === 'percent') return percent(value, Math.max(0, digits - 2))
  // Ticks are round: the zeros that six decimals bring are dropped again.
  if (Math.max(...values.map(Math.abs)) >= 1e4) return compact(value, 6)
  return plain(value, digits)
}

/** A value as a legend or a description says it. */
export function valueText(value: number, unit: Unit): string {
  if (unit === 'percent') return percent(value)
  return plain(value, Math.abs(value) >= 1e5 ? 0 : 2)
}
