import { describe, expect, it } from 'vitest'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { claim, claimable, nextClaimable } from '../../../shared/runtime/deliveries.ts'
import { publishEvents } from '../../../shared/runtime/publish.ts'
import { closeRunIfOver } from '../../../shared/runtime/runs.ts'
import { sweep } from '../../../shared/runtime/sweeper.ts'
import { coreDatabase, toyParts, toyPublisher } from '../../shared/runtime/harness.ts'
import { TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'
import { toyChain } from '../../shared/runtime/toy-chain.ts'

const DONE = 200_000

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Plan[]
}

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

/** A database that also explains every statement it is given, and keeps the tables that would be read from end to end. */
function explaining(database: StepDatabase, scanned: string[], explained: string[]): StepDatabase {
  const explain = async (sql: string, values?: readonly unknown[]) => {
    if (!/^\s*(select|update|insert|delete|with)\b/i.test(sql)) return
    const [row] = await database.read<{ 'QUERY PLAN': { Plan: Plan }[] }>(`explain (format json) ${sql}`, values)
    explained.push(sql)
    for (const node of nodes(row['QUERY PLAN'][0].Plan)) {
      if (node['Node Type'] === 'Seq Scan') scanned.push(`${node['Relation Name']} by ${sql}`)
    }
  }
  return {
    ...database,
    async read<Row extends object>(sql: string, values?: readonly unknown[]) {
      await explain(sql, values)
      return database.read<Row>(sql, values)
    },
    async write<Row extends object>(sql: string, values?: readonly unknown[]) {
      await explain(sql, values)
      return database.write<Row>(sql, values)
    },
  }
}

describe.skipIf(!TEST_DATABASE_URL)(`with ${DONE} deliveries done (${WITHOUT_SERVER})`, () => {
  const db = coreDatabase()

  it('nothing that happens at every step, look or sweep reads a large table from end to end', async () => {
    await db.current.write(`
      insert into pipeline.runs (run, workflow, key, state, code_version, config_hash)
        select 'toys:' || i, 'toys', i, 'ok', 'x', 'x' from generate_series(1, ${DONE / 100}) i;
      insert into pipeline.trail (event_id, run, step, subject, data, published_at)
        select 'e' || i, 'toys:' || i % ${DONE / 100} + 1, 'toys-start', 'toys.part.asked', '{"part":"A"}', now()
        from generate_series(1, ${DONE}) i;
      insert into pipeline.deliveries (event_id, subscriber, run, state, serial_key)
        select 'e' || i, 'toys-left', 'toys:' || i % ${DONE / 100} + 1, 'done', case when i % 10 = 0 then 'k' end
        from generate_series(1, ${DONE}) i;
      insert into pipeline.runs (run, workflow, key, code_version, config_hash) values ('live', 'toys', 'live', 'x', 'x');
      insert into pipeline.trail (event_id, run, step, subject, data)
        select 'r' || i, 'live', 'toys-start', 'toys.part.asked', '{"part":"A"}' from generate_series(1, 100) i;
      insert into pipeline.deliveries (event_id, subscriber, run, serial_key)
        select 'r' || i, 'toys-left', 'live', case when i % 10 = 0 then 'k' end from generate_series(1, 100) i;
      analyze;`)
    const scanned: string[] = []
    const explained: string[] = []
    const database = explaining(db.current, scanned, explained)
    const parts = toyParts(database, toyChain().steps, { publisher: toyPublisher() })

    expect(await claimable(database, 64, ['toys-left', 'toys-right'])).toHaveLength(64)
    await nextClaimable(database)
    // Two of one serial key, so that the second goes the long way.
    for (const id of ['r10', 'r20', 'r1', 'missing']) await claim(database, id, 'toys-left', 'test', 60_000)
    await publishEvents(parts, { cause: 'r1', step: 'toys-left' })
    await closeRunIfOver(parts, 'live')
    await sweep(parts)

    expect(explained.length).toBeGreaterThan(12)
    expect(scanned.filter((each) => /^(trail|deliveries|runs) /.test(each))).toEqual([])
  }, 120_000)
})
