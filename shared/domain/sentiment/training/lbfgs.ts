/** Value of a function at a point; the gradient is written into the second argument. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

export interface LbfgsOptions {
  readonly iterations: number
  /** Stop when no part of the gradient is larger. */
  readonly tolerance: number
  /** Steps remembered. */
  readonly memory?: number
}

const ARMIJO = 1e-4
const MOST_HALVINGS = 30

/**
 * Minimises a smooth convex function by limited-memory BFGS with a backtracking line search. The point is moved in place; answers the value there
 * and the iterations taken. Sums run in a fixed order, so the same input gives the same bits.
 * @see Nocedal and Wright (2006), "Numerical Optimization", 2nd ed., algorithms 7.4 and 7.5.
 */
export function minimise(
  objective: Objective,
  point: Float64Array,
  { iterations, tolerance, memory = 10 }: LbfgsOptions,
): { value: number; iterations: number } {
  const size = point.length
  let gradient = new Float64Array(size)
  let value = objective(point, gradient)
  const steps: Float64Array[] = []
  const turns: Float64Array[] = []
  const curvatures: number[] = []
  let done = 0
  for (; done < iterations && largest(gradient) > tolerance; done++) {
    const direction = descent(gradient, steps, turns, curvatures)
    const slope = dot(direction, gradient)
    let length = done === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1
    const next = new Float64Array(size)
    const nextGradient = new Float64Array(size)
    let nextValue = Number.POSITIVE_INFINITY
    for (let halving = 0; halving < MOST_HALVINGS; halving++) {
      for (let i = 0; i < size; i++) next[i] = point[i] + length * direction[i]
      nextValue = objective(next, nextGradient)
      if (nextValue <= value + ARMIJO * length * slope) break
      length /= 2
    }
    // No way down that the numbers can tell: as low as it gets.
    if (!(nextValue < value)) break
    const step = new Float64Array(size)
    const turn = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      step[i] = next[i] - point[i]
      turn[i] = nextGradient[i] - gradient[i]
    }
    const curvature = dot(step, turn)
    if (curvature > 0) {
      steps.push(step)
      turns.push(turn)
      curvatures.push(curvature)
      if (steps.length > memory) {
        steps.shift()
        turns.shift()
        curvatures.shift()
      }
    }
    point.set(next)
    gradient = nextGradient
    value = nextValue
  }
  return { value, iterations: done }
}

/** The two-loop recursion: the gradient through the inverse Hessian that the last steps tell of, turned downhill. */
function descent(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  turns: readonly Float64Array[],
  curvatures: readonly number[],
): Float64Array {
  const direction = gradient.slice()
  const shares: number[] = []
  for (let k = steps.length - 1; k >= 0; k--) {
    shares[k] = dot(steps[k], direction) / curvatures[k]
    addScaled(direction, turns[k], -shares[k])
  }
  const last = steps.length - 1
  const scale = last < 0 ? 1 : curvatures[last] / dot(turns[last], turns[last])
  for (let i = 0; i < direction.length; i++) direction[i] *= scale
  for (let k = 0; k < steps.length; k++) {
    addScaled(direction, steps[k], shares[k] - dot(turns[k], direction) / curvatures[k])
  }
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i]
  return direction
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i]
  return sum
}

function addScaled(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * other[i]
}

function largest(values: Float64Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]))
  return most
}
