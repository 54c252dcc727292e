import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { openRun } from '../../../shared/runtime/runs.ts'
import { type Step, customStep as step } from '../../../shared/runtime/step.ts'
import {
  coreDatabase,
  drain,
  leaveEffect,
  opens,
  PROVENANCE,
  runState,
  type ToyPorts,
  toyParts,
} from '../../shared/runtime/harness.ts'
import { TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'

const EVENTS = 10_000
const Asked = event('toys.thing.asked', z.object({ n: z.number() }))
const Made = event('toys.thing.made', z.object({ n: z.number() }), { final: true })

describe.skipIf(!TEST_DATABASE_URL)(
  `${EVENTS} events through a step that fails a fifth of the time (${WITHOUT_SERVER})`,
  () => {
    const db = coreDatabase(4)

    it('take effect once each', async () => {
      const start = step({
        name: 'toys-start',
        on: opens('toys'),
        emits: [Asked],
        run: () => Array.from({ length: EVENTS }, (_, n) => Asked.of({ n })),
      }) as Step<ToyPorts>
      let failures = 0
      const make = step({
        name: 'toys-make',
        on: Asked,
        emits: [Made],
        maxAttempts: 12,
        async run({ n }, ports: ToyPorts, context) {
          const chance = Math.random()
          if (chance < 0.1) {
            failures++
            throw new Error('bad luck before its writes')
          }
          await leaveEffect(ports, context)
          if (chance < 0.2) {
            failures++
            throw new Error('bad luck after its writes')
          }
          return [Made.of({ n })]
        },
      })
      const parts = toyParts(db.current, [start, make])
      await openRun(parts, { workflow: 'toys', key: 'k', params: {} }, PROVENANCE)
      await drain(parts)

      const [counts] = await db.current.read(`
      select (select count(*)::int from toy.effects) as effects,
             (select count(distinct event_id)::int from toy.effects) as distinct_effects,
             (select count(*)::int from pipeline.trail where subject = 'toys.thing.made') as said,
             (select count(*)::int from pipeline.deliveries where state <> 'done') as not_done,
             (select sum(failures)::int from pipeline.deliveries) as failures`)
      expect(counts).toEqual({ effects: EVENTS, distinct_effects: EVENTS, said: EVENTS, not_done: 0, failures })
      expect(failures).toBeGreaterThan(EVENTS / 10)
      expect(await runState(db.current, 'toys:k')).toEqual({ state: 'ok', reason: null })
    }, 240_000)
  },
)
