import { type BarSeries, sliceBars } from '../../../../shared/domain/market/bar.ts'

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
}

export function deviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}

export function correlation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)]
  let product = 0
  let squareOne = 0
  let squareOther = 0
  one.forEach((value, i) => {
    product += (value - a) * (other[i] - b)
    squareOne += (value - a) ** 2
    squareOther += (other[i] - b) ** 2
  })
  return product / Math.sqrt(squareOne * squareOther)
}

/** Simple returns from each value to the next. */
export function returns(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length - 1 }, (_, i) => values[i + 1] / values[i] - 1)
}

/** Rows whose prices contradict themselves. */
export function impossibleRows({ open, high, low, close }: Omit<BarSeries, 'symbol' | 'basis' | 'at'>): number[] {
  return Array.from(open.keys()).filter(
    (row) =>
      !(low[row] > 0 && low[row] <= Math.min(open[row], close[row]) && high[row] >= Math.max(open[row], close[row])),
  )
}

/** The bars with times in [from, to). */
export function between(series: BarSeries, from: number, to: number): BarSeries {
  const start = series.at.findIndex((at) => at >= from)
  const end = series.at.findLastIndex((at) => at < to)
  return start < 0 || end < start ? sliceBars(series, 0, 0) : sliceBars(series, start, end + 1)
}
