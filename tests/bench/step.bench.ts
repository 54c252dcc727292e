/**
 * What a step costs beside its own work: claim to commit of one delivery that writes one row and says one event, p50, over a bare round of
 * the same database (begin, insert, update, commit).
 *
 *     npx tsx tests/bench/step.bench.ts                                          the embedded database
 *     EDGEFUND_TEST_DATABASE_URL=postgresql://… npx tsx tests/bench/step.bench.ts    and a real server
 */
import { cpus } from 'node:os'
import { pino } from 'pino'
import { z } from 'zod'
import { openEmbeddedDatabase } from '../../shared/adapters/postgres/embedded.ts'
import { event } from '../../shared/events/event.ts'
import { systemClock } from '../../shared/ports/clock.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import { attempt, DEFAULT_BACKOFF } from '../../shared/runtime/attempt.ts'
import { runtimeMetrics } from '../../shared/runtime/metrics.ts'
import { createRegistry } from '../../shared/runtime/registry.ts'
import { customStep as step } from '../../shared/runtime/step.ts'
import { openTestDatabase, prepareCore, TEST_DATABASE_URL } from '../shared/runtime/test-database.ts'

const ROUNDS = 2_000
const WARM_UP = 200

const Asked = event('toys.thing.asked', z.object({ n: z.number() }))
const Made = event('toys.thing.made', z.object({ n: z.number() }), { final: true })
const make = step({
  name: 'toys-make',
  on: Asked,
  emits: [Made],
  async run({ n }, { database }: { database: StepDatabase }) {
    await database.write('insert into toy.notes values ($1)', [`note ${n}`])
    return [Made.of({ n })]
  },
})

async function p50(work: (i: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const started = performance.now()
    await work(i)
    if (i >= WARM_UP) times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[ROUNDS / 2]
}

async function measure(name: string, database: StepDatabase): Promise<void> {
  await prepareCore(database)
  await database.write(`
    create table toy.rounds (n integer primary key, state text not null);
    insert into toy.rounds select i, 'ready' from generate_series(0, ${WARM_UP + ROUNDS}) i;
    insert into pipeline.runs (run, workflow, key, code_version, config_hash) values ('toys:bench', 'toys', 'bench', 'x', 'x');
    insert into pipeline.trail (event_id, run, step, subject, data, published_at)
      select 'asked' || i, 'toys:bench', 'bench', 'toys.thing.asked', jsonb_build_object('n', i), now()
      from generate_series(0, ${WARM_UP + ROUNDS}) i;
    insert into pipeline.deliveries (event_id, subscriber, run)
      select 'asked' || i, 'toys-make', 'toys:bench' from generate_series(0, ${WARM_UP + ROUNDS}) i;`)
  const parts = {
    database,
    registry: createRegistry([make]),
    local: true,
    ports: { database },
    publisher: undefined,
    log: pino({ level: 'silent' }),
    metrics: runtimeMetrics(),
    owner: 'bench',
    backoff: DEFAULT_BACKOFF,
    onOffered: () => {},
    clock: systemClock,
  }
  const bare = await p50((i) =>
    database.transaction(async () => {
      await database.write('insert into toy.notes values ($1)', [`note ${i}`])
      await database.write(`update toy.rounds set state = 'done' where n = $1`, [i])
    }),
  )
  const whole = await p50(async (i) => {
    const { outcome } = await attempt(parts, make, `asked${i}`)
    if (outcome !== 'done') throw new Error(`Step ${i} was ${outcome}`)
  })
  console.log(
    `${name.padEnd(10)} step ${whole.toFixed(2)} ms   bare round ${bare.toFixed(2)} ms   ratio ${(whole / bare).toFixed(1)}`,
  )
}

console.log(`p50 of ${ROUNDS} rounds on Node ${process.version}, ${cpus().length} x ${cpus()[0].model}`)
const embedded = await openEmbeddedDatabase()
await measure('embedded', embedded)
await embedded.close()
if (TEST_DATABASE_URL) {
  const server = await openTestDatabase(2)
  await measure('server', server.database)
  await server.drop()
}
