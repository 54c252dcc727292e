import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BridgeProcess, readiness } from '../../real/bridge-process.ts'
import { missingParts } from '../../real/parts.ts'
import type { RealParts } from './real-parts.ts'
import { countEffects, openToyParts, runState, TOY_BRIDGE } from './toy-parts.ts'

const missing = missingParts('postgresql', 'nats')
const SOON = { timeout: 60_000, interval: 100 }

describe.skipIf(missing)(`two bridges${missing ? ` (${missing})` : ''}`, () => {
  let parts: RealParts & { folder: string }
  beforeEach(async () => {
    parts = await openToyParts()
  })
  afterEach(() => parts.close())

  const leads = async (bridge: BridgeProcess) => (await readiness(bridge)).leader
  const open = (params: object) => parts.call('toys/toys-open', params, { 'idempotency-key': 'k' })
  const finished = () =>
    vi.waitFor(async () => expect(await runState(parts, 'toys:k')).toBe('ok'), { timeout: 120_000, interval: 100 })
  const pair = async () => {
    const first = await parts.bridge(TOY_BRIDGE)
    await vi.waitFor(async () => expect(await leads(first)).toBe(true), SOON)
    const second = await parts.bridge(TOY_BRIDGE)
    await vi.waitFor(async () => expect((await fetch(`${second.url}/readyz`)).status).toBe(200), SOON)
    await sleep(500)
    expect([await leads(first), await leads(second)]).toEqual([true, false])
    return { first, second }
  }

  it('are one at work and one that takes over when the first is killed', async () => {
    const { first, second } = await pair()
    await open({ count: 1_000, ms: 5 })
    await vi.waitFor(async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(50), SOON)
    await first.kill()
    await vi.waitFor(async () => expect(await leads(second)).toBe(true), SOON)
    await finished()
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 1_000, events: 1_000 })
  })

  it('change places when the first stands still, and do nothing twice when it goes on', async () => {
    const { first, second } = await pair()
    await open({ count: 1_000, ms: 5 })
    await vi.waitFor(async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(50), SOON)
    first.pause()
    await vi.waitFor(async () => expect(await leads(second)).toBe(true), SOON)
    first.resume()
    await finished()
    expect(await leads(first)).toBe(false)
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 1_000, events: 1_000 })
  })

  it('hand over at once when the first is asked to end, which finishes its calls first', async () => {
    const { first, second } = await pair()
    await open({ count: 300, ms: 20 })
    await vi.waitFor(async () => expect((await countEffects(parts, 'toys-make')).effects).toBeGreaterThan(20), SOON)
    const begun = performance.now()
    expect(await first.stop()).toBe(0)
    await vi.waitFor(async () => expect(await leads(second)).toBe(true), SOON)
    expect(performance.now() - begun).toBeLessThan(8_000)
    await finished()
    expect(await countEffects(parts, 'toys-make')).toEqual({ effects: 300, events: 300 })
    const lost = await parts.database.read('select 1 from pipeline.deliveries where losses > 0')
    expect(lost).toEqual([])
  })
})
