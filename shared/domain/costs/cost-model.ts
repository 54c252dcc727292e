import type { RegulatoryFee } from './regulatory-fees.ts'
import { DEFAULT_Y } from './square-root-impact.ts'

export type CommissionModel = 'none' | 'per-share' | 'ibkr-fixed' | 'ibkr-tiered' | 'alpaca'

/** Where the spread comes from; a number is a full spread in basis points for every name. */
export type SpreadModel = 'none' | 'quote' | 'corwin-schultz' | 'bucket' | number

/** How an order moves the price against itself. `linear` is part of the per-share model. */
export type ImpactModel =
  | { readonly impact: 'none' | 'linear' | 'almgren' }
  | { readonly impact: 'square-root'; readonly y: number }

/** What is charged for trading, as a mandate states it. */
export type CostModel = {
  readonly commission: CommissionModel
  readonly spread: SpreadModel
  /** Of sales of stocks; none unless somebody states them, for their rates change. */
  readonly regulatoryFees?: readonly RegulatoryFee[]
} & ImpactModel

/** The models that have a name of their own. */
export const COST_PRESETS = {
  'per-share': { commission: 'per-share', spread: 'quote', impact: 'linear' },
  'ibkr-fixed': { commission: 'ibkr-fixed', spread: 'none', impact: 'none' },
  'square-root': { commission: 'none', spread: 'none', impact: 'square-root', y: DEFAULT_Y },
  almgren: { commission: 'none', spread: 'none', impact: 'almgren' },
} as const satisfies Readonly<Record<string, CostModel>>

export type CostPreset = keyof typeof COST_PRESETS
