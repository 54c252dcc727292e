import { NO_COST } from '../../costs/cost.ts'
import type { CostModel } from '../../costs/cost-model.ts'
import { type CostEstimate, estimateCosts } from '../../costs/estimate-costs.ts'
import { judgeNetAlpha, type TradeCase } from '../../costs/net-alpha.ts'
import type { Session } from '../../market/session.ts'
import { type Decimal, isZero, multiply, toNumber, ZERO } from '../../money/decimal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import type { NameFacts } from './starting-point.ts'

/** What a trade is worth to the fund, whether it is made or not. */
export interface Appraisal {
  readonly notional: Decimal
  readonly costs: CostEstimate
  readonly alpha: ConsideredTrade['alpha']
  /** Whether it is expected to earn more than it costs, or is owed to the rules whatever it costs. */
  readonly passes: boolean
}

export interface TradeQuestion {
  readonly name: NameFacts
  readonly side: 'buy' | 'sell'
  readonly quantity: Decimal
  readonly expected: Pick<ConsideredTrade['alpha'], 'expectedBps' | 'source'>
  readonly bypass?: TradeCase['bypass']
}

export interface TradeTerms {
  readonly session: Session
  readonly model: CostModel
  readonly exitProbability: number
  readonly minimumEdgeBps: number
}

/**
 * The arithmetic of a trade: its estimated costs, those of undoing it, and what is left of its expected alpha. A cost that needs what
 * nobody knows is NaN in the alpha, and such a trade passes only when it is owed to the rules. A quantity of zero costs nothing.
 */
export function appraise(question: TradeQuestion, terms: TradeTerms): Appraisal {
  const { name, side, quantity, expected, bypass } = question
  const { exitProbability, minimumEdgeBps } = terms
  const costs = costsOf(name, side, quantity, terms)
  const back = costsOf(name, side === 'buy' ? 'sell' : 'buy', quantity, terms)
  const { expectedBps, source } = expected
  const verdict = judgeNetAlpha({
    side,
    expectedAlphaBps: expectedBps,
    costInBps: knownBps(costs),
    costOutBps: knownBps(back),
    exitProbability,
    minEdgeBps: minimumEdgeBps,
    bypass,
  })
  return {
    notional: name.price === undefined ? ZERO : multiply(quantity, name.price),
    costs,
    alpha: {
      expectedBps,
      source,
      grossBps: verdict.grossAlphaBps,
      costInBps: verdict.costInBps,
      costOutBps: verdict.costOutBps,
      netBps: verdict.netAlphaBps,
    },
    passes: verdict.verdict !== 'suppressed',
  }
}

const FREE: CostEstimate = {
  notional: 0,
  commission: NO_COST,
  exchangeFee: NO_COST,
  halfSpread: NO_COST,
  permanentImpact: NO_COST,
  temporaryImpact: NO_COST,
  total: NO_COST,
  missing: [],
}

function costsOf(
  { symbol, price, market }: NameFacts,
  side: 'buy' | 'sell',
  quantity: Decimal,
  { session, model }: TradeTerms,
): CostEstimate {
  if (price === undefined || isZero(quantity)) return FREE
  return estimateCosts({ symbol, side, session, quantity: toNumber(quantity), price: toNumber(price) }, market, model)
}

function knownBps({ total, missing }: CostEstimate): number {
  return missing.length > 0 ? Number.NaN : total.bps
}
