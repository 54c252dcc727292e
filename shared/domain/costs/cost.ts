/** One line of a cost estimate, in the currency of the price and in basis points of the order's notional. */
export interface Cost {
  readonly amount: number
  readonly bps: number
}

export const NO_COST: Cost = { amount: 0, bps: 0 }

export function costOfAmount(amount: number, notional: number): Cost {
  return { amount, bps: (1e4 * amount) / notional }
}

export function costOfBps(bps: number, notional: number): Cost {
  return { amount: (notional * bps) / 1e4, bps }
}

export function sumCosts(costs: readonly Cost[]): Cost {
  return costs.reduce((total, { amount, bps }) => ({ amount: total.amount + amount, bps: total.bps + bps }), NO_COST)
}
