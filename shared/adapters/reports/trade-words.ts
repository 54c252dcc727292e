import type { TradeVerdict } from '../../domain/portfolio/considered-trade.ts'

const VERDICTS: Readonly<Record<TradeVerdict, string>> = {
  order: 'order',
  'within-band': 'within its band',
  'below-minimum': 'below the minimum trade',
  'negative-net-alpha': 'would cost more than it brings',
  'turnover-budget': 'turnover budget is spent',
  observed: 'under observation, not added to',
  'no-cash': 'no cash left',
  limit: 'stopped by a limit',
  'no-price': 'no fresh price',
}

/** What became of a trade, as a sentence goes on. */
export function verdictText(verdict: TradeVerdict): string {
  return VERDICTS[verdict]
}
