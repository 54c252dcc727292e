const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
/** Every integer of 15 digits is a double, and one division or product by an exact power of ten rounds only once. */
const EXACT_DIGITS = 15
const EXACT_POWER = 22

const COMMA = 44
const LF = 10
const CR = 13
const QUOTE = 34
const MINUS = 45
const PLUS = 43
const POINT = 46
const ZERO = 48
const LETTER_E = 101

/** What `decimalAt` answers for a cell that is not a plain decimal number. NaN is an empty one, so infinity is free to say it. */
export const NOT_A_NUMBER = Number.POSITIVE_INFINITY

/**
 * Reads the number that starts at an offset and ends with its cell: at a comma, a line break or the end of the bytes, or, when the
 * cell is quoted (and the offset behind the opening quote), at the closing quote. The result is bit for bit `Number(text)`. NaN for an empty cell; `NOT_A_NUMBER` for anything that is not
 * `[+-] digits [. digits] [e [+-] digits]` with a finite value (so no spaces, hex, words, thousands separators).
 * @see Clinger (1990), "How to Read Floating Point Numbers Accurately": the fast path of at most 15 digits.
 */
export function decimalAt(bytes: Uint8Array, start: number, quoted = false): number {
  const end = bytes.length
  let at = start
  let byte = at < end ? bytes[at] : LF
  const negative = byte === MINUS
  if (negative || byte === PLUS) byte = ++at < end ? bytes[at] : LF

  let mantissa = 0
  let digits = 0 // without leading zeros
  let seen = 0
  let power = 0
  while (byte >= ZERO && byte <= 57) {
    mantissa = mantissa * 10 + (byte - ZERO)
    if (mantissa > 0) digits++
    seen++
    byte = ++at < end ? bytes[at] : LF
  }
  if (byte === POINT) {
    byte = ++at < end ? bytes[at] : LF
    while (byte >= ZERO && byte <= 57) {
      mantissa = mantissa * 10 + (byte - ZERO)
      if (mantissa > 0) digits++
      seen++
      power--
      byte = ++at < end ? bytes[at] : LF
    }
    if (seen === 0) return NOT_A_NUMBER
  }
  if (seen === 0) return at === start && endsCell(bytes, at, quoted) ? Number.NaN : NOT_A_NUMBER

  if ((byte | 32) === LETTER_E) {
    byte = ++at < end ? bytes[at] : LF
    const shrinks = byte === MINUS
    if (shrinks || byte === PLUS) byte = ++at < end ? bytes[at] : LF
    if (byte < ZERO || byte > 57) return NOT_A_NUMBER
    let exponent = 0
    while (byte >= ZERO && byte <= 57) {
      exponent = exponent * 10 + (byte - ZERO)
      byte = ++at < end ? bytes[at] : LF
    }
    power += shrinks ? -exponent : exponent
  }
  if (!endsCell(bytes, at, quoted)) return NOT_A_NUMBER

  if (digits > EXACT_DIGITS || power < -EXACT_POWER || power > EXACT_POWER) return slowly(bytes, start, at)
  const size = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power]
  return negative ? -size : size
}

function endsCell(bytes: Uint8Array, at: number, quoted: boolean): boolean {
  if (at >= bytes.length) return !quoted
  const byte = bytes[at]
  if (quoted) return byte === QUOTE && bytes[at + 1] !== QUOTE
  if (byte === CR) return at + 1 === bytes.length || bytes[at + 1] === LF
  return byte === COMMA || byte === LF
}

function slowly(bytes: Uint8Array, start: number, end: number): number {
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at])
  const value = Number(text)
  return Number.isFinite(value) ? value : NOT_A_NUMBER
}
