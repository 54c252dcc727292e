import { type Matrix, matrixOf } from './matrix.ts'

/**
 * Simple returns of prices (rows × assets, oldest first): price / price before − 1, one row fewer.
 * @throws RangeError for a price that is missing or not positive.
 */
export function simpleReturns(prices: Matrix): Matrix {
  const { rows, columns, values } = prices
  for (const [i, price] of values.entries()) {
    if (price > 0 && price < Number.POSITIVE_INFINITY) continue
    throw new RangeError(`Price ${price} in row ${Math.floor(i / columns)}, expected a positive number`)
  }
  const returns = new Float64Array(Math.max(0, rows - 1) * columns)
  for (let i = 0; i < returns.length; i++) returns[i] = values[i + columns] / values[i] - 1
  return matrixOf(Math.max(0, rows - 1), columns, returns)
}
