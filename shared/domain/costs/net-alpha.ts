/** An order as the filter sees it: what it is expected to earn and to cost over the horizon of its alpha. */
export interface TradeCase {
  readonly side: 'buy' | 'sell'
  /** Of the name itself, whichever side the order is on; NaN when there is no signal. */
  readonly expectedAlphaBps: number
  /** Of this order, in basis points of its notional; NaN when it could not be estimated. */
  readonly costInBps: number
  /** Of undoing it later. */
  readonly costOutBps: number
  /** That it is undone within the horizon. */
  readonly exitProbability: number
  /** What must be left beyond the costs. */
  readonly minEdgeBps: number
  /** An order that the fund owes to its rules, whatever it costs. */
  readonly bypass?: 'risk-reducing' | 'forced-exit'
}

/** The whole arithmetic, so that a suppressed order can be explained as well as one that is sent. */
export interface NetAlpha {
  readonly grossAlphaBps: number
  readonly costInBps: number
  readonly costOutBps: number
  readonly exitProbability: number
  readonly netAlphaBps: number
  readonly minEdgeBps: number
}

export type NetAlphaVerdict = NetAlpha &
  (
    | { readonly verdict: 'trade'; readonly reason: 'edge' }
    | { readonly verdict: 'suppressed'; readonly reason: 'too-little-edge' | 'no-expected-alpha' | 'no-cost-estimate' }
    | { readonly verdict: 'bypass'; readonly reason: 'risk-reducing' | 'forced-exit' }
  )

/**
 * Trades only what is expected to earn more than it costs: E[alpha] − cost in − cost out × P(exit in the horizon) must be
 * strictly above the least edge. Selling part of a holding gains what the name is expected to lose, so a sell's gross alpha
 * is the name's with the sign turned. What reduces risk or is forced passes; what cannot be reckoned does not.
 * @throws RangeError for a negative or infinite cost, a probability outside [0, 1] or a least edge that is not finite.
 */
export function judgeNetAlpha(trade: TradeCase): NetAlphaVerdict {
  const { side, expectedAlphaBps, costInBps, costOutBps, exitProbability, minEdgeBps, bypass } = trade
  for (const cost of [costInBps, costOutBps]) {
    if (cost < 0 || cost === Number.POSITIVE_INFINITY) throw new RangeError(`Cost ${cost} bps, expected from 0`)
  }
  if (!(exitProbability >= 0 && exitProbability <= 1)) {
    throw new RangeError(`Exit probability ${exitProbability}, expected 0 to 1`)
  }
  if (!Number.isFinite(minEdgeBps)) throw new RangeError(`Least edge ${minEdgeBps} bps, expected a finite number`)

  const grossAlphaBps = side === 'buy' ? expectedAlphaBps : 0 - expectedAlphaBps
  const netAlphaBps = grossAlphaBps - costInBps - costOutBps * exitProbability
  const arithmetic = { grossAlphaBps, costInBps, costOutBps, exitProbability, netAlphaBps, minEdgeBps }

  if (bypass !== undefined) return { ...arithmetic, verdict: 'bypass', reason: bypass }
  if (Number.isNaN(expectedAlphaBps)) return { ...arithmetic, verdict: 'suppressed', reason: 'no-expected-alpha' }
  if (Number.isNaN(netAlphaBps)) return { ...arithmetic, verdict: 'suppressed', reason: 'no-cost-estimate' }
  if (netAlphaBps > minEdgeBps) return { ...arithmetic, verdict: 'trade', reason: 'edge' }
  return { ...arithmetic, verdict: 'suppressed', reason: 'too-little-edge' }
}
