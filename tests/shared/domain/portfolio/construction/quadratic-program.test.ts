import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kktResidual } from '../../../../../shared/domain/portfolio/construction/kkt-residual.ts'
import {
  feasibleTotals,
  type QuadraticProblem,
} from '../../../../../shared/domain/portfolio/construction/quadratic-problem.ts'
import { solveQuadratic } from '../../../../../shared/domain/portfolio/construction/quadratic-program.ts'
import { dot, matrixOf, times } from '../../../../../shared/domain/portfolio/covariance/matrix.ts'
import { randomStream } from '../../../../../shared/domain/simulation/random.ts'
import { covariances } from '../made-covariance.ts'
import { apart } from '../reference.ts'

/** Problems with coarse numbers, so that bounds, sums and gradients often coincide. */
const problems = fc
  .record({ quadratic: covariances({ singular: true }), seed: fc.nat(100_000), share: fc.constantFrom(0, 0.1, 0.5, 1) })
  .map(({ quadratic, seed, share }): QuadraticProblem => {
    const n = quadratic.rows
    const random = randomStream(seed, 'problem')
    const coarse = (steps: number) => Math.floor(random.uniform() * steps) / 10
    const lower = Float64Array.from({ length: n }, () => coarse(3) - 0.2)
    const upper = lower.map((bound) => bound + coarse(6))
    const groupOf = Int32Array.from({ length: n }, () => Math.floor(random.uniform() * 4) - 1)
    const groupMax = Float64Array.from({ length: 3 }, (_, g) => {
      let held = 0
      for (let i = 0; i < n; i++) if (groupOf[i] === g) held += lower[i]
      return held + coarse(9)
    })
    const { least, most } = feasibleTotals({ lower, upper, groupOf, groupMax })
    const linear = Float64Array.from({ length: n }, () => (coarse(5) - 0.2) * 1e-3)
    return { quadratic, linear, lower, upper, groupOf, groupMax, total: least + share * (most - least) }
  })

function objective({ quadratic, linear }: QuadraticProblem, x: Float64Array): number {
  return 0.5 * dot(x, 0, times(quadratic, x), 0, x.length) + dot(linear, 0, x, 0, x.length)
}

/** A feasible point somewhere between the solution and the corner that another objective prefers. */
function elsewhere(problem: QuadraticProblem, seed: number): Float64Array | undefined {
  const random = randomStream(seed, 'corner')
  const linear = problem.linear.map(() => random.normal())
  return solveQuadratic({ ...problem, linear })?.x
}

describe('the quadratic program', () => {
  it('finds a point that no other feasible one beats', () => {
    fc.assert(
      fc.property(problems, fc.nat(1000), (problem, seed) => {
        const solution = solveQuadratic(problem)
        expect(solution?.residual).toBeLessThan(1e-9)
        const other = elsewhere(problem, seed)
        if (!solution || !other) throw new Error('A feasible problem has a solution')
        const best = objective(problem, solution.x)
        for (const share of [1, 0.1, 0.001]) {
          const point = other.map((value, i) => share * value + (1 - share) * solution.x[i])
          expect(best).toBeLessThanOrEqual(objective(problem, point) + 1e-13)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('has a residual that sees a wrong point', () => {
    const problem: QuadraticProblem = {
      quadratic: matrixOf(2, 2, Float64Array.of(2, 0, 0, 1)),
      linear: new Float64Array(2),
      lower: new Float64Array(2),
      upper: Float64Array.of(1, 1),
      groupOf: Int32Array.of(-1, -1),
      groupMax: new Float64Array(0),
      total: 1,
    }
    expect(kktResidual(problem, Float64Array.of(1 / 3, 2 / 3))).toBeLessThan(1e-15)
    expect(kktResidual(problem, Float64Array.of(0.4, 0.6))).toBeCloseTo(0.2 / 0.8, 12)
    expect(kktResidual(problem, Float64Array.of(0.3, 0.6))).toBeCloseTo(0.1, 12)
    expect(kktResidual({ ...problem, upper: Float64Array.of(1, 0.5) }, Float64Array.of(0.5, 0.5))).toBe(0)
    expect(kktResidual({ ...problem, upper: Float64Array.of(1, 0.5) }, Float64Array.of(0.4, 0.6))).toBeCloseTo(0.1, 12)
  })

  it('has a residual that sees a full group that should be left, and one that may not be entered', () => {
    const problem: QuadraticProblem = {
      quadratic: matrixOf(2, 2, Float64Array.of(1, 0, 0, 1)),
      linear: new Float64Array(2),
      lower: new Float64Array(2),
      upper: Float64Array.of(1, 1),
      groupOf: Int32Array.of(0, -1),
      groupMax: Float64Array.of(0.8),
      total: 1,
    }
    expect(kktResidual(problem, Float64Array.of(0.8, 0.2))).toBeCloseTo(0.6 / 0.8, 12)
    expect(kktResidual({ ...problem, groupMax: Float64Array.of(0.2) }, Float64Array.of(0.2, 0.8))).toBe(0)
    expect(kktResidual({ ...problem, groupMax: Float64Array.of(0.7) }, Float64Array.of(0.8, 0.2))).toBeCloseTo(0.75, 12)
  })

  it('solves a problem without curvature', () => {
    const solution = solveQuadratic({
      quadratic: matrixOf(3, 3, new Float64Array(9)),
      linear: Float64Array.of(3, 1, 2),
      lower: new Float64Array(3),
      upper: Float64Array.of(1, 0.4, 1),
      groupOf: Int32Array.of(-1, 0, 0),
      groupMax: Float64Array.of(0.7),
      total: 1,
    })
    expect(apart(solution?.x ?? [], [0.3, 0.4, 0.3])).toBeLessThan(1e-12)
  })

  it('says that there is no point where the constraints leave none', () => {
    const problem = {
      quadratic: matrixOf(1, 1, Float64Array.of(1)),
      linear: new Float64Array(1),
      lower: Float64Array.of(0.5),
      upper: Float64Array.of(1),
      groupOf: Int32Array.of(0),
      groupMax: Float64Array.of(0.8),
    }
    expect(solveQuadratic({ ...problem, total: 0.4 })).toBeUndefined()
    expect(solveQuadratic({ ...problem, total: 0.9 })).toBeUndefined()
    expect(solveQuadratic({ ...problem, total: 0.6, groupMax: Float64Array.of(0.4) })).toBeUndefined()
    expect(solveQuadratic({ ...problem, total: 0.6 })?.x[0]).toBeCloseTo(0.6, 14)
  })

  it('refuses parts that do not fit', () => {
    const problem: QuadraticProblem = {
      quadratic: matrixOf(2, 2, Float64Array.of(1, 0, 0, 1)),
      linear: new Float64Array(2),
      lower: new Float64Array(2),
      upper: Float64Array.of(1, 1),
      groupOf: Int32Array.of(-1, -1),
      groupMax: new Float64Array(0),
      total: 1,
    }
    expect(() => solveQuadratic({ ...problem, linear: new Float64Array(3) })).toThrow('3 values of linear for 2')
    expect(() => solveQuadratic({ ...problem, lower: Float64Array.of(0, 2) })).toThrow('Bounds 2 … 1 of variable 1')
    expect(() => solveQuadratic({ ...problem, groupOf: Int32Array.of(0, -1) })).toThrow('Group 0 of variable 0')
    expect(() => solveQuadratic({ ...problem, total: Number.NaN })).toThrow('finite')
  })
})
