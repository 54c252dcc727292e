import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import { expectParts, noteArrival, noteLost } from '../../../shared/runtime/joins.ts'
import type { Step } from '../../../shared/runtime/step.ts'
import { join, customStep as step } from '../../../shared/runtime/step.ts'
import { coreDatabase, type ToyPorts, toyParts } from '../../shared/runtime/harness.ts'
import { TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'
import { LeftDone } from '../../shared/runtime/toy-chain.ts'

const CONNECTIONS = 8
const PARTS = Array.from({ length: 100 }, (_, i) => `part${i}`)
const ROUNDS = 1_000
/** Joins that fill at the same time. */
const CROWDED = 4

const gather = step({
  name: 'toys-gather',
  on: join('all', [LeftDone], { deadlineMs: 3_600_000 }),
  emits: [],
  run: () => [],
}) as Step<ToyPorts>

describe.skipIf(!TEST_DATABASE_URL)(`a join that many arrive at (${WITHOUT_SERVER})`, () => {
  const db = coreDatabase(CONNECTIONS)

  it(`is completed once: ${PARTS.length} arrivals on ${CONNECTIONS} connections, ${ROUNDS} rounds`, async () => {
    // Who may go first is decided by locks, not by the disk: without waiting for it the race is closer and over sooner.
    const address = new URL(db.url!)
    address.searchParams.set('options', '-c synchronous_commit=off')
    const database = openDatabase({ url: address.href, connections: CONNECTIONS })
    const parts = toyParts(database, [gather])
    const runs = Array.from({ length: ROUNDS }, (_, i) => `race:${i}`)
    await database.transaction(async () => {
      for (const run of runs) await expectParts(parts, run, { key: 'all', parts: PARTS })
    })
    // One queue for all connections, so that they crowd at a few joins at a time.
    const arrivals = Array.from({ length: ROUNDS / CROWDED }, (_, i) =>
      runs.slice(i * CROWDED, (i + 1) * CROWDED),
    ).flatMap((crowded) => PARTS.flatMap((part) => crowded.map((run) => ({ run, part }))))
    const completions = new Map<string, number>()
    const worker = async () => {
      for (let next = arrivals.pop(); next; next = arrivals.pop()) {
        const { run, part } = next
        const arrival = { run, key: 'all', part, subject: LeftDone.subject, eventId: `${run}/${part}` }
        // A few parts are lost instead, and a few come twice.
        const lost = part.endsWith('7')
        const woken = await database.transaction(() =>
          lost
            ? noteLost(parts, { run, key: 'all', part, by: 'toys-left', reason: 'bad luck' })
            : noteArrival(parts, arrival),
        )
        if (woken) completions.set(run, (completions.get(run) ?? 0) + 1)
        if (part.endsWith('13')) await database.transaction(() => noteArrival(parts, arrival))
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, worker))
    await database.close()

    expect([...completions.values()].filter((times) => times === 1)).toHaveLength(ROUNDS)
    const [joins] = await db.current.read(
      `select count(*)::int as joins, count(distinct wake)::int as wakes, max(revision) as revision,
              count(*) filter (where completed_at is null)::int as open from pipeline.joins`,
    )
    expect(joins).toEqual({ joins: ROUNDS, wakes: ROUNDS, revision: 1, open: 0 })
    const [{ deliveries }] = await db.current.read<{ deliveries: number }>(
      'select count(*)::int as deliveries from pipeline.deliveries',
    )
    expect(deliveries).toBe(ROUNDS)
  }, 180_000)
})
