import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface BridgeProcess {
  /** Where it answers `/healthz`, `/readyz` and `/metrics`. */
  readonly url: string
  readonly pid: number
  /** Its log so far, a JSON object a line. */
  readonly log: readonly string[]
  /** Ends it as an orchestrator does, and answers its exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
  pause(): void
  resume(): void
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a bridge as a process of its own and waits until it listens. */
export async function startBridgeProcess(script: URL, env: Readonly<Record<string, string>>): Promise<BridgeProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(script)], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', EDGEFUND_BRIDGE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  const log: string[] = []
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line)
      const said = line.includes('"up"') ? JSON.parse(line) : undefined
      if (said?.msg === 'up') resolve(said.port)
    })
    exited.then((code) => reject(new Error(`The bridge ended with ${code}: ${errors || log.join('\n')}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    log,
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  }
}

/** What a bridge says of itself. */
export interface Readiness {
  readonly ok: boolean
  readonly leader: boolean
  /** Why consumers stand still, by step. */
  readonly held: Readonly<Record<string, string>>
}

export async function readiness({ url }: Pick<BridgeProcess, 'url'>): Promise<Readiness> {
  return (await (await fetch(`${url}/readyz`)).json()) as Readiness
}
