import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** A number of `tests/reference/performance.json`; null is a missing or undefined one. */
export type ReferenceNumber = number | null

interface Reference {
  readonly figures: readonly {
    readonly name: string
    readonly returns: readonly ReferenceNumber[]
    readonly periodsPerYear: number
    readonly riskFree: number
    readonly minimumAcceptable: number
    readonly benchmark: readonly ReferenceNumber[] | null
    readonly expected: Readonly<Record<string, ReferenceNumber>>
  }[]
  readonly published: readonly {
    readonly source: string
    readonly returns: readonly ReferenceNumber[]
    readonly periodsPerYear: number
    readonly figure: string
    readonly value: number
    readonly decimals: number
    readonly minimumAcceptable?: number
    readonly threshold?: number
    readonly benchmark?: readonly ReferenceNumber[]
  }[]
  readonly columns: readonly {
    readonly name: string
    readonly values: readonly number[]
    readonly expected: {
      readonly mean: ReferenceNumber
      readonly sampleDeviation: ReferenceNumber
      readonly populationDeviation: ReferenceNumber
      readonly median: ReferenceNumber
      readonly quantiles: readonly (readonly [number, ReferenceNumber])[]
      readonly ranks: readonly number[]
      readonly zScores: readonly number[]
      readonly winsorisedQuantiles: readonly number[]
      readonly winsorisedDeviations: readonly number[]
      readonly winsorisedMedianDeviations: readonly number[]
      readonly exponentialMeanOfSpan5: ReferenceNumber
      readonly exponentialMeanOfHalfLife3: ReferenceNumber
    }
  }[]
  readonly gaps: {
    readonly values: readonly ReferenceNumber[]
    readonly ranks: readonly ReferenceNumber[]
    readonly zScores: readonly ReferenceNumber[]
  }
  readonly pair: {
    readonly one: readonly number[]
    readonly other: readonly number[]
    readonly covariance: number
    readonly correlation: number
    readonly rankCorrelation: number
  }
}

const file = new URL('../../../reference/performance.json', import.meta.url)
export const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference

/** A column with its missing numbers. */
export function column(values: readonly ReferenceNumber[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN)
}

/** Equal up to rounding, relative and (around 0) absolute; what is undefined or NaN only equals what is missing. */
export function expectNumber(found: number | undefined, expected: ReferenceNumber | undefined, rounding = 1e-11): void {
  if (expected === null || expected === undefined) {
    expect(found ?? Number.NaN).toBeNaN()
    return
  }
  const distance = Math.abs((found ?? Number.NaN) - expected)
  expect(distance, `${found}, expected ${expected}`).toBeLessThanOrEqual(rounding * Math.abs(expected) + 1e-14)
}

export function expectNumbers(found: ArrayLike<number>, expected: readonly ReferenceNumber[], rounding?: number): void {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < found.length; i++) expectNumber(found[i], expected[i], rounding)
}
