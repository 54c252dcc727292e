import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A real nats-server with JetStream, of its own for a test, on loopback. */
export interface NatsServer {
  readonly url: string
  readonly port: number
  readonly storeDir: string
  readonly pid: () => number | undefined
  /** Ends it without warning (SIGKILL). */
  kill(): Promise<void>
  /** Ends it in an orderly way. */
  stop(): Promise<void>
  /** Starts it again on the same port and store. */
  start(): Promise<void>
  /** Loses everything it stored; the server must not run. */
  wipe(): void
  /** Ends it and removes its store. A store of its own goes with this process at the latest. */
  remove(): Promise<void>
}

export interface NatsServerOptions {
  /** A free one when absent. */
  readonly port?: number
  readonly storeDir?: string
  /** Path of a configuration file. Port and address of the test go before what it says; it finds the store in `EDGEFUND_NATS_STORE_DIR`. */
  readonly config?: string
  /** Further environment, for a configuration that refers to it. */
  readonly environment?: Readonly<Record<string, string>>
}

const BINARY = findBinary()

/** Why there is no NATS to test with, for `describe.skipIf`; undefined when there is one. */
export const NATS_SERVER_MISSING: string | undefined =
  BINARY === undefined ? 'nats-server is not installed (apt-get install nats-server)' : undefined

const READY_WITHIN_MS = 15_000

/** Starts a server; it ends with this process at the latest, however that ends. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const port = options.port ?? (await freePort())
  const storeDir = options.storeDir ?? mkdtempSync(join(tmpdir(), 'edgefund-nats-'))
  const guard = startGuard(options.storeDir === undefined ? storeDir : '')
  let running: Running | undefined

  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = running
    running = undefined
    await ending?.end(signal)
    guard.watch(undefined)
  }
  const server: NatsServer = {
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDir,
    pid: () => running?.pid,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async start() {
      if (running) throw new Error(`nats-server runs already on port ${port}`)
      running = await run(port, storeDir, options, guard)
    },
    wipe() {
      if (running) throw new Error('Stop the server before wiping its store')
      rmSync(storeDir, { recursive: true, force: true })
    },
    async remove() {
      await end('SIGKILL')
      guard.dismiss()
      rmSync(storeDir, { recursive: true, force: true })
    },
  }
  try {
    await server.start()
  } catch (error) {
    guard.dismiss()
    if (options.storeDir === undefined) rmSync(storeDir, { recursive: true, force: true })
    throw error
  }
  return server
}

interface Running {
  readonly pid: number | undefined
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

async function run(port: number, storeDir: string, options: NatsServerOptions, guard: Guard): Promise<Running> {
  const { config, environment } = options
  if (BINARY === undefined) throw new Error(NATS_SERVER_MISSING)
  const address = ['--addr', '127.0.0.1', '--port', String(port)]
  const rest = config === undefined ? ['--jetstream', '--store_dir', storeDir] : ['--config', config]
  const child = spawn(BINARY, [...address, ...rest], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, EDGEFUND_NATS_STORE_DIR: storeDir, ...environment },
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  guard.watch(child.pid)
  try {
    await ready(child)
  } catch (error) {
    child.kill('SIGKILL')
    guard.watch(undefined)
    throw error
  }
  return {
    pid: child.pid,
    async end(signal) {
      child.kill(signal)
      await exited
    },
  }
}

/** Resolves once the server takes connections with JetStream restored. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (reason: string) => reject(new Error(`nats-server did not start: ${reason}\n${said.slice(-2_000)}`))
    const timer = setTimeout(() => fail(`not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS)
    child.stderr?.on('data', (chunk: Buffer) => {
      if (said.length < 100_000) said += chunk.toString()
      if (!said.includes('Server is ready')) return
      clearTimeout(timer)
      resolve()
    })
    child.once('error', (error) => {
      clearTimeout(timer)
      fail(error.message)
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      fail(`it ended with code ${code}`)
    })
  })
}

interface Guard {
  /** Whom it ends when this process is gone; nobody while the server does not run. */
  watch(pid: number | undefined): void
  dismiss(): void
}

const GUARD =
  'pid=; while read -r line; do pid=$line; done; [ -z "$pid" ] || kill -9 "$pid"; [ -z "$0" ] || rm -rf "$0"'

/** A small shell that outlives this process by a moment, even by SIGKILL: then it ends the server and removes the store that was its own. */
function startGuard(ownStore: string): Guard {
  const shell = spawn('sh', ['-c', GUARD, ownStore], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.unref()
  shell.on('error', () => {})
  const stdin = shell.stdin as typeof shell.stdin & { unref?: () => void }
  stdin.on('error', () => {})
  stdin.unref?.()
  return {
    watch: (pid) => void stdin.write(`${pid ?? ''}\n`),
    dismiss: () => void stdin.end('\n'),
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function findBinary(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']
  for (const folder of folders) {
    if (folder === '') continue
    const candidate = join(folder, 'nats-server')
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch {
      // Not here.
    }
  }
  return undefined
}
