import type { Mandate } from '../mandate/mandate.ts'
import type { Band } from './signal.ts'

/** What dividing by a sum of weights leaves must not decide between two bands. */
const DECIMALS = 1e9

/** The band that a composite lies in; a band's lowest score belongs to it, to nine decimals. */
export function bandOf(composite: number, { strongBuy, buy, hold, sell }: Mandate['signals']['bands']): Band {
  const score = Math.round(composite * DECIMALS) / DECIMALS
  if (score >= strongBuy) return 'strong_buy'
  if (score >= buy) return 'buy'
  if (score >= hold) return 'hold'
  return score >= sell ? 'sell' : 'strong_sell'
}

/** How many signals are in each band, by the names of the mandate. */
export function countBands(signals: readonly { readonly band: Band }[]) {
  const count = (band: Band) => signals.filter((signal) => signal.band === band).length
  return {
    strongBuy: count('strong_buy'),
    buy: count('buy'),
    hold: count('hold'),
    sell: count('sell'),
    strongSell: count('strong_sell'),
  }
}
