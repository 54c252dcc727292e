import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { makeDatabase } from '../../make-database.ts'
import { type BridgeProcess, startBridgeProcess } from '../../real/bridge-process.ts'
import { type FunctionProcess, startFunction } from '../../real/function-process.ts'
import { type StandInGateway, startGateway } from '../../real/gateway.ts'
import { type NatsServer, startNatsServer } from '../../real/nats-server.ts'
import { TEST_DATABASE_URL } from '../../shared/runtime/test-database.ts'
import { type TcpProxy, tcpProxy } from '../core/tcp-proxy.ts'

/** A cluster on one machine: real PostgreSQL and NATS, functions and bridge as processes of their own, a stand-in gateway. */
export interface RealParts {
  readonly database: StepDatabase
  readonly databaseUrl: string
  readonly nats: NatsServer
  readonly gateway: StandInGateway
  /** The door through which functions and bridges reach PostgreSQL. */
  readonly door: TcpProxy
  readonly functions: Map<string, FunctionProcess>
  /** Starts a function from its bundle and makes it known to the gateway. */
  deploy(name: string, folder: string): Promise<FunctionProcess>
  /** Starts a bridge; several may run, one of them leads. */
  bridge(script: URL, env?: Readonly<Record<string, string>>): Promise<BridgeProcess>
  /** A person's call to a function, with the token. */
  call(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  close(): Promise<void>
}

const TOKEN = 'a-token-of-the-test'
const KEYS = 'new:a-key-of-the-test,old:an-older-one'

export async function openRealParts(extra: Readonly<Record<string, string>> = {}): Promise<RealParts> {
  const home = mkdtempSync(join(tmpdir(), 'edgefund-parts-'))
  const made = await makeDatabase(TEST_DATABASE_URL as string)
  const database = openDatabase({ url: made.url, connections: 4 })
  const nats = await startNatsServer()
  const gateway = await startGateway()
  const door = await tcpProxy(made.url)
  const functions = new Map<string, FunctionProcess>()
  const bridges: BridgeProcess[] = []
  const env = {
    DATABASE_URL: door.url,
    NATS_URL: nats.url,
    EDGEFUND_HOME: home,
    EDGEFUND_EVENT_AUTH: 'signed',
    EDGEFUND_EVENT_KEYS: KEYS,
    EDGEFUND_API_TOKEN: TOKEN,
    EDGEFUND_LOG_LEVEL: 'info',
    ...extra,
  }
  return {
    database,
    databaseUrl: made.url,
    nats,
    gateway,
    door,
    functions,
    async deploy(name, folder) {
      const started = await startFunction({ folder, env })
      functions.set(name, started)
      gateway.functions.set(name, started.url)
      return started
    },
    async bridge(script, more = {}) {
      const started = await startBridgeProcess(script, { ...env, EDGEFUND_GATEWAY_URL: gateway.url, ...more })
      bridges.push(started)
      return started
    },
    call: (path, body, headers) =>
      fetch(`${gateway.url}/function/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    async close() {
      await Promise.all(bridges.map((bridge) => bridge.kill().catch(() => {})))
      await Promise.all([...functions.values()].map((one) => one.kill()))
      await gateway.close()
      await door.close()
      await nats.remove()
      await database.close()
      await made.drop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
