import { figure } from '../statistics/figure.ts'
import { mean } from '../statistics/mean.ts'
import { sum } from '../statistics/sum.ts'
import { checkedPeriods } from './annualisation.ts'

/**
 * What a fund paid its owner a year, as a fraction of its value: Σincome / mean value × periodsPerYear / n. Income is cash
 * received in each period (dividends, coupons, interest, after withholding), value the fund's in the same period and currency.
 * Undefined for no periods, when a number is missing, or when the mean value is not positive.
 */
export function incomeYield(
  income: ArrayLike<number>,
  values: ArrayLike<number>,
  periodsPerYear: number,
): number | undefined {
  checkedPeriods(periodsPerYear)
  if (income.length !== values.length) {
    throw new RangeError(`Income of ${income.length} periods and values of ${values.length}, expected as many`)
  }
  const average = mean(values)
  return average > 0 ? figure(((sum(income) / average) * periodsPerYear) / income.length) : undefined
}
