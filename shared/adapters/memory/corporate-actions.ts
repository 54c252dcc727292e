import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import type { CorporateActions } from '../../ports/ingestion-stores.ts'
import { keyOf } from '../history/last-by.ts'

/** Splits and dividends in this process. */
export function memoryCorporateActions(): CorporateActions {
  const actions = new Map<string, CorporateAction>()
  return {
    async store(given) {
      for (const action of given) {
        actions.set(keyOf(action.exDate, action.symbol, action.type, action.source), action)
      }
    },
    async read(symbols, source, through) {
      return [...actions]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, action]) => action)
        .filter((action) => symbols.includes(action.symbol) && action.source === source && action.exDate <= through)
    },
  }
}
