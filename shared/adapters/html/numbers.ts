import { type Decimal, toFixedText, toText } from '../../domain/money/decimal.ts'

/** A number to be written: a float or an exact decimal. Undefined, null and floats that are not finite are missing. */
export type Figure = number | Decimal | null | undefined

/** Written for a missing number. */
export const MISSING = '–'
/** U+2212, as wide as a plus sign; a hyphen is too short to be seen. */
export const MINUS = '−'
/** U+202F, a thin space that does not break: groups thousands, whatever the reader's language takes for a decimal sign. */
export const THIN_SPACE = '\u202f'

/** `1 234.50`, `−0.30`. Numbers that round to zero have no sign. */
export function plain(value: Figure, digits = 2): string {
  if (value === null || value === undefined) return MISSING
  if (typeof value === 'number' && !Number.isFinite(value)) return MISSING
  const text = typeof value === 'number' ? value.toFixed(digits) : toFixedText(value, digits)
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(text) ?? ['', '', '', MISSING]
  const shown = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) + rest
  return sign && /[1-9]/.test(shown) ? MINUS + shown : shown
}

/** Like `plain`, with a plus sign in front of what is above zero. */
export function signed(value: Figure, digits = 2): string {
  return withPlus(plain(value, digits))
}

/** Whole numbers: `12 345`. */
export function count(value: Figure): string {
  return plain(value, 0)
}

/** A quantity with the decimals it has and no more: `1 754`, `0.125`. */
export function quantityText(quantity: Decimal): string {
  return plain(quantity, toText(quantity).split('.')[1]?.length ?? 0)
}

/** A fraction as percent: 0.123 is `12.3%`. */
export function percent(fraction: number | null | undefined, digits = 1): string {
  const shown = plain(scaled(fraction, 100), digits)
  return shown === MISSING ? MISSING : `${shown}%`
}

/** Like `percent`, with a plus sign in front of what is above zero. */
export function signedPercent(fraction: number | null | undefined, digits = 1): string {
  return withPlus(percent(fraction, digits))
}

/** A fraction as basis points: 0.00125 is `12.5 bps`. */
export function basisPoints(fraction: number | null | undefined, digits = 1): string {
  const shown = plain(scaled(fraction, 10_000), digits)
  return shown === MISSING ? MISSING : `${shown}${THIN_SPACE}bps`
}

/** An amount with its currency's code: `USD 1 234.50`, `USD −3.00`. */
export function money(amount: Figure, currency: string, digits = 2): string {
  const shown = plain(amount, digits)
  return shown === MISSING ? MISSING : `${currency}\u00a0${shown}`
}

/** Like `money`, with a plus sign in front of what is above zero: `USD +12.00`. */
export function signedMoney(amount: Figure, currency: string, digits = 2): string {
  const shown = signed(amount, digits)
  return shown === MISSING ? MISSING : `${currency}\u00a0${shown}`
}

/** Short, for axes and tiles: `950`, `12.5k`, `1.25M`, `3B`, with at most so many decimals. */
export function compact(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING
  const [, size, letter] = SIZES.find(([least]) => Math.abs(value) >= least) ?? [0, 1, '']
  const text = plain(value / size, digits)
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text) + letter
}

/** The date and minute of an instant, UTC: `2026-02-03 14:05 UTC`. */
export function utcMinute(at: number | null | undefined): string {
  if (at === null || at === undefined || !Number.isFinite(at)) return MISSING
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

const SIZES: readonly (readonly [least: number, size: number, letter: string])[] = [
  [1e9, 1e9, 'B'],
  [1e6, 1e6, 'M'],
  [1e4, 1e3, 'k'],
]

function scaled(value: number | null | undefined, factor: number): number | undefined {
  return value === null || value === undefined ? undefined : value * factor
}

function withPlus(shown: string): string {
  return shown.startsWith(MINUS) || !/[1-9]/.test(shown) ? shown : `+${shown}`
}
