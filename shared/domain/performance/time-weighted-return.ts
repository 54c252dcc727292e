import { figure } from '../statistics/figure.ts'

/** Whether money that comes in or goes out on a day takes part in that day's return (`start`) or not (`end`). */
export type FlowTiming = 'start' | 'end'

/**
 * Simple returns of a fund's values net of money put in (positive) and taken out (negative), one for each value after the
 * first: with flows at the end of the day (V − F) / V₋₁ − 1, at its start V / (V₋₁ + F) − 1. The first row's flow is in its
 * value already. NaN where a value or flow is missing, or nothing was invested.
 * @param flows one for each value, 0 where nothing came or went.
 * @see Global Investment Performance Standards (2020), external cash flows.
 */
export function returnsNetOfFlows(
  values: ArrayLike<number>,
  flows: ArrayLike<number>,
  timing: FlowTiming,
): Float64Array {
  if (values.length !== flows.length) {
    throw new RangeError(`${values.length} values and ${flows.length} flows, expected as many`)
  }
  const atStart = timing === 'start'
  const returns = new Float64Array(Math.max(0, values.length - 1))
  for (let i = 0; i < returns.length; i++) {
    const flow = flows[i + 1]
    const invested = values[i] + (atStart ? flow : 0)
    const reached = values[i + 1] - (atStart ? 0 : flow)
    returns[i] = invested > 0 ? reached / invested - 1 : Number.NaN
  }
  return returns
}

/**
 * Time-weighted return over all values: the returns net of flows, linked. What a manager is answerable for, whenever others
 * move their money. Undefined for fewer than two values, and when one of the returns is: a link cannot be guessed.
 */
export function timeWeightedReturn(
  values: ArrayLike<number>,
  flows: ArrayLike<number>,
  timing: FlowTiming,
): number | undefined {
  const returns = returnsNetOfFlows(values, flows, timing)
  return returns.length === 0 ? undefined : figure(returns.reduce((growth, value) => growth * (1 + value), 1) - 1)
}
