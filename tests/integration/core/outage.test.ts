import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { openRun } from '../../../shared/runtime/runs.ts'
import { serveStep } from '../../../shared/runtime/serve.ts'
import { sweep } from '../../../shared/runtime/sweeper.ts'
import {
  call,
  coreDatabase,
  deliveries,
  drain,
  envelope,
  PROVENANCE,
  sleep,
  toyParts,
} from '../../shared/runtime/harness.ts'
import { emptyCore, TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'
import { toyChain } from '../../shared/runtime/toy-chain.ts'
import { finalState } from './final-state.ts'
import { tcpProxy } from './tcp-proxy.ts'

const PARTS = Array.from({ length: 150 }, (_, i) => `part${i}`)
const CUTS = 3

describe.skipIf(!TEST_DATABASE_URL)(`PostgreSQL away (${WITHOUT_SERVER})`, () => {
  const db = coreDatabase()
  const request = { workflow: 'toys', key: 'k', params: { parts: PARTS } }

  it('for some seconds, again and again, leaves nothing dead and loses nothing', async () => {
    const calmParts = toyParts(db.current, toyChain().steps)
    await openRun(calmParts, request, PROVENANCE)
    await drain(calmParts)
    const calm = await finalState(db.current)
    await emptyCore(db.current)

    const proxy = await tcpProxy(db.url!)
    const database = openDatabase({ url: proxy.url, connections: 4, connectionTimeoutMs: 1_000 })
    // A short timeout makes short leases: what was under way when the door was shut comes back soon.
    const parts = toyParts(database, toyChain({ timeoutMs: 500, maxAttempts: CUTS + 2 }).steps)
    try {
      await openRun(parts, request, PROVENANCE)
      const outcomes = new Map<string, number>()
      let failures = 0
      let over = false
      const dispatcher = (async () => {
        while (!over) {
          try {
            await drain(parts, { onAnswer: ({ outcome }) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1) })
            await sweep(parts)
          } catch (error) {
            // Whatever is away must have a name; anything else is a bug.
            if (!(error instanceof UnavailableError)) throw error
            failures++
          }
          await sleep(20)
        }
      })()
      const doneOf = async () => (await deliveries(db.current)).filter(({ state }) => state === 'done').length
      for (let i = 1; i <= CUTS; i++) {
        // In the middle of the work, not before or after it.
        while ((await doneOf()) < (i * PARTS.length * 3) / (CUTS + 1)) await sleep(5)
        await proxy.cut()
        await sleep(2_000)
        await proxy.restore()
      }
      const [run] = await settled()
      over = true
      await dispatcher

      expect(run).toEqual({ state: 'ok' })
      expect(failures + (outcomes.get('unavailable') ?? 0)).toBeGreaterThan(0)
      expect(outcomes.get('failed')).toBeUndefined()
      expect((await deliveries(db.current)).filter(({ state }) => state !== 'done')).toEqual([])
      expect(await finalState(db.current)).toEqual(calm)
    } finally {
      await database.close()
      await proxy.close()
    }

    async function settled() {
      const end = Date.now() + 60_000
      for (;;) {
        const rows = await db.current.read<{ state: string }>(
          `select state from pipeline.runs where state <> 'running'`,
        )
        if (rows.length > 0) return rows
        if (Date.now() > end) throw new Error(`The run is not over: ${JSON.stringify(await deliveries(db.current))}`)
        await sleep(50)
      }
    }
  }, 120_000)

  it('is answered 503 with the outcome unavailable, and the call succeeds once it is back', async () => {
    const proxy = await tcpProxy(db.url!)
    const database = openDatabase({ url: proxy.url, connections: 2, connectionTimeoutMs: 1_000 })
    try {
      const { steps } = toyChain()
      const parts = toyParts(database, steps)
      const left = parts.registry.step('toys-left')!
      const given = call(JSON.stringify(envelope('toys.part.asked', 'asked', { part: 'A' })))
      await proxy.cut()

      const replies = [await serveStep(parts, left, given), await serveStep(parts, left, call('{"broken":'))]
      expect(replies.map(({ status, headers }) => [status, headers['edgefund-outcome']])).toEqual([
        [503, 'unavailable'],
        [503, 'unavailable'],
      ])
      await proxy.restore()

      expect((await serveStep(parts, left, given)).status).toBe(200)
      expect((await deliveries(db.current, 'toys-left')).map(({ state }) => state)).toEqual(['done'])
    } finally {
      await database.close()
      await proxy.close()
    }
  })
})
