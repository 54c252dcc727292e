import type { Provenance } from '../../ports/data-provider.ts'
import type { Database } from '../../ports/database.ts'
import type { PayloadLedger } from '../../ports/ingestion-stores.ts'
import { keyOf, lastBy } from '../history/last-by.ts'

/** The hashes of raw replies in `ingestion.payloads`, and who did not come in `ingestion.missing_symbols`. */
export function postgresPayloadLedger(database: Database): PayloadLedger {
  return {
    async record(run, provenance, missing) {
      const replies = lastBy(provenance, ({ symbol, request }) => keyOf(symbol, request))
      const absent = lastBy(missing, ({ symbol }) => symbol)
      await database.transaction(async () => {
        await database.write(
          `insert into ingestion.payloads (run, symbol, request, sha256)
           select $1, * from unnest($2::text[], $3::text[], $4::text[]) as p (symbol, request, sha256)
           order by symbol, request
           on conflict (run, symbol, request) do update set sha256 = excluded.sha256`,
          [
            run,
            replies.map(({ symbol }) => symbol),
            replies.map(({ request }) => request),
            replies.map(({ sha256 }) => sha256),
          ],
        )
        await database.write(
          `insert into ingestion.missing_symbols (run, symbol, reason)
           select $1, * from unnest($2::text[], $3::text[]) as m (symbol, reason)
           order by symbol
           on conflict (run, symbol) do update set reason = excluded.reason`,
          [run, absent.map(({ symbol }) => symbol), absent.map(({ reason }) => reason.replaceAll('\0', ''))],
        )
      })
    },

    read: (run) =>
      database.read<Provenance>(
        'select symbol, request, sha256 from ingestion.payloads where run = $1 order by symbol, request',
        [run],
      ),
  }
}
