import { type Caps, numberCaps } from './caps.ts'

/** How much of the fund to invest, and within which caps. */
export interface CapsAndTotal extends Caps {
  readonly total: number
}

/** What could be placed, and the part of the total that no asset could take. */
export interface CappedWeights {
  readonly weights: Float64Array
  readonly unplaced: number
}

/**
 * Weights scaled to the total and held to the caps: what is above a cap is clipped and spread over the assets below theirs in
 * proportion to their weights, until nothing moves. That fixpoint is a common level: every asset has min(cap, level × weight), and a
 * full sector has a lower level of its own. So the ratio of two assets of a sector that meet no cap of their own is kept, and
 * nothing depends on the order of names. An asset of weight 0 receives nothing; what nobody can take is returned, never forced.
 * @throws RangeError for a weight that is negative or missing, a total outside [0, 1] or a cap that is not above 0.
 */
export function applyCaps(weights: Float64Array, { total, ...caps }: CapsAndTotal): CappedWeights {
  if (!(total >= 0 && total <= 1)) throw new RangeError(`Total ${total}, expected a fraction between 0 and 1`)
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY))
  if (wrong >= 0) throw new RangeError(`Weight ${weights[wrong]} at ${wrong}, expected 0 or more`)
  const { maxWeight, maxSector, sectorOf, sectors } = numberCaps(weights.length, caps)

  const held = new Float64Array(weights.length)
  const open = [...weights.keys()].filter((i) => weights[i] > 0)
  const full = new Uint8Array(sectors)
  let outside = open
  let left = total
  for (;;) {
    fill(weights, held, outside, maxWeight, left)
    const over = overfull(held, outside, sectorOf, full, maxSector)
    if (over.length === 0) break
    // A sector that is full at this level stays so, as the level of the others only rises.
    for (const sector of over) {
      full[sector] = 1
      const members = open.filter((i) => sectorOf[i] === sector)
      fill(weights, held, members, maxWeight, maxSector)
      left -= maxSector
    }
    outside = outside.filter((i) => sectorOf[i] < 0 || !full[sectorOf[i]])
    left = Math.max(0, left)
  }
  const placed = held.reduce((sum, weight) => sum + weight, 0)
  // Less than this is rounding.
  return { weights: held, unplaced: total - placed < 1e-12 ? 0 : total - placed }
}

/** Gives the members min(cap, level × weight) with the level at which they hold the total, or all their cap if that is less. */
function fill(weights: Float64Array, held: Float64Array, members: readonly number[], cap: number, total: number): void {
  let below = members
  let left = total
  for (;;) {
    const sum = below.reduce((all, i) => all + weights[i], 0)
    for (const i of below) held[i] = Math.min(cap, left * (weights[i] / sum))
    const clipped = below.filter((i) => held[i] === cap)
    if (clipped.length === 0) return
    below = below.filter((i) => held[i] < cap)
    left = Math.max(0, left - cap * clipped.length)
  }
}

function overfull(
  held: Float64Array,
  members: readonly number[],
  sectorOf: Int32Array,
  full: Uint8Array,
  maxSector: number,
): number[] {
  const sums = new Float64Array(full.length)
  for (const i of members) if (sectorOf[i] >= 0) sums[sectorOf[i]] += held[i]
  return [...sums.keys()].filter((sector) => !full[sector] && sums[sector] > maxSector)
}
