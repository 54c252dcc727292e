import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { NatsConnection } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundle } from '../../../infra/build/bundle.ts'
import { openNats } from '../../../shared/adapters/nats/connect.ts'
import { natsPublisher } from '../../../shared/adapters/nats/publisher.ts'
import type { Envelope } from '../../../shared/events/envelope.ts'
import { publishInOrder } from '../../../shared/runtime/publish-in-order.ts'
import type { BridgeProcess } from '../../real/bridge-process.ts'
import { missingParts } from '../../real/parts.ts'
import { prepareCore } from '../../shared/runtime/test-database.ts'
import { TickSeen, TOY_TABLES } from './batch-toys.ts'
import { openRealParts, type RealParts } from './real-parts.ts'

const missing = missingParts('postgresql', 'nats')
const LONG = { timeout: 120_000, interval: 100 }
const BRIDGE = new URL('batch-bridge.ts', import.meta.url)
const TICKS = 20_000
const PARTITIONS = 8
const EACH = TICKS / PARTITIONS

describe.skipIf(missing)(`ephemeral events in batches${missing ? ` (${missing})` : ''}`, () => {
  let parts: RealParts
  let folder: string
  let connection: NatsConnection | undefined
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edgefund-batches-'))
    const here = fileURLToPath(new URL('.', import.meta.url))
    const { code } = await bundle(here, `export { default } from './batch-function.ts'`, true)
    writeFileSync(join(folder, 'handler.js'), code)
    writeFileSync(join(folder, 'package.json'), '{}')
    parts = await openRealParts({ EDGEFUND_PACKAGING: 'folded' })
    await prepareCore(parts.database)
    await parts.database.write(TOY_TABLES)
    await parts.deploy('toys', folder)
  })
  afterEach(async () => {
    await connection?.close()
    await parts.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const tick = (i: number, failing: number): Envelope => ({
    specversion: '1.0',
    id: `tick-${i}`,
    source: 'feed',
    type: TickSeen.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { n: Math.floor(i / PARTITIONS) + 1, failing },
    runid: 'toys:live',
    partitionkey: `p${i % PARTITIONS}`,
    producer: `feed/p${i % PARTITIONS}`,
    sequence: Math.floor(i / PARTITIONS) + 1,
  })
  /** Says all ticks in order, each chunk again until the bus has it. */
  const feed = async (failing: number, eachMs: number, count = TICKS) => {
    connection = await openNats({ url: parts.nats.url, name: 'feed' })
    const publisher = natsPublisher(connection)
    for (let i = 0; i < count; i += 500) {
      const chunk = Array.from({ length: 500 }, (_, k) => tick(i + k, failing))
      await vi.waitFor(() => publishInOrder(publisher, chunk), LONG)
      await sleep(eachMs)
    }
  }
  const counted = async () => {
    const [{ count }] = await parts.database.read<{ count: number }>(
      'select coalesce(sum(count), 0)::int as count from toy.sums',
    )
    return count
  }
  const reached = (count: number) => vi.waitFor(async () => expect(await counted()).toBeGreaterThanOrEqual(count), LONG)
  const expectExact = async () => {
    const sums = await parts.database.read(
      'select partition, sum::int as sum, count, last, in_order from toy.sums order by partition',
    )
    const one = { sum: EACH * (EACH + 1), count: EACH, last: 2 * EACH, in_order: true }
    expect(sums).toEqual(Array.from({ length: PARTITIONS }, (_, p) => ({ partition: `p${p}`, ...one })))
    const doubled = await parts.database.read(
      `select partition, count(*)::int as count, count(distinct n)::int as different from toy.doubled
       group by partition order by partition`,
    )
    expect(doubled).toEqual(
      Array.from({ length: PARTITIONS }, (_, p) => ({ partition: `p${p}`, count: EACH, different: EACH })),
    )
    expect(await parts.database.read('select * from pipeline.deliveries')).toEqual([])
    expect(await parts.database.read('select * from pipeline.trail')).toEqual([])
  }

  it('20,000 ticks take effect once each and in order in two steps, whoever is killed', async () => {
    const started = performance.now()
    let bridges = [await parts.bridge(BRIDGE), await parts.bridge(BRIDGE)]
    let failures = 0
    const feeding = feed(0.05, 100)

    const killFunction = async () => {
      failures += parts.functions.get('toys')?.output().split('bad luck').length ?? 0
      await parts.functions.get('toys')?.kill()
      await parts.deploy('toys', folder)
    }
    const killBridge = async () => {
      // The one at work; the other takes over.
      const leader = await vi.waitFor(async () => {
        for (const one of bridges) if (await leads(one)) return one
        throw new Error('no bridge leads')
      }, LONG)
      await leader.kill()
      bridges = [...bridges.filter((one) => one !== leader), await parts.bridge(BRIDGE)]
    }
    const killNats = async () => {
      await parts.nats.kill()
      await sleep(500)
      await parts.nats.start()
    }
    const kills = [killFunction, killBridge, killFunction, killNats, killFunction, killBridge]
    for (const [i, kill] of kills.entries()) {
      await reached((TICKS * (i + 1)) / (kills.length + 2))
      await kill()
    }
    await feeding
    await reached(TICKS)
    await expectExact()
    // It was not luck that nothing failed.
    expect(failures).toBeGreaterThan(5)
    expect(performance.now() - started).toBeLessThan(90_000)
    const left = await parts.database.read('select * from pipeline.checkpoints where said is not null')
    expect(left).toEqual([])
  })

  it('finds its way when NATS has lost its volume: what is said afterwards takes effect, once', async () => {
    await parts.bridge(BRIDGE)
    await feed(0, 0, 2_000)
    await reached(2_000)
    await connection?.close()
    await parts.nats.kill()
    parts.nats.wipe()
    await parts.nats.start()
    // The feed begins with what it had said before: it cannot know what was heard.
    await vi.waitFor(() => feed(0, 0), LONG)
    await reached(TICKS)
    await expectExact()
  })
})

async function leads({ url }: BridgeProcess): Promise<boolean> {
  const { leader } = (await (await fetch(`${url}/readyz`)).json()) as { leader: boolean }
  return leader
}
