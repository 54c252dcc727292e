import type { Mandate } from '../../mandate/mandate.ts'
import { isZero } from '../../money/decimal.ts'
import type { Band, Signal } from '../../signals/signal.ts'
import type { Standing } from './standing.ts'
import type { NameFacts } from './starting-point.ts'

/** A name as the construction of targets sees it: in with its signal and multiple, or out, and why. */
export type Candidate =
  | { readonly name: NameFacts; readonly signal: Signal; readonly multiple: number; readonly note: string }
  | { readonly name: NameFacts; readonly signal: undefined; readonly note: string }

type Rules = Pick<Mandate['portfolio'], 'multiples' | 'buyQuintiles'>

/**
 * Who may have a target weight: names with a positive multiple that no list forbids. One that is not held must also be in a quintile that
 * is bought from, not be under observation, and have a price. Names that are neither held nor candidates are left out.
 */
export function candidates(
  names: readonly NameFacts[],
  signals: ReadonlyMap<string, Signal>,
  standing: (symbol: string) => Standing,
  rules: Rules,
): Candidate[] {
  return names.flatMap((name): Candidate[] => {
    const held = !isZero(name.held)
    const signal = signals.get(name.symbol)
    const out = outReason(name, held, signal, standing(name.symbol), rules)
    if (out !== undefined || !signal) return held ? [{ name, signal: undefined, note: out ?? NO_SIGNAL }] : []
    const multiple = multipleOf(signal.band, rules)
    return [{ name, signal, multiple, note: `${wordsOf(signal.band)} with a score of ${signal.score.toFixed(1)}` }]
  })
}

const NO_SIGNAL = 'no signal'

function outReason(
  { price }: NameFacts,
  held: boolean,
  signal: Signal | undefined,
  lists: Standing,
  rules: Rules,
): string | undefined {
  if (lists.standing === 'must-sell') return lists.reason
  if (!signal) return NO_SIGNAL
  if (!(multipleOf(signal.band, rules) > 0)) return `${wordsOf(signal.band)} with a score of ${signal.score.toFixed(1)}`
  if (held) return undefined
  if (lists.standing === 'observed') return lists.reason
  if (!rules.buyQuintiles.includes(signal.quintile)) return `quintile ${signal.quintile} is not bought from`
  return price === undefined ? 'no price' : undefined
}

function multipleOf(band: Band, { multiples }: Rules): number {
  const { strongBuy, buy, hold, sell, strongSell } = multiples
  return { strong_buy: strongBuy, buy, hold, sell, strong_sell: strongSell }[band]
}

function wordsOf(band: Band): string {
  return band.replace('_', ' ')
}
