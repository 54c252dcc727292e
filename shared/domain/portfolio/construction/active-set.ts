import { choleskyFactor, choleskySolve } from '../covariance/cholesky.ts'
import { dot, matrixOf } from '../covariance/matrix.ts'
import { GrowingCholesky } from './growing-cholesky.ts'
import { gradientOf } from './kkt-residual.ts'
import type { QuadraticProblem } from './quadratic-problem.ts'

const LOWER = -1
const FREE = 0
const UPPER = 1
const FIXED = 2 // lower and upper are the same

/** Gains below this share of the gradient's size are rounding. */
const GAIN = 1e-13

/**
 * A primal active-set method for a strictly convex `QuadraticProblem`: from a corner of the feasible set it walks along the free
 * variables to the minimum of what is fixed now, stops at the first bound or full group it meets, and, when it meets none, frees
 * what promises the most. It begins with few free variables and takes them in one by one, so its cost follows the number of assets
 * that are held, not of those to choose from.
 *
 * Full groups and the rest of the variables are *blocks* with a fixed sum each; a block constrains only while it has a free
 * variable, so the equations never depend on each other.
 * @see Nocedal and Wright (2006), "Numerical Optimization", §16.5.
 */
export class ActiveSet {
  readonly x: Float64Array
  private problem: QuadraticProblem
  private gradient: Float64Array = new Float64Array(0)
  private scale = 0
  private readonly factor: GrowingCholesky
  private readonly status: Int8Array
  private readonly full: Uint8Array
  private readonly rest: number

  /** At a corner of a feasible problem (`feasibleTotals`). */
  constructor(problem: QuadraticProblem) {
    this.problem = problem
    const { lower, upper, groupMax, quadratic } = problem
    this.x = Float64Array.from(lower)
    this.factor = new GrowingCholesky(quadratic.values, lower.length)
    this.status = Int8Array.from(lower, (value, i) => (value === upper[i] ? FIXED : LOWER))
    this.full = new Uint8Array(groupMax.length)
    this.rest = groupMax.length
    this.fillUp()
  }

  /** Goes to the minimum for another linear term, from where it stands. */
  minimise(linear: Float64Array): void {
    this.problem = { ...this.problem, linear }
    const { gradient, scale } = gradientOf(this.problem, this.x)
    this.gradient = gradient
    this.scale = scale
    const most = 100 * (this.x.length + this.full.length + 1)
    for (let i = 0; i < most; i++) {
      if (this.walk()) continue
      if (!this.release()) return
    }
  }

  /** Up from the lower bounds until the total is reached, cheapest first. */
  private fillUp(): void {
    const { quadratic, linear, lower, upper, total, groupOf, groupMax } = this.problem
    const n = lower.length
    const room = Float64Array.from(groupMax)
    let left = total
    for (let i = 0; i < n; i++) {
      left -= lower[i]
      if (groupOf[i] >= 0) room[groupOf[i]] -= lower[i]
    }
    const cost = linear.map((slope, i) => slope + quadratic.values[i * n + i])
    for (const i of [...cost.keys()].sort((a, b) => cost[a] - cost[b])) {
      if (!(left > 0)) return
      const group = groupOf[i]
      const most = group >= 0 ? Math.min(room[group], left) : left
      if (!(most > 0) || this.status[i] === FIXED) continue
      const whole = upper[i] - lower[i] <= most
      const amount = whole ? upper[i] - lower[i] : most
      this.x[i] = whole ? upper[i] : lower[i] + amount
      left -= amount
      if (whole) this.status[i] = UPPER
      else this.free(i)
      if (group < 0) continue
      room[group] -= amount
      if (amount === most && left > 0) this.full[group] = 1
    }
  }

  private blockOf(i: number): number {
    const group = this.problem.groupOf[i]
    return group >= 0 && this.full[group] ? group : this.rest
  }

  private free(i: number): void {
    this.status[i] = FREE
    this.factor.append(i)
  }

  /** Moves towards the minimum over the free variables; false when it got there. */
  private walk(): boolean {
    const { members } = this.factor
    const { lower, upper, quadratic } = this.problem
    if (members.length === 0) return false
    const step = this.direction()

    let length = 1
    let blocking = -1
    for (let place = 0; place < members.length; place++) {
      const i = members[place]
      if (step[place] === 0) continue
      const bound = step[place] < 0 ? lower[i] : upper[i]
      const reach = Math.max(0, (bound - this.x[i]) / step[place])
      if (reach >= length) continue
      length = reach
      blocking = place
    }
    const filled = this.firstFilled(step, length)
    if (filled) length = filled.length

    const n = this.x.length
    for (let place = 0; place < members.length; place++) {
      const moved = length * step[place]
      const i = members[place]
      this.x[i] = Math.min(upper[i], Math.max(lower[i], this.x[i] + moved))
      const row = i * n
      for (let j = 0; j < n; j++) this.gradient[j] += moved * quadratic.values[row + j]
    }
    if (filled) {
      this.full[filled.group] = 1
      return true
    }
    if (blocking < 0) return false
    const i = members[blocking]
    this.status[i] = step[blocking] < 0 ? LOWER : UPPER
    this.x[i] = step[blocking] < 0 ? lower[i] : upper[i]
    this.factor.remove(blocking)
    return true
  }

  /** The step, by place of the free variables, to their minimum with the sums of their blocks kept. */
  private direction(): Float64Array {
    const { members } = this.factor
    const k = members.length
    const blocks = members.map((i) => this.blockOf(i))
    const rows = [...new Set(blocks)].sort((a, b) => a - b)
    const m = rows.length
    // With H = L Lᵀ and v = L⁻¹(−gradient), Z = L⁻¹(block sums): the step is L⁻ᵀ(v − Zλ), λ solving ZᵀZ λ = Zᵀv. The gradient is
    // taken less that of one member of the block, which only changes λ: what is equal in a block would drown the rest.
    const level = new Map(members.map((i, place) => [blocks[place], this.gradient[i]]))
    const v = this.factor.solveLower(
      Float64Array.from(members, (i, place) => level.get(blocks[place])! - this.gradient[i]),
    )
    const z = rows.map((row) => this.factor.solveLower(Float64Array.from(blocks, (block) => (block === row ? 1 : 0))))
    const normal = new Float64Array(m * m)
    for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) normal[a * m + b] = dot(z[a], 0, z[b], 0, k)
    const lower = choleskyFactor(matrixOf(m, m, normal))
    if (!lower) throw new RangeError('The sums of the blocks depend on each other')
    const multipliers = choleskySolve(
      lower,
      Float64Array.from(z, (column) => dot(column, 0, v, 0, k)),
    )
    for (const [a, column] of z.entries()) for (let i = 0; i < k; i++) v[i] -= multipliers[a] * column[i]
    const step = this.factor.solveUpper(v)

    // What rounding took from a sum is given back: a total must not drift.
    for (const row of rows) {
      let sum = 0
      let count = 0
      for (let i = 0; i < k; i++) {
        if (blocks[i] !== row) continue
        sum += step[i]
        count++
      }
      for (let i = 0; i < k; i++) if (blocks[i] === row) step[i] = count === 1 ? 0 : step[i] - sum / count
    }
    return step
  }

  /** The first group that a step of at most this length fills, and at which length. */
  private firstFilled(step: Float64Array, length: number): { group: number; length: number } | undefined {
    const { groupOf, groupMax } = this.problem
    const held = new Float64Array(groupMax.length)
    const gained = new Float64Array(groupMax.length)
    for (let i = 0; i < this.x.length; i++) if (groupOf[i] >= 0) held[groupOf[i]] += this.x[i]
    let size = 0
    for (const [place, i] of this.factor.members.entries()) {
      size += Math.abs(step[place])
      if (groupOf[i] >= 0) gained[groupOf[i]] += step[place]
    }
    let first: { group: number; length: number } | undefined
    for (const [group, max] of groupMax.entries()) {
      if (this.full[group] || gained[group] <= 1e-14 * size) continue
      const reach = Math.max(0, (max - held[group]) / gained[group])
      if (reach < (first?.length ?? length)) first = { group, length: reach }
    }
    return first
  }

  /** Frees the one variable, or opens the one full group, that promises the most; false when nothing does. */
  private release(): boolean {
    const { gradient } = this
    const blocks = this.bestMoves()
    let gain = GAIN * this.scale
    let freed: number[] = []
    for (const { up, down, free } of blocks) {
      // One more dimension at a time: with a free variable to exchange with one is freed, else a pair.
      const pairs =
        free < 0
          ? [[up, down]]
          : [
              [up, free],
              [free, down],
            ]
      for (const [rising, falling] of pairs) {
        if (rising < 0 || falling < 0 || !(gradient[falling] - gradient[rising] > gain)) continue
        gain = gradient[falling] - gradient[rising]
        freed = [rising, falling].filter((i) => i !== free)
      }
    }
    if (freed.length > 0) {
      for (const i of freed) this.free(i)
      return true
    }

    const outside = blocks[this.rest]
    const rising = outside.free < 0 ? outside.up : outside.free
    let opened = -1
    for (let group = 0; group < this.rest; group++) {
      const falling = blocks[group].free < 0 ? blocks[group].down : blocks[group].free
      if (!this.full[group] || falling < 0 || rising < 0 || !(gradient[falling] - gradient[rising] > gain)) continue
      gain = gradient[falling] - gradient[rising]
      opened = group
    }
    if (opened < 0) return false
    this.full[opened] = 0
    if (blocks[opened].free < 0) this.free(blocks[opened].down)
    if (outside.free < 0) this.free(rising)
    return true
  }

  /** By block: which of those at a lower bound should rise first, which at an upper one fall, and one that is free; −1 for none. */
  private bestMoves(): { up: number; down: number; free: number }[] {
    const moves = Array.from({ length: this.rest + 1 }, () => ({ up: -1, down: -1, free: -1 }))
    const { gradient, status } = this
    for (let i = 0; i < gradient.length; i++) {
      const move = moves[this.blockOf(i)]
      if (status[i] === FREE) move.free = i
      else if (status[i] === LOWER) move.up = move.up < 0 || gradient[i] < gradient[move.up] ? i : move.up
      else if (status[i] === UPPER) move.down = move.down < 0 || gradient[i] > gradient[move.down] ? i : move.down
    }
    return moves
  }
}
