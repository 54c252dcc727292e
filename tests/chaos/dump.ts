import { createHash } from 'node:crypto'
import type { Database } from '../../shared/ports/database.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'

/**
 * The state that must not depend on what was killed when: every table of edgefund's schemas without the columns whose comment says
 * "volatile" (attempts, wall times, hosts), and every object but the work in progress. Table or key to a hash of its content.
 */
export async function dumpState(database: Database, objects: ObjectStore): Promise<Map<string, string>> {
  const state = new Map<string, string>()
  const tables = await database.read<{ schema: string; name: string; columns: string[] }>(`
    select n.nspname as schema, c.relname as name, array_agg(quote_ident(a.attname) order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('pipeline', 'ingestion', 'universe', 'signals', 'portfolio', 'execution', 'monitoring') and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> 'migrations'
      and coalesce(col_description(c.oid, a.attnum), '') not like '%(volatile)%'
    group by 1, 2 order by 1, 2`)
  for (const { schema, name, columns } of tables) {
    const rows = await database.read<{ row: string }>(
      `select row_to_json(r)::text as row from (select ${columns.join(', ')} from ${schema}.${name}) r order by 1`,
    )
    state.set(`${schema}.${name}: ${rows.length} rows`, hash(rows.map(({ row }) => row).join('\n')))
  }
  for await (const { key, etag } of objects.list('')) if (!key.startsWith('work/')) state.set(key, etag)
  return state
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
