import { readFileSync } from 'node:fs'

type Row<Keys extends string> = Readonly<Record<Keys, number>>

interface Estimates {
  /** Quantity, price, spread bps, ADV, daily sigma, shares outstanding, days. */
  readonly order: readonly [number, number, number, number, number, number, number]
  readonly notional: number
  /** Commission, exchange fee, half spread, permanent and temporary impact, total. */
  readonly amounts: readonly number[]
  readonly bps: readonly number[]
}

export type ReferenceModel = 'per-share' | 'ibkr-fixed' | 'square-root' | 'square-root-0.5' | 'almgren'

interface CostsReference {
  readonly ibkr_examples: {
    readonly fixed: readonly Row<'quantity' | 'price' | 'commission'>[]
    readonly tiered: readonly Row<'quantity' | 'price' | 'commission' | 'clearing'>[]
  }
  readonly almgren_example: Row<'sigma' | 'adv' | 'shares_outstanding' | 'quantity' | 'permanent'> & {
    readonly days: readonly Row<'days' | 'temporary' | 'total'>[]
  }
  readonly models: Readonly<Record<ReferenceModel, readonly Estimates[]>>
  readonly tiered: readonly Row<'quantity' | 'traded' | 'by_share'>[]
  readonly corwin_schultz: Row<'plain_bps_21' | 'adjusted_bps_21'> &
    Readonly<Record<'high' | 'low' | 'close', readonly number[]>> &
    Readonly<Record<'plain' | 'adjusted', readonly (number | null)[]>>
}

/** Written by `tests/reference/costs.py`. */
export const REFERENCE: CostsReference = JSON.parse(
  readFileSync(new URL('../../../reference/costs.json', import.meta.url), 'utf8'),
)
