import { compare, type Decimal, decimal, isZero, toText, ZERO } from '../../money/decimal.ts'
import type { ConsideredTrade, TradeVerdict } from '../considered-trade.ts'
import { appraise } from './appraise.ts'
import type { Deliberation } from './consider-trade.ts'
import type { NameFacts } from './starting-point.ts'

export type Sizing = Pick<Deliberation, 'session' | 'model' | 'exitProbability' | 'minimumEdgeBps' | 'rules'>

/**
 * The order at another quantity, its costs and net alpha computed anew. Where less of it is not worth making (nothing left, below the
 * minimum, or its costs now above its alpha), it becomes a suppressed trade with the verdict of whoever cut it and its wanted arithmetic.
 */
export function resize(
  trade: ConsideredTrade,
  quantity: Decimal,
  name: NameFacts,
  { verdict, why }: { readonly verdict: TradeVerdict; readonly why: string },
  fund: Sizing,
): ConsideredTrade {
  const { side, alpha, reason } = trade
  // An order that did not pay before was owed to the rules.
  const bypass = alpha.netBps > fund.minimumEdgeBps ? undefined : 'risk-reducing'
  const ask = (amount: Decimal) => appraise({ name, side, quantity: amount, expected: alpha, bypass }, fund)
  const smaller = ask(quantity)
  const enough = reason === 'forced-exit' || compare(smaller.notional, decimal(fund.rules.minimumTrade)) >= 0
  const sentence = (words: string) => `${trade.explanation} ${words}`
  if (!isZero(quantity) && enough && smaller.passes) {
    const { notional, costs, alpha } = smaller
    const change = `Made ${toText(quantity)} instead of ${toText(trade.quantity)}: ${why}.`
    return { ...trade, quantity, notional, costs, alpha, explanation: sentence(change) }
  }
  const { notional, costs, alpha: wanted } = ask(trade.wantedQuantity)
  return {
    ...trade,
    quantity: ZERO,
    notional,
    costs,
    alpha: wanted,
    verdict,
    explanation: sentence(`Not made: ${why}.`),
  }
}
