import { instrumentOf } from '../market/instrument.ts'
import type { Session } from '../market/session.ts'
import { almgrenPermanentBps, almgrenTemporaryBps } from './almgren-impact.ts'
import { alpacaCommissionBps, type Liquidity } from './alpaca.ts'
import { type Cost, costOfAmount, costOfBps, NO_COST, sumCosts } from './cost.ts'
import type { CostModel } from './cost-model.ts'
import { ibkrFixedCommission } from './ibkr-fixed.ts'
import { IBKR_TIERED, ibkrTieredCommission } from './ibkr-tiered.ts'
import { bucketSpreadBps } from './liquidity-bucket.ts'
import { linearImpactBps, PER_SHARE, perShareCommission } from './per-share.ts'
import { regulatorySellFees } from './regulatory-fees.ts'
import { squareRootImpactBps } from './square-root-impact.ts'

export interface CostOrder {
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly quantity: number // shares or coins, above zero
  readonly price: number // above zero, in the currency of the model's rates
  /** `taker` unless told otherwise: the dearer. */
  readonly liquidity?: Liquidity
  /** The session it trades in, for fees that change with time. */
  readonly session?: Session
}

/** What is known of the market of the order's symbol, from before the order. Absent and NaN are the same: not known. */
export interface CostMarket {
  /** The full spread, measured the way the model says (`quotedSpreadBps`, `corwinSchultzBps`). */
  readonly spreadBps?: number
  /** Median daily value traded, for a spread by `bucket`. */
  readonly medianDollarVolume?: number
  /** Average daily volume in shares. */
  readonly adv?: number
  /** Deviation of daily returns, a fraction. */
  readonly sigmaDaily?: number
  readonly sharesOutstanding?: number
  /** Trading days the order is spread over. */
  readonly horizonDays?: number
  /** Shares the account has traded this month, for tiers; 0 unless told, the dearest tier. */
  readonly sharesThisMonth?: number
}

/** What trading an order is expected to cost. Every line is from zero up, for buys and sells alike. */
export interface CostEstimate {
  readonly notional: number
  readonly commission: Cost
  /** Exchange, clearing and regulatory fees beside the commission. */
  readonly exchangeFee: Cost
  readonly halfSpread: Cost
  /** The half of the lasting move that the order itself pays. */
  readonly permanentImpact: Cost
  readonly temporaryImpact: Cost
  readonly total: Cost
  /** What the model needs and nobody knew: lines that need it are 0, so the total is too low. */
  readonly missing: readonly string[]
}

/**
 * Estimates what an order costs before it is sent: analytics in float64; what is really charged is booked from the broker's
 * fills in exact decimals. An input that is absent or NaN, or zero where the model divides by it (no volume, no shares, no
 * time), is named in `missing`, and the caller decides what an estimate without it is worth.
 * @throws RangeError for a quantity, price or value of the order that is not finite and above zero, and for an input or
 *   parameter that is negative or infinite.
 */
export function estimateCosts(order: CostOrder, market: CostMarket, model: CostModel): CostEstimate {
  const { quantity, price } = order
  const notional = quantity * price
  if (!(quantity > 0 && price > 0 && notional > 0 && notional < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${order.symbol}: quantity ${quantity} at ${price}, expected both above zero and finite`)
  }
  const missing = new Set<string>()
  const given = (name: keyof CostMarket) => checked(`${order.symbol}: ${name}`, market[name] ?? Number.NaN)
  const need: Need = (name, zero) => {
    const value = given(name)
    if (!Number.isNaN(value) && !(zero === 'divides' && value === 0)) return value
    missing.add(name)
    return Number.NaN
  }
  const lines = {
    commission: commissionOf(order, notional, given('sharesThisMonth') || 0, model),
    exchangeFee: sumCosts([venueFees(quantity, notional, model), regulatory(order, notional, model, missing)]),
    halfSpread: ofKnown(fullSpreadBps(model, need) / 2, notional),
    permanentImpact: ofKnown(permanentImpactBps(quantity, model, need), notional),
    temporaryImpact: ofKnown(temporaryImpactBps(quantity, notional, model, need), notional),
  }
  return { notional, ...lines, total: sumCosts(Object.values(lines)), missing: [...missing] }
}

/** An input of the model; NaN, and noted as missing, when it is not known. */
type Need = (name: keyof CostMarket, zero: 'zero-allowed' | 'divides') => number

function checked(what: string, value: number): number {
  if (!(value < 0 || value === Number.POSITIVE_INFINITY)) return value
  throw new RangeError(`${what} ${value}, expected a finite number from 0`)
}

function ofKnown(bps: number, notional: number): Cost {
  return Number.isNaN(bps) ? NO_COST : costOfBps(bps, notional)
}

function commissionOf(order: CostOrder, notional: number, sharesThisMonth: number, { commission }: CostModel): Cost {
  const { symbol, quantity, liquidity = 'taker' } = order
  switch (commission) {
    case 'none':
      return NO_COST
    case 'per-share':
      return costOfAmount(perShareCommission(quantity), notional)
    case 'ibkr-fixed':
      return costOfAmount(ibkrFixedCommission(quantity, notional), notional)
    case 'ibkr-tiered':
      return costOfAmount(ibkrTieredCommission(quantity, notional, sharesThisMonth), notional)
    case 'alpaca':
      return costOfBps(alpacaCommissionBps(instrumentOf(symbol).asset, liquidity), notional)
  }
}

function venueFees(quantity: number, notional: number, { commission }: CostModel): Cost {
  if (commission === 'per-share') return costOfBps(PER_SHARE.exchangeFeeBps, notional)
  if (commission === 'ibkr-tiered') return costOfAmount(IBKR_TIERED.clearingPerShare * quantity, notional)
  return NO_COST
}

function regulatory(
  { symbol, side, session, quantity }: CostOrder,
  notional: number,
  { regulatoryFees: fees = [] }: CostModel,
  missing: Set<string>,
): Cost {
  if (side === 'buy' || fees.length === 0 || instrumentOf(symbol).asset !== 'equity') return NO_COST
  if (session !== undefined) return costOfAmount(regulatorySellFees(fees, session, quantity, notional), notional)
  missing.add('session')
  return NO_COST
}

function fullSpreadBps({ spread }: CostModel, need: Need): number {
  if (typeof spread === 'number') return checked('spread', spread)
  if (spread === 'none') return 0
  if (spread === 'bucket') return bucketSpreadBps(need('medianDollarVolume', 'zero-allowed'))
  return need('spreadBps', 'zero-allowed')
}

function permanentImpactBps(quantity: number, { impact }: CostModel, need: Need): number {
  if (impact !== 'almgren') return 0
  const market = { adv: need('adv', 'divides'), sigmaDaily: need('sigmaDaily', 'zero-allowed') }
  return almgrenPermanentBps(quantity, market, need('sharesOutstanding', 'divides')) / 2
}

function temporaryImpactBps(quantity: number, notional: number, model: CostModel, need: Need): number {
  if (model.impact === 'none') return 0
  if (model.impact === 'linear') return linearImpactBps(notional)
  const market = { adv: need('adv', 'divides'), sigmaDaily: need('sigmaDaily', 'zero-allowed') }
  if (model.impact === 'square-root') return squareRootImpactBps({ quantity, ...market }, checked('y', model.y))
  return almgrenTemporaryBps(quantity, market, need('horizonDays', 'divides'))
}
