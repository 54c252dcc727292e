/** The mean of a bar's high, low and close. */
export function typicalPrice(high: number, low: number, close: number): number {
  return (high + low + close) / 3
}
