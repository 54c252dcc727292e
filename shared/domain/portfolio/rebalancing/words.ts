import { type Decimal, roundTo, toText } from '../../money/decimal.ts'

/** A fraction for a sentence: 0.0312 is `3.12 %`. */
export function percentText(fraction: number): string {
  return `${withoutMinusZero((100 * fraction).toFixed(2))} %`
}

/** Basis points for a sentence: `-3.1 bps`; unknown ones are `unknown`. */
export function bpsText(bps: number): string {
  return Number.isNaN(bps) ? 'unknown' : `${withoutMinusZero(bps.toFixed(1))} bps`
}

/** An amount of the base currency to the cent. */
export function amountText(amount: Decimal): string {
  return toText(roundTo(amount, 2))
}

function withoutMinusZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text
}
