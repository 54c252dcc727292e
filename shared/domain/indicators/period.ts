/** The longest period anything here takes, TA-Lib's. */
export const LONGEST_PERIOD = 100_000

/** Refuses a period that is no whole number from `shortest` to `LONGEST_PERIOD`; answers it otherwise. */
export function checkedPeriod(name: string, period: number, shortest: number): number {
  if (Number.isInteger(period) && period >= shortest && period <= LONGEST_PERIOD) return period
  throw new RangeError(`${name} ${period}, expected a whole number from ${shortest} to ${LONGEST_PERIOD}`)
}

/** Refuses a factor (deviations of a band, periods a year) that is negative or not finite; answers it otherwise. */
export function checkedFactor(name: string, factor: number): number {
  if (Number.isFinite(factor) && factor >= 0) return factor
  throw new RangeError(`${name} ${factor}, expected a number from 0`)
}
