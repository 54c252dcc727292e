import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BRIDGE, type Cluster, differences, localState, openCluster, YEAR_KEY } from '../integration/bridge/cluster.ts'
import type { BridgeProcess } from '../real/bridge-process.ts'
import { type CephServer, startCephServer } from '../real/ceph-server.ts'
import { missingParts } from '../real/parts.ts'

const missing = missingParts('postgresql', 'nats', 's3')
const KILLS = 14
const VICTIMS = [
  'fetch-bars',
  'validate-bars',
  'store-bars',
  'archive-bars',
  'check-quality',
  'fetch-corporate-actions',
]

describe.skipIf(missing)(`a cluster whose processes are killed${missing ? ` (${missing})` : ''}`, () => {
  let local: Map<string, string>
  let ceph: CephServer
  let cluster: Cluster
  beforeAll(async () => {
    ceph = await startCephServer({ store: 'memstore' })
    local = await localState()
    cluster = await openCluster('each', ceph, 'killed')
  })
  afterAll(async () => {
    await cluster?.close()
    await ceph?.wipe()
  })

  const isRunning = async () => {
    const [row] = await cluster.database.read<{ state: string }>('select state from pipeline.runs where run = $1', [
      `ingestion:${YEAR_KEY}`,
    ])
    return row?.state === 'running'
  }

  it('ends in the state of an undisturbed one, whatever was killed when', async () => {
    let bridge: BridgeProcess = await cluster.bridge(BRIDGE)
    await cluster.openYear()
    let kills = 0
    while (kills < KILLS && (await isRunning())) {
      await sleep(300 + Math.random() * 1_500)
      kills++
      const place = Math.floor(Math.random() * (VICTIMS.length + 2))
      if (place === VICTIMS.length) {
        await cluster.nats.kill()
        await sleep(500)
        await cluster.nats.start()
      } else if (place > VICTIMS.length) {
        await bridge.kill()
        bridge = await cluster.bridge(BRIDGE)
      } else {
        const fn = `ingestion-${VICTIMS[place]}`
        await cluster.functions.get(fn)?.kill()
        await cluster.deploy(fn, cluster.folderOf(fn))
        // Five minutes later: its leases have run out.
        await cluster.database.write(
          `update pipeline.deliveries set lease_until = now() - interval '1 second' where state = 'running' and starts_with(owner, $1)`,
          [`${fn}/`],
        )
      }
    }
    expect(kills, 'the run was over before it was disturbed').toBeGreaterThan(3)
    expect((await cluster.ended(`ingestion:${YEAR_KEY}`)).state).toBe('ok')
    expect(differences(await cluster.state(), local)).toEqual([])
  })
})
