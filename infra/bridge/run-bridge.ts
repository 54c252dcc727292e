import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Logger } from 'pino'
import { openNats } from '../../shared/adapters/nats/connect.ts'
import { holdLease, type Lease } from '../../shared/adapters/nats/lease.ts'
import { natsPublisher } from '../../shared/adapters/nats/publisher.ts'
import { BRIDGE_BUCKET } from '../../shared/adapters/nats/topology.ts'
import { openDatabase } from '../../shared/adapters/postgres/database.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import { describe } from '../../shared/runtime/attempt.ts'
import type { Config } from '../../shared/runtime/config.ts'
import type { StepOutline } from '../../shared/runtime/outline.ts'
import { topologyOf } from '../../shared/runtime/topology.ts'
import { type Bridge, startBridge } from './bridge.ts'
import type { Bus } from './bus.ts'
import type { HoldOptions } from './hold.ts'
import { type BridgeMetrics, bridgeMetrics } from './metrics.ts'
import { natsBus } from './nats-bus.ts'
import { type Health, serveHealth } from './server.ts'
import { startTidying } from './tidy.ts'

export interface BridgeOptions {
  readonly config: Config
  readonly outlines: readonly StepOutline[]
  readonly log: Logger
  /** How long the leader's lease lives without a sign of life. */
  readonly leaseMs?: number
  readonly sweepEveryMs?: number
  readonly hold?: HoldOptions
}

export interface RunningBridge {
  readonly port: number
  leads(): boolean
  /** Takes nothing new, finishes the calls under way, gives the lease up and closes everything. */
  stop(): Promise<void>
}

const LEASE_MS = 15_000
const CONNECTIONS = 4

/** Runs the bridge until it is stopped: it waits for NATS, waits for the lease, and while it holds it carries events. */
export async function runBridge(options: BridgeOptions): Promise<RunningBridge> {
  const { config, log } = options
  const { databaseUrl, natsUrl } = config
  if (databaseUrl === undefined) throw new InputError('The bridge needs PostgreSQL: set DATABASE_URL')
  if (natsUrl === undefined) throw new InputError('The bridge needs NATS: set NATS_URL')
  const database = openDatabase({ url: databaseUrl, connections: CONNECTIONS })
  const metrics = bridgeMetrics()
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  const stopping = new AbortController()
  let seat: Seat | undefined

  const server = await serveHealth({
    port: config.bridge.port,
    alive: async () => seat?.alive() ?? { ok: true, found: { state: 'connecting' } },
    ready: async () => (seat ? seat.ready() : { ok: false, found: { nats: 'not connected yet' } }),
    metrics: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
  })
  const settled = connect(natsUrl, config.natsCaFile, log, stopping.signal).then(async (connection) => {
    const objects = await openObjects(config)
    if (connection) seat = takeSeat({ ...options, connection, database, objects, metrics, owner })
  })
  return {
    port: server.port,
    leads: () => seat?.leads() ?? false,
    async stop() {
      stopping.abort()
      await settled
      await seat?.leave()
      await server.close()
      await database.close()
    },
  }
}

/** Waits for NATS for as long as it takes. */
async function connect(
  url: string,
  caFile: string | undefined,
  log: Logger,
  signal: AbortSignal,
): Promise<NatsConnection | undefined> {
  while (!signal.aborted) {
    try {
      return await openNats({ url, name: 'edgefund-bridge', caFile })
    } catch (error) {
      log.warn({ reason: describe(error) }, 'waiting for NATS')
      await sleep(1_000, undefined, { signal }).catch(() => {})
    }
  }
  return undefined
}

/** Where work files lie, when functions keep them in S3. */
async function openObjects({ s3 }: Config): Promise<ClosableObjects | undefined> {
  if (!s3) return undefined
  const { s3ObjectStore } = await import('../../shared/adapters/s3/object-store.ts')
  return s3ObjectStore(s3)
}

type ClosableObjects = ObjectStore & { close(): void }

/** A connected bridge: a candidate for the lease, and at work while it holds it. */
interface Seat {
  leads(): boolean
  alive(): Health
  ready(): Promise<Health>
  leave(): Promise<void>
}

interface SeatParts extends BridgeOptions {
  readonly connection: NatsConnection
  readonly database: StepDatabase
  readonly objects: ClosableObjects | undefined
  readonly metrics: BridgeMetrics
  readonly owner: string
}

function takeSeat(parts: SeatParts): Seat {
  const { config, outlines, connection, database, objects, log, metrics, owner } = parts
  const bus = natsBus(connection, topologyOf({ outlines }), 1)
  let work: { readonly bridge: Bridge; stop(): Promise<void> } | undefined
  let changing: Promise<void> = Promise.resolve()
  const ending = new Set<Promise<void>>()

  const begin = async () => {
    if (work) return
    await bus.ensure().catch((error) => log.warn({ reason: describe(error) }, 'the streams are not there yet'))
    const bridge = startBridge({
      ...parts,
      ...config.bridge,
      gateway: config.bridge.gatewayUrl,
      keys: config.eventAuth === 'none' ? [] : config.eventAuth.keys,
      bus,
      publisher: natsPublisher(connection),
    })
    const stopTidying = objects ? startTidying(bus, objects, log) : async () => {}
    work = { bridge, stop: async () => void (await Promise.all([bridge.stop(), stopTidying()])) }
  }
  // Calls under way may take minutes, and nobody need wait for them: what they did is committed, and the claim guards the rest.
  const end = () => {
    const ended = work?.stop().finally(() => ending.delete(ended as Promise<void>))
    work = undefined
    if (ended) ending.add(ended)
  }
  const lease: Lease = holdLease(connection, {
    bucket: BRIDGE_BUCKET,
    key: 'leader',
    owner,
    ttlMs: parts.leaseMs ?? LEASE_MS,
    onChange(held) {
      log.info({ owner, held }, held ? 'this bridge leads' : 'this bridge stands by')
      metrics.leading(held)
      changing = changing
        .then(held ? begin : end)
        .catch((error) => log.error({ err: error }, 'the bridge could not turn'))
    },
  })
  return {
    leads: () => lease.held(),
    alive: () => aliveNow(work?.bridge),
    ready: () => readyNow(bus, database, lease, work?.bridge),
    async leave() {
      await changing
      end()
      // Another bridge goes on while this one finishes its calls.
      await lease.stop()
      await changing
      await Promise.all(ending)
      objects?.close()
      await connection.close()
    },
  }
}

function aliveNow(bridge: Bridge | undefined): Health {
  const stuck = bridge?.subscriptions.filter((one) => !one.isTurning()).map(({ step }) => step) ?? []
  return { ok: stuck.length === 0, found: stuck.length === 0 ? {} : { stuck } }
}

async function readyNow(bus: Bus, database: StepDatabase, lease: Lease, bridge: Bridge | undefined): Promise<Health> {
  const nats = bus.connected()
  const postgres = await database.read('select 1').then(
    () => true,
    () => false,
  )
  const held = Object.fromEntries(
    bridge?.subscriptions.flatMap((one) => {
      const reason = one.heldBecause()
      return reason === undefined ? [] : [[one.step, reason]]
    }) ?? [],
  )
  return { ok: nats && postgres, found: { nats, postgres, leader: lease.held(), held } }
}
