/** √ of the periods of a year: what a deviation of one period becomes over a year of independent ones. */
export function rootOfYear(periodsPerYear: number): number {
  return Math.sqrt(checkedPeriods(periodsPerYear))
}

/** Refuses what is not a number of periods: 252 daily, 52 weekly, 12 monthly, 365 where every day is traded. */
export function checkedPeriods(periodsPerYear: number): number {
  if (periodsPerYear > 0 && Number.isFinite(periodsPerYear)) return periodsPerYear
  throw new RangeError(`${periodsPerYear} periods a year, expected a positive number`)
}
