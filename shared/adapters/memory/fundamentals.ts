import type { Fundamentals } from '../../ports/data-provider.ts'
import type { FundamentalsStore } from '../../ports/ingestion-stores.ts'
import { keyOf } from '../history/last-by.ts'

/** Ratios in this process. NaN and infinity are missing numbers. */
export function memoryFundamentals(): FundamentalsStore {
  const stored = new Map<string, { readonly source: string; readonly row: Fundamentals }>()
  return {
    async put(source, rows) {
      for (const row of rows) stored.set(keyOf(source, row.symbol, row.asOf), { source, row: present(row) })
    },
    async read(symbols, source, asOf) {
      const latest = new Map<string, Fundamentals>()
      for (const { source: from, row } of stored.values()) {
        if (from !== source || row.asOf > asOf || !symbols.includes(row.symbol)) continue
        if ((latest.get(row.symbol)?.asOf ?? '') < row.asOf) latest.set(row.symbol, row)
      }
      return [...latest.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
    },
  }
}

function present(row: Fundamentals): Fundamentals {
  const isPresent = (value: unknown) => value !== undefined && (typeof value !== 'number' || Number.isFinite(value))
  return Object.fromEntries(Object.entries(row).filter(([, value]) => isPresent(value))) as unknown as Fundamentals
}
