import type { Matrix } from '../covariance/matrix.ts'
import { applyCaps } from './apply-caps.ts'
import type { Caps } from './caps.ts'
import { equalWeight } from './equal-weight.ts'
import { hierarchicalRiskParity } from './hierarchical-risk-parity.ts'
import { inverseVolatility } from './inverse-volatility.ts'
import { minimumVariance } from './minimum-variance.ts'
import { riskParity, riskParitySpread } from './risk-parity.ts'
import { type Scored, type ScoreMultipliers, scoreTilt } from './score-tilt.ts'

/** Methods that need to know how the assets move together; equal weight does not, and score tilt needs scores instead. */
export const COVARIANCE_METHODS = ['inverse-volatility', 'min-variance', 'risk-parity', 'hrp'] as const
type CovarianceMethod = (typeof COVARIANCE_METHODS)[number]

export type Construction =
  | { readonly method: 'equal' }
  | { readonly method: CovarianceMethod; readonly covariance: Matrix }
  | { readonly method: 'score-tilt'; readonly scores: readonly Scored[]; readonly multipliers?: ScoreMultipliers }

/** What to build a portfolio of; scores, covariance and the sectors of the caps are in the order of the symbols. */
export type TargetRequest = Construction & {
  readonly symbols: readonly string[]
  readonly caps?: Caps
  /** The fraction of the fund to invest; the rest is cash on purpose. All of it by default. */
  readonly invest?: number
}

export interface TargetWeights {
  /** In the order of the symbols, each 0 or more; with the cash they sum to one. */
  readonly weights: Float64Array
  /** The rest of the fund, chosen or because caps or scores left no place for it. */
  readonly cash: number
  /** The part of `cash` that was to be invested. */
  readonly unplaced: number
  readonly residuals: {
    /** |Σ weights + cash − 1|. */
    readonly sum: number
    /** Of minimum variance, under its caps: see `kktResidual`. */
    readonly kkt?: number
    /** Of risk parity, before caps: see `riskParitySpread`. */
    readonly riskParity?: number
  }
  /** For people: what did not go as asked. */
  readonly notes: readonly string[]
}

/**
 * Target weights of a fund by a named method. Caps are constraints of minimum variance itself; for the others they clip, and the
 * excess is spread over what is below its caps (`applyCaps`). No cap is ever broken: what cannot be placed is cash, and said.
 * @throws RangeError for inputs of other lengths than the symbols, an investment outside [0, 1], a cap that is not above 0, and a
 *   covariance that the method cannot use (an asset that does not move, which only equal weight and minimum variance accept).
 */
export function targetWeights(request: TargetRequest): TargetWeights {
  const { symbols, caps = {}, invest = 1 } = request
  const placed = place(request, { ...caps, total: invest })
  if (placed.weights.length !== symbols.length) {
    throw new RangeError(`Inputs for ${placed.weights.length} assets, expected ${symbols.length} as there are symbols`)
  }
  const sum = placed.weights.reduce((all, weight) => all + weight, 0)
  const cash = Math.abs(1 - sum) < 1e-12 ? 0 : 1 - sum
  return {
    weights: placed.weights,
    cash,
    unplaced: placed.unplaced,
    residuals: { sum: Math.abs(sum + cash - 1), ...placed.residuals },
    notes: placed.unplaced > 0 ? [`${percent(placed.unplaced)} of the fund could not be placed and stays cash`] : [],
  }
}

interface Placed {
  readonly weights: Float64Array
  readonly unplaced: number
  readonly residuals?: { readonly kkt?: number; readonly riskParity?: number }
}

function place(request: TargetRequest, caps: Caps & { readonly total: number }): Placed {
  switch (request.method) {
    case 'equal':
      return applyCaps(equalWeight(request.symbols.length), caps)
    case 'inverse-volatility':
      return applyCaps(inverseVolatility(request.covariance), caps)
    case 'min-variance': {
      const { weights, unplaced, kkt } = minimumVariance(request.covariance, caps)
      return { weights, unplaced, residuals: { kkt } }
    }
    case 'risk-parity': {
      const weights = riskParity(request.covariance)
      return { ...applyCaps(weights, caps), residuals: { riskParity: riskParitySpread(request.covariance, weights) } }
    }
    case 'hrp':
      return applyCaps(hierarchicalRiskParity(request.covariance), caps)
    case 'score-tilt':
      return applyCaps(scoreTilt(request.scores, request.multipliers), caps)
  }
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toPrecision(6))} %`
}
