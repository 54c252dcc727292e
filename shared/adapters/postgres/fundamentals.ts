import type { Fundamentals } from '../../ports/data-provider.ts'
import type { Database } from '../../ports/database.ts'
import type { FundamentalsStore } from '../../ports/ingestion-stores.ts'
import { keyOf, lastBy } from '../history/last-by.ts'

const NUMBERS = {
  trailingPe: 'trailing_pe',
  forwardPe: 'forward_pe',
  priceToBook: 'price_to_book',
  dividendYield: 'dividend_yield',
  returnOnEquity: 'return_on_equity',
  debtToEquity: 'debt_to_equity',
  currentRatio: 'current_ratio',
  profitMargin: 'profit_margin',
  revenueGrowth: 'revenue_growth',
  marketCap: 'market_cap',
  sharesOutstanding: 'shares_outstanding',
} as const

const FIELDS = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]
const VALUES = [...Object.values(NUMBERS), 'currency']

/** Ratios in `ingestion.fundamentals`, one row a symbol, date and source. NaN and infinity are missing numbers. */
export function postgresFundamentals(database: Database): FundamentalsStore {
  const arrays = FIELDS.map((_, i) => `$${i + 5}::float8[]`).join(', ')
  const old = VALUES.map((column) => `row.${column}`).join(', ')
  const given = VALUES.map((column) => `excluded.${column}`).join(', ')
  const put = `
    insert into ingestion.fundamentals as row (source, symbol, as_of, currency, ${FIELDS.map((field) => NUMBERS[field]).join(', ')})
    select $1, * from unnest($2::text[], $3::date[], $4::text[], ${arrays}) as r (symbol, as_of)
    order by symbol, as_of
    on conflict (symbol, as_of, source)
    do update set (${VALUES.join(', ')}, known_from) = row (${given}, now())
    where (${old}) is distinct from (${given})`

  return {
    async put(source, fundamentals) {
      const rows = lastBy(fundamentals, ({ symbol, asOf }) => keyOf(symbol, asOf))
      await database.write(put, [
        source,
        rows.map(({ symbol }) => symbol),
        rows.map(({ asOf }) => asOf),
        rows.map(({ currency }) => currency ?? null),
        ...FIELDS.map((field) => rows.map((row) => finite(row[field]))),
      ])
    },

    async read(symbols, source, asOf) {
      const rows = await database.read<Record<string, unknown>>(
        `select distinct on (symbol) symbol, as_of as "asOf", currency,
           ${FIELDS.map((field) => `${NUMBERS[field]} as "${field}"`).join(', ')}
         from ingestion.fundamentals
         where symbol = any($1) and source = $2 and as_of <= $3::date
         order by symbol, as_of desc`,
        [symbols, source, asOf],
      )
      return rows.map(withoutNulls) as unknown as Fundamentals[]
    },
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}
