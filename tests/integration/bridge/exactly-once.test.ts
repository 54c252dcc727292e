import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { missingParts } from '../../real/parts.ts'
import type { RealParts } from './real-parts.ts'
import { countEffects, openToyParts, runState, TOY_BRIDGE } from './toy-parts.ts'

const missing = missingParts('postgresql', 'nats')
const LONG = { timeout: 280_000, interval: 200 }

describe.skipIf(missing)(`the bridge, exactly once${missing ? ` (${missing})` : ''}`, () => {
  let parts: RealParts & { folder: string }
  beforeEach(async () => {
    parts = await openToyParts()
  })
  afterEach(() => parts.close())

  const open = async (params: object) => {
    const reply = await parts.call('toys/toys-open', params, { 'idempotency-key': 'k' })
    expect(await reply.json()).toMatchObject({ outcome: 'done', run: 'toys:k' })
  }

  it('10,000 events through a function that fails one time in five, while NATS is killed three times, take effect once each', async () => {
    await parts.bridge(TOY_BRIDGE)
    await open({ count: 10_000, failing: 0.2, joined: false })

    let kills = 0
    for (const share of [0.15, 0.4, 0.7]) {
      await vi.waitFor(async () => {
        expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(share * 10_000)
      }, LONG)
      await parts.nats.kill()
      kills++
      await sleep(1_500)
      await parts.nats.start()
    }
    await vi.waitFor(async () => expect(await runState(parts, 'toys:k')).toBe('ok'), LONG)

    expect(kills).toBe(3)
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 10_000, events: 10_000 })
    const [states] = await parts.database.read(
      `select count(*) filter (where state = 'done')::int as done, count(*)::int as all,
              count(*) filter (where failures > 0)::int as failed from pipeline.deliveries`,
    )
    expect(states).toMatchObject({ done: 10_001, all: 10_001 })
    // It was not luck that nothing failed.
    expect((states as { failed: number }).failed).toBeGreaterThan(1_500)
  })
})
