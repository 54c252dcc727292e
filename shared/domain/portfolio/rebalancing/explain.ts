import { type Decimal, multiply, toText } from '../../money/decimal.ts'
import type { Appraisal, TradeTerms } from './appraise.ts'
import type { Band } from './no-trade-band.ts'
import type { NameFacts } from './starting-point.ts'
import { amountText, bpsText, percentText } from './words.ts'

/** `Weighs 2.10 %, wanted 3.00 %, no trade from 2.40 % to 3.60 %` */
export function weightWords(current: number, target: number, [low, high]: Band): string {
  return `Weighs ${percentText(current)}, wanted ${percentText(target)}, no trade from ${percentText(low)} to ${percentText(high)}`
}

/** `buy of 120 at 98.5 for 11820.00` */
export function tradeWords(side: 'buy' | 'sell', quantity: Decimal, { price }: NameFacts): string {
  const value = price === undefined ? '' : ` at ${toText(price)} for ${amountText(multiply(quantity, price))}`
  return `${side === 'buy' ? 'buy' : 'sale'} of ${toText(quantity)}${value}`
}

/** `27.3 bps expected − 3.1 bps in − 0.25 × 3.1 bps out = 23.4 bps, more than 0.0 bps` */
export function alphaWords(
  { alpha, costs, passes }: Pick<Appraisal, 'alpha' | 'costs' | 'passes'>,
  side: 'buy' | 'sell',
  { exitProbability, minimumEdgeBps }: TradeTerms,
): string {
  if (Number.isNaN(alpha.expectedBps)) return 'nobody expects anything of it, so nothing pays for the trade'
  if (costs.missing.length > 0) return `its cost cannot be estimated without ${costs.missing.join(', ')}`
  const gross = `${bpsText(alpha.grossBps)} expected${side === 'sell' ? ' of not holding it' : ''}`
  const costsText = `${bpsText(alpha.costInBps)} in − ${exitProbability} × ${bpsText(alpha.costOutBps)} out`
  return `${gross} − ${costsText} = ${bpsText(alpha.netBps)}, ${passes ? 'more' : 'not more'} than ${bpsText(minimumEdgeBps)}`
}
