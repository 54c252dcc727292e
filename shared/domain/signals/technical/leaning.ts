/** What a technical rule takes the prices to mean. */
export type Leaning = 'bullish' | 'neutral' | 'bearish'

/** A reading of the newest bar with the numbers behind it; undefined when there are too few bars for it. */
export interface Reading {
  readonly leaning: Leaning
  readonly numbers: Readonly<Record<string, number>>
}

/** Differences below this share of the price are the rounding of prices that do not move. */
const ROUNDING = 1e-12

/** Whether one number is above the other by more than rounding, both on the scale of a price. */
export function isAbove(one: number, other: number, price: number): boolean {
  return one - other > ROUNDING * price
}
