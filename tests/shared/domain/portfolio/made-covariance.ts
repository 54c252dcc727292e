import fc from 'fast-check'
import { type Matrix, matrixOf } from '../../../../shared/domain/portfolio/covariance/matrix.ts'
import { sampleCovariance } from '../../../../shared/domain/portfolio/covariance/sample-covariance.ts'
import { randomStream } from '../../../../shared/domain/simulation/random.ts'

/** Returns with a common factor, a factor of each of five sectors (asset i in i mod 5) and noise. */
export function madeReturns(seed: number, rows: number, assets: number): Matrix {
  const random = randomStream(seed, 'returns')
  const beta = Array.from({ length: assets }, () => 1.6 * random.uniform() - 0.1)
  const noise = Array.from({ length: assets }, () => 0.002 + 0.03 * random.uniform())
  const values = new Float64Array(rows * assets)
  for (let t = 0; t < rows; t++) {
    const market = 0.01 * random.normal()
    const sectors = Array.from({ length: 5 }, () => 0.006 * random.normal())
    for (let i = 0; i < assets; i++) {
      values[t * assets + i] = beta[i] * market + sectors[i % 5] + noise[i] * random.normal()
    }
  }
  return matrixOf(rows, assets, values)
}

/** Covariances of 1 to 14 assets, with enough rows to be definite unless `singular` allows fewer. */
export function covariances({ singular }: { readonly singular: boolean }): fc.Arbitrary<Matrix> {
  return fc
    .record({
      seed: fc.nat(100_000),
      assets: fc.integer({ min: 1, max: 14 }),
      rows: singular ? fc.integer({ min: 2, max: 40 }) : fc.integer({ min: 20, max: 60 }),
    })
    .map(({ seed, assets, rows }) => sampleCovariance(madeReturns(seed, rows, assets)))
}

/** The same matrix with rows and columns in another order. */
export function permuted({ rows: n, values }: Matrix, order: readonly number[]): Matrix {
  return matrixOf(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => values[order[Math.floor(at / n)] * n + order[at % n]]),
  )
}

/** An order of n numbers that a seed decides. */
export function shuffled(seed: number, n: number): number[] {
  const random = randomStream(seed, 'order')
  const keys = Array.from({ length: n }, () => random.uniform())
  return [...keys.keys()].sort((a, b) => keys[a] - keys[b])
}

export function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
