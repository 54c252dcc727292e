import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import type { Database } from '../../ports/database.ts'
import type { CorporateActions } from '../../ports/ingestion-stores.ts'
import { keyOf, lastBy } from '../history/last-by.ts'

/** Splits and dividends in `ingestion.corporate_actions`. A value that did not change keeps the time it was first known. */
export function postgresCorporateActions(database: Database): CorporateActions {
  return {
    async store(actions) {
      const rows = lastBy(actions, ({ symbol, exDate, type, source }) => keyOf(symbol, exDate, type, source))
      await database.write(
        `insert into ingestion.corporate_actions as action (symbol, ex_date, type, source, value)
         select * from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::float8[]) as a (symbol, ex_date, type, source, value)
         order by symbol, ex_date, type, source
         on conflict (symbol, ex_date, type, source)
         do update set value = excluded.value, known_from = now() where action.value <> excluded.value`,
        [
          rows.map(({ symbol }) => symbol),
          rows.map(({ exDate }) => exDate),
          rows.map(({ type }) => type),
          rows.map(({ source }) => source),
          rows.map(({ value }) => value),
        ],
      )
    },

    read: (symbols, source, through) =>
      database.read<CorporateAction>(
        `select symbol, ex_date as "exDate", type, value, source from ingestion.corporate_actions
         where symbol = any($1) and source = $2 and ex_date <= $3::date
         order by ex_date, symbol, type`,
        [symbols, source, through],
      ),
  }
}
