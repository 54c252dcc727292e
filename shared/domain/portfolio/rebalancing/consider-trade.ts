import type { TradeCase } from '../../costs/net-alpha.ts'
import type { Mandate } from '../../mandate/mandate.ts'
import {
  compare,
  type Decimal,
  decimal,
  isZero,
  max,
  min,
  multiply,
  subtract,
  toText,
  ZERO,
} from '../../money/decimal.ts'
import type { ConsideredTrade, TradeReason, TradeVerdict } from '../considered-trade.ts'
import { type Appraisal, appraise, type TradeTerms } from './appraise.ts'
import type { ExpectedAlphas } from './expected-alpha.ts'
import { alphaWords, tradeWords, weightWords } from './explain.ts'
import { holdingValue, shareOf } from './fund-weights.ts'
import { lotOf, lotsFor, lotsToRaise } from './lot.ts'
import { type Band, goalWeight, noTradeBand } from './no-trade-band.ts'
import type { Standing } from './standing.ts'
import type { NameFacts, StartingPoint } from './starting-point.ts'
import { tradeId } from './trade-id.ts'

/**
 * A holding is above a cap when it exceeds it by a hundredth of the cap: costs and a day's prices alone bring what was bought up to its cap
 * a little above it, and selling that again would cost more than it is worth.
 */
export const DRIFT_ALLOWANCE = 1.01

/** What every trade of a rebalance is considered under. */
export interface Deliberation extends TradeTerms {
  readonly run: string
  readonly point: StartingPoint
  readonly rules: Mandate['portfolio']
  readonly standing: (symbol: string) => Standing
  readonly alphas: ExpectedAlphas
  /** A name whose last close is older is not traded. */
  readonly maximumPriceAgeSessions: number
  /** Sectors that drifted above their cap: what is above its target in them goes back to it. */
  readonly overweight: ReadonlySet<string>
}

/**
 * The trade that would bring a name to its target, with its whole arithmetic and the first reason against it: no usable price, within the
 * band, under observation, too small, or not worth its cost. Forced exits ask for none of these but the price; what a cap demands to be sold
 * is sold whatever it costs, but no more than that. Budgets and cash come later.
 */
export function considerTrade(name: NameFacts, target: number, fund: Deliberation): ConsideredTrade {
  const { rules, point } = fund
  const current = shareOf(holdingValue(name), point.value)
  const lists = fund.standing(name.symbol)
  const forced = lists.standing === 'must-sell'
  const side = forced || target < current ? 'sell' : 'buy'
  const reason = reasonOf(side, forced, target, name, point)
  const band = bandOf(name, target, fund)

  const unpriced = noUsablePrice(name, fund)
  const goal = forced ? 0 : goalOf(name, current, target, band, fund)
  const ask = (quantity: Decimal, bypass?: TradeCase['bypass']) =>
    appraise({ name, side, quantity, expected: expectedOf(name.symbol, fund), bypass }, fund)
  const conclude = (wanted: Decimal, appraisal: Appraisal, verdict: TradeVerdict, words: string): ConsideredTrade => ({
    id: tradeId(fund.session, fund.run, name.symbol, side),
    session: fund.session,
    symbol: name.symbol,
    sector: name.sector,
    side,
    reason,
    currentWeight: current,
    targetWeight: target,
    band,
    wantedQuantity: wanted,
    quantity: verdict === 'order' ? wanted : ZERO,
    price: name.price ?? ZERO,
    notional: appraisal.notional,
    alpha: appraisal.alpha,
    costs: appraisal.costs,
    verdict,
    explanation: `${weightWords(current, target, band)}${words}.`,
  })

  if (unpriced !== undefined) return conclude(ZERO, ask(ZERO), 'no-price', `: ${unpriced}`)
  if (goal === undefined) return conclude(ZERO, ask(ZERO), 'within-band', ': within the band')

  const owed = owedSale(name, current, target, side, fund)
  const wanted = max(quantityTo(goal, name, side, fund), owed)
  const words = `: ${forced ? `${lists.reason}, ` : ''}${tradeWords(side, wanted, name)}`
  const appraisal = ask(wanted, forced ? 'forced-exit' : undefined)
  if (forced) return conclude(wanted, appraisal, 'order', words)
  if (side === 'buy' && lists.standing === 'observed') {
    return conclude(wanted, appraisal, 'observed', `${words} is not made, ${lists.reason}`)
  }
  const small = tooSmall(appraisal.notional, rules)
  if (small === undefined && appraisal.passes) {
    return conclude(wanted, appraisal, 'order', `${words}; ${alphaWords(appraisal, side, fund)}`)
  }

  if (!isZero(owed)) {
    const sale = ask(owed, 'risk-reducing')
    if (tooSmall(sale.notional, rules) === undefined) {
      return conclude(owed, sale, 'order', `: ${tradeWords(side, owed, name)}, above a cap and owed whatever it costs`)
    }
  }
  if (small !== undefined) return conclude(wanted, appraisal, 'below-minimum', `${words}, ${small}`)
  return conclude(wanted, appraisal, 'negative-net-alpha', `${words} is not made; ${alphaWords(appraisal, side, fund)}`)
}

function reasonOf(
  side: 'buy' | 'sell',
  forced: boolean,
  target: number,
  { held }: NameFacts,
  { initialFunding }: StartingPoint,
): TradeReason {
  if (forced) return 'forced-exit'
  if (side === 'sell') return target === 0 ? 'exit' : 'decrease'
  if (initialFunding) return 'initial-funding'
  return isZero(held) ? 'new' : 'increase'
}

function noUsablePrice({ price, priceAge }: NameFacts, { maximumPriceAgeSessions }: Deliberation): string | undefined {
  if (price === undefined) return 'there is no price'
  if (priceAge <= maximumPriceAgeSessions) return undefined
  return `the last close is ${priceAge} sessions old, expected ${maximumPriceAgeSessions} at most`
}

/** The band by what a trade of its own size would cost there and back, so that it does not depend on what is held. */
function bandOf(name: NameFacts, target: number, fund: Deliberation): Band {
  const { rules, point } = fund
  const size = max(multiply(decimal(rules.band.relative * target), point.value), decimal(rules.minimumTrade))
  const quantity = name.price === undefined ? ZERO : max(lotsFor(size, name.price, lotOf(name.asset, rules)), ZERO)
  const { costs } = appraise({ name, side: 'sell', quantity, expected: UNKNOWN }, fund)
  const roundTripCost = (2 * costs.total.bps) / 1e4
  const cap = DRIFT_ALLOWANCE * rules.nameCap
  const band = noTradeBand(target, { relative: rules.band.relative, roundTripCost, cap })
  return fund.overweight.has(name.sector) ? [band[0], target] : band
}

function goalOf(name: NameFacts, current: number, target: number, band: Band, fund: Deliberation): number | undefined {
  const { rules, overweight } = fund
  if (overweight.has(name.sector) && current > target) return goalWeight(current, target, band, 'target')
  const goal = goalWeight(current, target, band, rules.band.mode)
  return goal !== undefined && current > goal ? Math.min(goal, Math.max(rules.nameCap, target)) : goal
}

/** In whole lots, rounded down; leaving a name altogether sells the fraction of a share that a reinvested dividend brought, too. */
function quantityTo(goal: number, name: NameFacts, side: 'buy' | 'sell', { rules, point }: Deliberation): Decimal {
  const { held, price = ZERO, asset } = name
  if (goal === 0) return held
  const gap = subtract(multiply(decimal(goal), point.value), multiply(held, price))
  if (side === 'buy') return max(ZERO, lotsFor(gap, price, lotOf(asset, rules)))
  return min(held, max(ZERO, lotsFor(subtract(ZERO, gap), price, lotOf(asset, rules))))
}

/** What must be sold of a name that drifted above its own cap, or above its target in a sector that did; rounded up. Zero for none. */
function owedSale(
  name: NameFacts,
  current: number,
  target: number,
  side: 'buy' | 'sell',
  { rules, point, overweight }: Deliberation,
): Decimal {
  const limit = overweight.has(name.sector) ? target : rules.nameCap
  if (side === 'buy' || name.price === undefined || current <= DRIFT_ALLOWANCE * limit) return ZERO
  const excess = subtract(holdingValue(name), multiply(decimal(limit), point.value))
  return min(name.held, lotsToRaise(excess, name.price, lotOf(name.asset, rules)))
}

function tooSmall(notional: Decimal, { minimumTrade }: Mandate['portfolio']): string | undefined {
  if (isZero(notional)) return 'less than can be traded'
  return compare(notional, decimal(minimumTrade)) < 0
    ? `below the minimum of ${toText(decimal(minimumTrade))}`
    : undefined
}

const UNKNOWN = { expectedBps: Number.NaN, source: 'composite' } as const

function expectedOf(
  symbol: string,
  { alphas }: Deliberation,
): Pick<ConsideredTrade['alpha'], 'expectedBps' | 'source'> {
  const alpha = alphas.get(symbol)
  return alpha ? { expectedBps: alpha.bps, source: alpha.source } : UNKNOWN
}
