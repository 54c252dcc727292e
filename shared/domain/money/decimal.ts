import { Big as BigNumber } from 'big.js'

declare const opaque: unique symbol

/**
 * An exact decimal: cash, a quantity, an order price. Made, changed and read only by the functions of this file, which is
 * the one place where exact decimals and float64 meet. A value never changes; zero has no sign. In a template string and in
 * JSON it is its plain text.
 */
export interface Decimal {
  readonly [opaque]: 'Decimal'
}

const HALF_EVEN = 2

/** A constructor of our own: nobody else's settings reach it. */
const Exact = BigNumber()
// `a < b` and `a + b` on two decimals throw instead of comparing or joining texts.
Exact.strict = true
Exact.RM = HALF_EVEN
// Text is never in exponents.
Exact.NE = -1_000_000
Exact.PE = 1_000_000

const PLAIN = /^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/

// The only two casts: the library's type stays inside this file.
const open = (value: Decimal) => value as unknown as BigNumber

function close(value: BigNumber): Decimal {
  if (value.c[0] === 0) value.s = 1
  return value as unknown as Decimal
}

/**
 * Reads a decimal: text such as `12`, `-0.05` or `1.5e-7`, or a number by its shortest text, so 0.1 is a tenth exactly.
 * @throws RangeError for NaN, infinities and any other text (spaces, `+1`, `.5`, `1,000`, hex).
 */
export function decimal(value: string | number): Decimal {
  const text = String(value)
  if (!PLAIN.test(text)) throw new RangeError(`${JSON.stringify(value)} (${text}) is not a decimal number`)
  return close(new Exact(text))
}

export const ZERO: Decimal = decimal(0)

export function add(a: Decimal, b: Decimal): Decimal {
  return close(open(a).plus(open(b)))
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return close(open(a).minus(open(b)))
}

/** The whole product, however many decimals it has. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return close(open(a).times(open(b)))
}

/**
 * The quotient rounded once, half to even, to this many decimals.
 * @throws RangeError for a divisor of zero or a scale that is not a whole number from 0.
 */
export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  checkScale(scale)
  if (isZero(b)) throw new RangeError(`${toText(a)} divided by zero`)
  Exact.DP = scale // read by the next division only, and every division sets it
  return close(open(a).div(open(b)))
}

/** −1, 0 or 1 as a is less than, equal to or greater than b. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return open(a).cmp(open(b))
}

export function isZero(value: Decimal): boolean {
  return open(value).c[0] === 0
}

export function negate(value: Decimal): Decimal {
  return close(open(value).neg())
}

export function abs(value: Decimal): Decimal {
  return close(open(value).abs())
}

/** Zero for none. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO
  for (const value of values) total = add(total, value)
  return total
}

export function min(first: Decimal, ...others: readonly Decimal[]): Decimal {
  return others.reduce((least, value) => (compare(value, least) < 0 ? value : least), first)
}

export function max(first: Decimal, ...others: readonly Decimal[]): Decimal {
  return others.reduce((most, value) => (compare(value, most) > 0 ? value : most), first)
}

/** Rounded half to even to this many decimals: 0.125 and 0.115 to two are both 0.12. */
export function roundTo(value: Decimal, scale: number): Decimal {
  checkScale(scale)
  return close(open(value).round(scale, HALF_EVEN))
}

/**
 * The greatest multiple of a step that is not above the value: a quantity in whole lots, a buying price on its tick. Below
 * zero too it goes down: −1.5 by 1 is −2.
 * @throws RangeError for a step that is not above zero.
 */
export function floorTo(value: Decimal, step: Decimal): Decimal {
  if (compare(step, ZERO) <= 0) throw new RangeError(`Step ${toText(step)}, expected one above zero`)
  const rest = close(open(value).mod(open(step)))
  const towardsZero = subtract(value, rest)
  return compare(rest, ZERO) < 0 ? subtract(towardsZero, step) : towardsZero
}

/** All its digits, without an exponent and without zeros at the end: `0.0000001`, `1500`. */
export function toText(value: Decimal): string {
  return open(value).toFixed()
}

/** Rounded half to even to this many decimals and written with all of them: `1500.00`. For people; stores keep `toText`. */
export function toFixedText(value: Decimal, scale: number): string {
  return open(roundTo(value, scale)).toFixed(scale)
}

/**
 * The nearest double, for analytics.
 * @throws RangeError for a value beyond the doubles.
 */
export function toNumber(value: Decimal): number {
  const number = Number(toText(value))
  if (!Number.isFinite(number)) throw new RangeError(`${toText(value)} is too large for a number`)
  return number
}

function checkScale(scale: number): void {
  if (!Number.isInteger(scale) || scale < 0 || scale > 1000) {
    throw new RangeError(`Scale ${scale}, expected a whole number of decimals from 0 to 1000`)
  }
}
