import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, closeSync, constants, openSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { cephConfiguration } from './ceph-configuration.ts'

const run = promisify(execFile)

const PROGRAMS = ['monmaptool', 'ceph-mon', 'ceph-osd', 'ceph', 'radosgw-admin', 'radosgw', 'setpriv']
/** Another process may take a port between our asking for a free one and the daemon's using it. */
const STARTS = 3
const PATIENCE_MS = 30_000

/** Why no Ceph can be started here, undefined when one can. Tests that need it are skipped with this as their message. */
export const CEPH_MISSING: string | undefined = PROGRAMS.every(isInstalled)
  ? undefined
  : "needs Ceph's radosgw: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw ceph-common"

export interface CephServer {
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
  /** Ends the process that speaks S3; the objects stay. From now on connections are refused. */
  stopGateway(): Promise<void>
  startGateway(): Promise<void>
  /** The gateway accepts connections and answers nobody, until it is thawed. */
  freezeGateway(): void
  thawGateway(): void
  /** Ends everything and deletes its folder. */
  wipe(): Promise<void>
}

/**
 * A throw-away Ceph on loopback: a monitor, a store and the gateway that speaks S3, in a temporary folder and on free ports. `memstore`
 * is ready in little more than a second; `bluestore` keeps objects on disk and is as slow as a disk. It ends with this process, however
 * this process ends.
 */
export async function startCephServer({ store }: { readonly store: 'memstore' | 'bluestore' }): Promise<CephServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(store)
    } catch (error) {
      if (attempt === STARTS) throw error
    }
  }
}

async function startOnce(store: string): Promise<CephServer> {
  const root = await mkdtemp(join(tmpdir(), 'edgefund-ceph-'))
  const daemons = new Map<string, ChildProcess>()
  const environment = { ...process.env, CEPH_CONF: join(root, 'ceph.conf') }
  const killAll = () => {
    for (const daemon of daemons.values()) daemon.kill('SIGKILL')
  }
  const atExit = () => {
    killAll()
    rmSync(root, { recursive: true, force: true, maxRetries: 3 })
  }
  process.once('exit', atExit)

  const wipe = async () => {
    killAll()
    await Promise.all([...daemons.values()].map(ended))
    rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    process.off('exit', atExit)
  }

  function command(program: string, ...args: string[]): Promise<{ stdout: string }> {
    return run(program, args, { env: environment, timeout: PATIENCE_MS })
  }

  /** A daemon that is killed by the kernel when this process dies without a chance to say goodbye. */
  function daemon(name: string, program: string, ...args: string[]): void {
    const output = openSync(join(root, 'log', `${name}.out`), 'a')
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
      env: environment,
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    child.once('error', () => {}) // told by its never coming up
    daemons.set(name, child)
  }

  /** Starts a daemon, again when it gives up, until the check holds. */
  async function bringUp(name: string, isUp: () => Promise<boolean>, program: string, ...args: string[]) {
    const deadline = Date.now() + PATIENCE_MS
    daemon(name, program, ...args)
    while (!(await isUp())) {
      if (Date.now() > deadline) throw new Error(`${name} does not come up: ${await lastWords(root, name)}`)
      if (hasEnded(daemons.get(name))) daemon(name, program, ...args)
      await sleep(50)
    }
  }

  const [monitorPort, gatewayPort, storePort] = await freePorts(3)
  const endpoint = `http://127.0.0.1:${gatewayPort}`
  const accessKey = 'tester'
  const secretKey = 'testing-secret'
  const startGateway = () => bringUp('gateway', () => answers(endpoint), 'radosgw', '-n', 'client.rgw', '-f')

  try {
    for (const folder of ['log', 'run', 'mon', 'osd', 'rgw']) await mkdir(join(root, folder))
    const cluster = randomUUID()
    const configuration = cephConfiguration({ root, cluster, store, monitorPort, gatewayPort, storePort })
    await writeFile(environment.CEPH_CONF, configuration)
    const map = join(root, 'monmap')
    await command('monmaptool', '--create', '--fsid', cluster, '--addv', 'a', `v1:127.0.0.1:${monitorPort}`, map)
    await command('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map)
    daemon('monitor', 'ceph-mon', '-i', 'a', '-f')

    const disk = randomUUID()
    await again(() => command('ceph', 'osd', 'new', disk))
    await again(() => command('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk))
    const storeIsUp = async () => /\b1 up\b/.test((await again(() => command('ceph', 'osd', 'stat'))).stdout)
    await bringUp('store', storeIsUp, 'ceph-osd', '-i', '0', '-f')
    const user = ['--uid', 'tester', '--display-name', 'tester', '--access-key', accessKey, '--secret', secretKey]
    await again(() =>
      command('radosgw-admin', 'user', 'info', '--uid', 'tester').catch(() =>
        command('radosgw-admin', 'user', 'create', ...user),
      ),
    )
    await startGateway()
  } catch (error) {
    await wipe()
    throw error
  }

  return {
    endpoint,
    region: 'us-east-1',
    accessKey,
    secretKey,
    startGateway,
    async stopGateway() {
      const gateway = daemons.get('gateway')
      gateway?.kill('SIGKILL')
      if (gateway) await ended(gateway)
    },
    freezeGateway: () => void daemons.get('gateway')?.kill('SIGSTOP'),
    thawGateway: () => void daemons.get('gateway')?.kill('SIGCONT'),
    wipe,
  }
}

/** A client's first command can overtake the map of the monitor and be refused, with "wrong fsid" or otherwise. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 5) throw error
      await sleep(300)
    }
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })
    return true
  } catch {
    return false // refused: not up yet
  }
}

/** Ports nobody uses now, below those the system gives to outgoing connections, so that no connection takes them meanwhile. */
async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = []
  while (held.length < count) {
    const server = createServer()
    server.listen(12_000 + Math.floor(Math.random() * 18_000), '127.0.0.1')
    try {
      await once(server, 'listening')
      held.push(server)
    } catch {
      // taken
    }
  }
  const ports = held.map((server) => (server.address() as { port: number }).port)
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return child === undefined || child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit')
}

async function lastWords(root: string, name: string): Promise<string> {
  return (await readFile(join(root, 'log', `${name}.out`), 'utf8')).slice(-500)
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
