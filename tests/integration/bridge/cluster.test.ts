import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Packaging } from '../../../infra/packaging/functions.ts'
import { type CephServer, startCephServer } from '../../real/ceph-server.ts'
import { missingParts } from '../../real/parts.ts'
import { BRIDGE, type Cluster, differences, localState, openCluster, YEAR, YEAR_KEY } from './cluster.ts'

const missing = missingParts('postgresql', 'nats', 's3')

describe.skipIf(missing)(`WF1 to WF5 on a cluster${missing ? ` (${missing})` : ''}`, () => {
  let local: Map<string, string>
  let ceph: CephServer
  beforeAll(async () => {
    ceph = await startCephServer({ store: 'memstore' })
    local = await localState({ withMonth: true })
    // A whole month of a fund is compared, not nothing.
    expect([...local.keys()].find((key) => key.startsWith('monitoring.portfolio_snapshots'))).toContain(': 18 rows')
    expect([...local.keys()].filter((key) => key.startsWith('reports/orders/'))).toHaveLength(4)
  })
  afterAll(() => ceph?.wipe())

  describe.each<Packaging>(['each', 'folded'])('packaged %s', (packaging) => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await openCluster(packaging, ceph, `fund-${packaging}`)
      await cluster.bridge(BRIDGE)
    })
    afterAll(() => cluster?.close())

    it('ends in the state that one process ends in, in every column that is not volatile and every object', async () => {
      await cluster.openYear()
      expect(await cluster.ended(`ingestion:${YEAR_KEY}`)).toEqual({ state: 'ok', reason: null })
      await cluster.runMonth()
      expect(differences(await cluster.state(), local)).toEqual([])
    })

    it('opens a session by a tick of the clock, and the same one not again', async () => {
      const tick = packaging === 'each' ? 'ingestion-open-session' : 'clock'
      // As cron-connector calls: nothing in it, and no token.
      const ticked = () => fetch(`${cluster.gateway.url}/function/${tick}`, { method: 'POST' })
      expect((await ticked()).status).toBe(200)
      expect((await ticked()).status).toBe(200)
      const runs = await cluster.database.read<{ run: string }>(
        `select run from pipeline.runs where workflow = 'ingestion' and key <> $1`,
        [YEAR_KEY],
      )
      expect(runs).toHaveLength(1)
      expect((await cluster.ended(runs[0].run)).state).toBe('ok')
    })

    it('refuses who can neither sign nor show the token', async () => {
      const anybody = await fetch(`${cluster.gateway.url}/function/${cluster.pathOf('ingestion-open-session')}`, {
        method: 'POST',
        body: JSON.stringify(YEAR),
      })
      expect(anybody.status).toBe(401)
      expect(anybody.headers.get('edgefund-outcome')).toBeNull()
    })
  })
})
