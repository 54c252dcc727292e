import { toNumber, toText } from '../../domain/money/decimal.ts'
import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'

/** A column of the report's tables. Amounts and quantities are exact texts in CSV and doubles in Parquet; null is not known. */
export type TradeColumn = {
  readonly name: string
} & (
  | { readonly kind: 'text'; readonly of: (trade: ConsideredTrade) => string }
  | { readonly kind: 'exact'; readonly of: (trade: ConsideredTrade) => ConsideredTrade['price'] }
  | { readonly kind: 'number'; readonly of: (trade: ConsideredTrade) => number }
)

const COST_LINES = ['commission', 'exchangeFee', 'halfSpread', 'permanentImpact', 'temporaryImpact', 'total'] as const

/** Everything that is known of a considered trade, one row a trade. Weights are fractions, the rest is named. */
export const TRADE_COLUMNS: readonly TradeColumn[] = [
  { name: 'id', kind: 'text', of: ({ id }) => id },
  { name: 'session', kind: 'text', of: ({ session }) => session },
  { name: 'symbol', kind: 'text', of: ({ symbol }) => symbol },
  { name: 'sector', kind: 'text', of: ({ sector }) => sector },
  { name: 'side', kind: 'text', of: ({ side }) => side },
  { name: 'reason', kind: 'text', of: ({ reason }) => reason },
  { name: 'verdict', kind: 'text', of: ({ verdict }) => verdict },
  { name: 'quantity', kind: 'exact', of: ({ quantity }) => quantity },
  { name: 'wanted_quantity', kind: 'exact', of: ({ wantedQuantity }) => wantedQuantity },
  { name: 'price', kind: 'exact', of: ({ price }) => price },
  { name: 'notional', kind: 'exact', of: ({ notional }) => notional },
  { name: 'current_weight', kind: 'number', of: ({ currentWeight }) => currentWeight },
  { name: 'target_weight', kind: 'number', of: ({ targetWeight }) => targetWeight },
  { name: 'band_low', kind: 'number', of: ({ band }) => band[0] },
  { name: 'band_high', kind: 'number', of: ({ band }) => band[1] },
  { name: 'alpha_source', kind: 'text', of: ({ alpha }) => alpha.source },
  { name: 'expected_alpha_bps', kind: 'number', of: ({ alpha }) => alpha.expectedBps },
  { name: 'gross_alpha_bps', kind: 'number', of: ({ alpha }) => alpha.grossBps },
  { name: 'cost_in_bps', kind: 'number', of: ({ alpha }) => alpha.costInBps },
  { name: 'cost_out_bps', kind: 'number', of: ({ alpha }) => alpha.costOutBps },
  { name: 'net_alpha_bps', kind: 'number', of: ({ alpha }) => alpha.netBps },
  ...COST_LINES.flatMap((line): TradeColumn[] => [
    { name: `${snakeCase(line)}_amount`, kind: 'number', of: ({ costs }) => costs[line].amount },
    { name: `${snakeCase(line)}_bps`, kind: 'number', of: ({ costs }) => costs[line].bps },
  ]),
  { name: 'explanation', kind: 'text', of: ({ explanation }) => explanation },
]

/** A cell as text, empty when it is not known. */
export function cellText(column: TradeColumn, trade: ConsideredTrade): string {
  if (column.kind === 'text') return column.of(trade)
  if (column.kind === 'exact') return toText(column.of(trade))
  const value = column.of(trade)
  return Number.isFinite(value) ? String(value) : ''
}

/** A cell as a number, null when it is not known. */
export function cellNumber(
  column: Exclude<TradeColumn, { readonly kind: 'text' }>,
  trade: ConsideredTrade,
): number | null {
  const value = column.kind === 'exact' ? toNumber(column.of(trade)) : column.of(trade)
  return Number.isFinite(value) ? value : null
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
