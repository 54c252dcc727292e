/** Round values that span a range: the first is at or below its low end, the last at or above its high end. */
export interface Ticks {
  readonly values: readonly number[]
  readonly step: number
  /** Decimals that tell neighbours apart. */
  readonly digits: number
}

const STEPS = [1, 2, 2.5, 5, 10]

/**
 * About so many round values (steps of 1, 2, 2.5 or 5 times a power of ten) around a range. A range without width, or too narrow
 * for float64 to tell its ends apart well, is widened. Throws RangeError when an end is not finite or the range is reversed.
 * @see Heckbert (1990), "Nice Numbers for Graph Labels", Graphics Gems: the loose labelling.
 */
export function niceTicks(low: number, high: number, about = 5): Ticks {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new RangeError(`Ticks need a finite range, found ${low} to ${high}`)
  }
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (high - low <= Math.max(size, 1e-6) * 1e-9) {
    const room = size > 1e-12 ? size * 0.05 : 1
    return niceTicks(low - room, high + room, about)
  }
  const rough = (high - low) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10)
  const digits = digitsOf(step)
  // Ends that are ticks up to rounding stay the ends.
  const first = Math.floor(low / step + 1e-6)
  const last = Math.ceil(high / step - 1e-6)
  const values = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)))
  return { values, step, digits }
}

function digitsOf(step: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const leading = step * 10 ** digits
  return leading < 10 && Math.abs(leading - Math.round(leading)) > 1e-6 ? digits + 1 : digits
}
