import { expectedAlphaBps } from '../../costs/expected-alpha.ts'
import type { Signal } from '../../signals/signal.ts'

/** What a name is expected to earn over the next 21 sessions beyond its peers, and who says so. */
export interface ExpectedAlpha {
  readonly bps: number
  readonly source: 'composite' | 'model'
}

/** By symbol; a name without an entry has no expectation. */
export type ExpectedAlphas = ReadonlyMap<string, ExpectedAlpha>

/** Expectations from the composite signal: 1e4 × IC × volatility over 21 sessions × z-score. */
export function compositeAlphas(signals: readonly Signal[], informationCoefficient: number): ExpectedAlphas {
  return new Map(
    signals.map(({ symbol, zScore, dailyVolatility }) => [
      symbol,
      { bps: expectedAlphaBps(zScore, dailyVolatility, informationCoefficient), source: 'composite' },
    ]),
  )
}
