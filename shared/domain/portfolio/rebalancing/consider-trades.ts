import { compare, decimal, isZero, multiply } from '../../money/decimal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import { considerTrade, type Deliberation, DRIFT_ALLOWANCE } from './consider-trade.ts'
import { fitToCash } from './fit-to-cash.ts'
import { heldShares } from './fund-weights.ts'
import { investIdleCash } from './idle-cash.ts'
import type { TargetWeight } from './target-weight.ts'
import { topUp } from './top-up.ts'
import { keepWithinTurnover, type UsedTurnover } from './turnover-budget.ts'

/**
 * The whole arithmetic of a rebalance, in order: each name on its own against its band, its least size and its costs; idle cash put to work;
 * one share more where rounding left cash; the turnover budget; the cash. Every name that is held or has a target gives exactly one trade, made or not, sells
 * before buys, larger ones first.
 */
export function considerTrades(
  targets: readonly TargetWeight[],
  used: UsedTurnover,
  fund: Omit<Deliberation, 'overweight'>,
): ConsideredTrade[] {
  const { point, rules } = fund
  const overweight = new Set(
    [...heldShares(point, ({ sector }) => sector)].flatMap(([sector, share]) =>
      share > DRIFT_ALLOWANCE * rules.sectorCap ? [sector] : [],
    ),
  )
  const names = new Map(point.names.map((name) => [name.symbol, name]))
  const weights = new Map(targets.map(({ symbol, weight }) => [symbol, weight]))
  const considered = point.names
    .filter((name) => !isZero(name.held) || (weights.get(name.symbol) ?? 0) > 0)
    .map((name) => considerTrade(name, weights.get(name.symbol) ?? 0, { ...fund, overweight }))

  const reserve = multiply(decimal(rules.cash), point.value)
  const invested = investIdleCash(considered, names, { ...fund, overweight })
  const topped = topUp(invested, names, reserve, { ...fund, overweight })
  const budgeted = keepWithinTurnover(topped, names, used, { ...fund, overweight })
  const paid = fitToCash(budgeted, names, { cash: point.cash, reserve, verdict: 'no-cash' }, fund)
  return inOrder(paid)
}

/** Sells before buys, larger notional first, then by symbol. */
export function inOrder(trades: readonly ConsideredTrade[]): ConsideredTrade[] {
  return [...trades].sort((a, b) => {
    if (a.side !== b.side) return a.side === 'sell' ? -1 : 1
    return compare(b.notional, a.notional) || (a.symbol < b.symbol ? -1 : 1)
  })
}
