import { correlationOf } from '../covariance/correlation.ts'
import { diagonal, type Matrix, matrixOf, sizeOf } from '../covariance/matrix.ts'
import { singleLinkageOrder } from './single-linkage.ts'

/**
 * Hierarchical risk parity: assets are ordered so that correlated ones stand together (single linkage over √((1−ρ)/2)), then the
 * list is halved again and again, each half getting the share of the other's variance, itself weighted by inverse variance. Weights
 * ≥ 0, one in all; no matrix is inverted, so a singular one is fine. The distance is used as it is, not the distance between
 * columns of distances, as in PyPortfolioOpt's HRPOpt.
 * @throws RangeError for an asset that does not move: its correlation is undefined.
 * @see López de Prado (2016), "Building Diversified Portfolios that Outperform Out of Sample", J. Portfolio Management 42(4).
 */
export function hierarchicalRiskParity(covariance: Matrix): Float64Array {
  const n = sizeOf(covariance)
  const distances = correlationOf(covariance).values.map((correlation) => Math.sqrt((1 - correlation) / 2))
  const order = singleLinkageOrder(matrixOf(n, n, distances))

  const inverse = diagonal(covariance).map((variance) => 1 / variance)
  const weights = new Float64Array(n).fill(1)
  const clusters = [order]
  for (let cluster = clusters.pop(); cluster; cluster = clusters.pop()) {
    if (cluster.length < 2) continue
    const middle = Math.floor(cluster.length / 2)
    const [first, second] = [cluster.slice(0, middle), cluster.slice(middle)]
    const variance = clusterVariance(covariance, inverse, first)
    const other = clusterVariance(covariance, inverse, second)
    // Two halves that hedge themselves away are alike.
    const share = variance + other > 0 ? other / (variance + other) : 0.5
    for (const i of first) weights[i] *= share
    for (const i of second) weights[i] *= 1 - share
    clusters.push(first, second)
  }
  return weights
}

/** Variance of the members weighted by their inverse variances; rounding below zero is zero. */
function clusterVariance({ rows: n, values }: Matrix, inverse: Float64Array, members: readonly number[]): number {
  let weights = 0
  let variance = 0
  for (const i of members) {
    weights += inverse[i]
    let covariances = 0
    for (const j of members) covariances += inverse[j] * values[i * n + j]
    variance += inverse[i] * covariances
  }
  return Math.max(0, variance / (weights * weights))
}
