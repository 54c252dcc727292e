import type { Trade } from '../ledger/entry.ts'
import type { Fill } from './order.ts'

/** A broker's fill as the ledger keeps it: one trade, however often it is told. */
export function fillEntry({ execution, ...fill }: Fill): Trade {
  return { ...fill, kind: 'trade', key: `fill:${fill.order}:${execution}`, origin: 'model' }
}
