/** Yahoo keeps prices in single precision (2^-24 of the value) and restates them in it once more. */
const RELATIVE_ERROR = 1.2e-7
/** Yahoo writes split-adjusted cash with six decimals. */
const CASH_ERROR = 5e-7
const FEWEST_PRICE_DECIMALS = 2
const MOST_DECIMALS = 6

/**
 * A price without the noise of single precision: 499.2300109863281 is 499.23. Rounded to as many decimals as the noise leaves certain
 * (six below 4, four below 416, two from 4,166), which gives a price that was quoted in such decimals exactly, whether it came as it
 * was traded or divided by a later split and multiplied again.
 */
export function withoutNoise(price: number): number {
  if (!Number.isFinite(price) || price === 0) return price
  return rounded(price, certainDecimals(RELATIVE_ERROR * Math.abs(price), FEWEST_PRICE_DECIMALS))
}

/** Cash restated to what was paid, without the rounding error the restatement multiplied by `ratio`. */
export function cashWithoutNoise(cash: number, ratio: number): number {
  return rounded(cash, certainDecimals(CASH_ERROR * ratio, 0))
}

/** The decimals of which half a unit is still larger than the error. */
function certainDecimals(error: number, fewest: number): number {
  return Math.min(MOST_DECIMALS, Math.max(fewest, Math.floor(-Math.log10(2 * error))))
}

function rounded(value: number, decimals: number): number {
  const unit = 10 ** decimals
  return Math.round(value * unit) / unit
}
