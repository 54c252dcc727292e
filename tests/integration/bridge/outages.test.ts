import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readiness } from '../../real/bridge-process.ts'
import type { Refusal } from '../../real/gateway.ts'
import { missingParts } from '../../real/parts.ts'
import type { RealParts } from './real-parts.ts'
import { countEffects, openToyParts, runState, TOY_BRIDGE } from './toy-parts.ts'

const missing = missingParts('postgresql', 'nats')
const SOON = { timeout: 60_000, interval: 100 }
/** How long an outage lasts: seconds, or as long as somebody asks for (EVENTS.md: a minute, ten minutes). */
const OUTAGE_MS = Number(process.env.EDGEFUND_TEST_OUTAGE_MS ?? 4_000)
vi.setConfig({ testTimeout: 300_000 + 3 * OUTAGE_MS })

describe.skipIf(missing)(`the bridge in an outage${missing ? ` (${missing})` : ''}`, () => {
  let parts: RealParts & { folder: string }
  beforeEach(async () => {
    parts = await openToyParts()
  })
  afterEach(() => parts.close())

  const open = async (key: string, params: object) => {
    const reply = await parts.call('toys/toys-open', params, { 'idempotency-key': key })
    expect(await reply.json()).toMatchObject({ outcome: 'done', run: `toys:${key}` })
  }
  const finished = (key: string) =>
    vi.waitFor(async () => expect(await runState(parts, `toys:${key}`)).toBe('ok'), {
      ...SOON,
      timeout: 120_000 + 2 * OUTAGE_MS,
    })
  const deliveries = async () => {
    const rows = await parts.database.read<{ state: string; count: number }>(
      'select state, count(*)::int as count from pipeline.deliveries group by state',
    )
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  const refusals: [string, Refusal][] = [
    [
      '404',
      { status: 404, body: 'error finding function toys: server returned non-200 status code (404) for function' },
    ],
    ['405', { status: 405 }],
    ['401', { status: 401, body: 'unauthorized' }],
    ['413', { status: 413, body: '<!DOCTYPE html><pre>PayloadTooLargeError: request entity too large</pre>' }],
    ['200 without an outcome', { status: 200, body: 'OK' }],
  ]
  it.each(refusals)('loses nothing and buries nothing while the gateway answers %s', async (_name, refusal) => {
    const bridge = await parts.bridge(TOY_BRIDGE)
    await open('k', { count: 200, ms: 5 })
    await vi.waitFor(async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(20), SOON)

    parts.gateway.refuse = refusal
    await vi.waitFor(async () => {
      expect((await readiness(bridge)).held['toys-make']).toContain(`answered ${refusal.status}`)
    }, SOON)
    await sleep(OUTAGE_MS)
    const during = await deliveries()
    expect(during.dead).toBeUndefined()
    expect(await (await fetch(`${bridge.url}/metrics`)).text()).toContain('edgefund_bridge_paused{step="toys-make"} 1')
    // A consumer that stands still does not hammer: at most one call a hold and slot.
    const before = parts.gateway.calls.get('toys') ?? 0
    await sleep(1_000)
    expect((parts.gateway.calls.get('toys') ?? 0) - before).toBeLessThan(60)

    parts.gateway.refuse = undefined
    await finished('k')
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 200, events: 200 })
    expect(await deliveries()).toEqual({ done: 202 })
  })

  it('loses nothing while the function is away, is killed again and again, and comes back', async () => {
    await parts.bridge(TOY_BRIDGE)
    await open('k', { count: 1_000, ms: 3 })
    for (let round = 0; round < 5; round++) {
      await vi.waitFor(
        async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(round * 150),
        SOON,
      )
      await parts.functions.get('toys')?.kill()
      await sleep(300)
      await parts.deploy('toys', parts.folder)
    }
    await finished('k')
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 1_000, events: 1_000 })
    expect(await countEffects(parts, 'toys-count')).toEqual({ effects: 1, events: 1 })
  })

  it('buries nothing while PostgreSQL is away, and goes on when it is back', async () => {
    await parts.bridge(TOY_BRIDGE)
    await open('k', { count: 500, ms: 5 })
    await vi.waitFor(async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(50), SOON)
    await parts.door.cut()
    await sleep(OUTAGE_MS)
    expect((await deliveries()).dead).toBeUndefined()
    await parts.door.restore()
    await finished('k')
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 500, events: 500 })
    expect(await deliveries()).toEqual({ done: 502 })
  })

  it('signs: a function that knows other keys is no function, and one that knows the key as the old one is', async () => {
    const bridge = await parts.bridge(TOY_BRIDGE, { EDGEFUND_EVENT_KEYS: 'wrong:entirely' })
    await open('k', { count: 10 })
    await vi.waitFor(async () => {
      expect((await readiness(bridge)).held['toys-open']).toContain('answered 401')
    }, SOON)
    expect((await countEffects(parts, 'toys-make')).effects).toBe(0)
    await bridge.stop()

    await parts.bridge(TOY_BRIDGE, { EDGEFUND_EVENT_KEYS: 'old:an-older-one' })
    await finished('k')
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 10, events: 10 })
  })

  it('finds its way when NATS has lost its volume: what was not delivered is said again', async () => {
    await parts.bridge(TOY_BRIDGE)
    await open('k', { count: 2_000, ms: 3 })
    await vi.waitFor(async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(100), SOON)
    await parts.nats.kill()
    await parts.nats.wipe()
    await parts.nats.start()
    // Ten minutes later.
    await vi.waitFor(
      async () => {
        await parts.database.write(
          `update pipeline.deliveries set offered_at = offered_at - interval '11 minutes' where state in ('ready', 'running')`,
        )
        expect(await runState(parts, 'toys:k')).toBe('ok')
      },
      { timeout: 120_000, interval: 3_000 },
    )
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 2_000, events: 2_000 })
  })
})
