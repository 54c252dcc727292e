import type { Dataset } from '../../domain/market/bar.ts'
import type { ObjectCatalogue, Partition } from '../../ports/bar-store.ts'
import type { Database } from '../../ports/database.ts'
import { lastBy } from '../history/last-by.ts'

/** The committed files of the cold store in `pipeline.objects`. */
export function postgresObjectCatalogue(database: Database): ObjectCatalogue {
  return {
    async record({ source, asset, interval }, given) {
      const partitions = lastBy(given, ({ key }) => key)
      await database.write(
        `insert into pipeline.objects as object (source, asset, interval, key, session, sha256, bytes, rows)
         select $1, $2, $3, * from unnest($4::text[], $5::date[], $6::text[], $7::bigint[], $8::bigint[])
           as p (key, session, sha256, bytes, rows)
         order by key
         on conflict (key) do update
         set source = excluded.source, asset = excluded.asset, interval = excluded.interval, session = excluded.session,
           sha256 = excluded.sha256, bytes = excluded.bytes, rows = excluded.rows, recorded_at = now()
         where (object.source, object.asset, object.interval, object.session, object.sha256, object.bytes, object.rows)
           is distinct from (excluded.source, excluded.asset, excluded.interval, excluded.session, excluded.sha256,
             excluded.bytes, excluded.rows)`,
        [
          source,
          asset,
          interval,
          partitions.map(({ key }) => key),
          partitions.map(({ session }) => session),
          partitions.map(({ sha256 }) => sha256),
          partitions.map(({ bytes }) => bytes),
          partitions.map(({ rows }) => rows),
        ],
      )
    },

    async partitions({ source, asset, interval }, from, to) {
      const rows = await database.read<Omit<Partition, 'bytes' | 'rows'> & { bytes: string; rows: string }>(
        `select key, session, sha256, bytes, rows from pipeline.objects
         where source = $1 and asset = $2 and interval = $3 and session between $4::date and $5::date
         order by session, key collate "C"`,
        [source, asset, interval, from, to],
      )
      return rows.map((row) => ({ ...row, bytes: Number(row.bytes), rows: Number(row.rows) }))
    },

    datasets: () =>
      database.read<Dataset>(
        `select distinct source collate "C" as source, asset collate "C" as asset, interval collate "C" as interval
         from pipeline.objects order by source, asset, interval`,
      ),
  }
}
