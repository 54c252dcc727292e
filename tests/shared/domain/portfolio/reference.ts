import { readFileSync } from 'node:fs'
import { type Matrix, matrixOf } from '../../../../shared/domain/portfolio/covariance/matrix.ts'

type Rows = readonly (readonly number[])[]

/** A case of tests/reference/portfolio.json, with each number's name as there. */
export interface PortfolioCase {
  readonly name: string
  readonly returns: Rows
  readonly sectors: readonly string[]
  readonly maxWeight: number
  readonly maxSector: number
  readonly total: number
  readonly sample: Rows
  readonly ledoitWolf: Rows
  readonly shrinkage: number
  readonly exponential: Rows
  readonly exponentialShort: Rows
  readonly inverseVolatility: readonly number[]
  readonly minVarianceShrunk: readonly number[]
  readonly minVarianceVariance: number
  readonly minVarianceBox: readonly number[]
  readonly minVarianceSectors: readonly number[]
  readonly riskParity: readonly number[]
  readonly hrpOrder: readonly number[]
  readonly hrp: readonly number[]
}

const file = new URL('../../../reference/portfolio.json', import.meta.url)

export const PORTFOLIO_CASES = (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly PortfolioCase[] })
  .cases

export function toMatrix(rows: Rows): Matrix {
  return matrixOf(rows.length, rows[0].length, Float64Array.from(rows.flat()))
}

/** The largest difference between two vectors. */
export function apart(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  let most = 0
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i])
    if (!(difference <= most)) most = difference
  }
  return most
}
