import type { StepDatabase } from '../../../shared/ports/database.ts'

/**
 * Everything the event core remembers, but for the columns that the migrations mark as volatile (attempts, wall times, owners), table by
 * table in a fixed order, and the toys' effects.
 */
export async function finalState(database: StepDatabase): Promise<Record<string, object[]>> {
  const columns = await database.read<{ name: string; columns: string }>(
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'pipeline'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
       and coalesce(col_description(c.oid, a.attnum), '') not like '%(volatile)%'
     group by c.relname order by c.relname`,
  )
  const state: Record<string, object[]> = {}
  for (const { name, columns: kept } of columns) {
    const places = kept.split(', ').map((_, i) => i + 1)
    state[name] = await database.read(`select ${kept} from pipeline.${name} order by ${places.join(', ')}`)
  }
  state.effects = await database.read('select step, event_id, run from toy.effects order by step, event_id, run')
  return state
}
