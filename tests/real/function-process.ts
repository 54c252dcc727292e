import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TEMPLATE = fileURLToPath(new URL('./template.mjs', import.meta.url))

export interface FunctionProcessOptions {
  /** Holds handler.js, and where no template brings one the server around it, index.js. */
  readonly folder: string
  /** Over the settings of a function that stack.yml gives; nothing of the tester's own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>
  /** 0 (default): any free one. */
  readonly port?: number
  /** Before the script, such as what it may not do. */
  readonly nodeFlags?: readonly string[]
}

export interface FunctionProcess {
  readonly url: string
  readonly pid: number
  /** From the start of the process until it listened. */
  readonly listenedAfterMs: number
  /** Asks it to end (SIGTERM by default) and answers its exit code; null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  kill(): Promise<void>
  /** What it has said on stdout and stderr so far. */
  output(): string
}

const running = new Set<ChildProcess>()
// A test that fails half-way leaves no process behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Runs a built function as a process of its own, under its own server where it has one, else under the template's stand-in, and waits until
 * it listens on loopback.
 */
export async function startFunction(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const { folder, env, port = 0, nodeFlags = [] } = options
  const own = join(folder, 'index.js')
  const server = existsSync(own) ? [own] : [TEMPLATE, folder]
  const { PATH = '', TMPDIR = '' } = process.env
  const settings = { RAW_BODY: 'true', MAX_RAW_SIZE: '2mb', http_port: String(port), NODE_NO_WARNINGS: '1' }
  const started = performance.now()
  const child = spawn(process.execPath, [...nodeFlags, ...server], {
    env: { PATH, TMPDIR, EDGEFUND_SECRETS: '/nonexistent', ...settings, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let said = ''
  let found = false
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  const listening = new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      // Only until it is known: a function that says much would be searched from the start for every word.
      if (found) return
      const match = /(?:template|function) listens on (\d+)/.exec(said)
      found = match !== null
      if (match) resolve(Number(match[1]))
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    ended.then((code) => reject(new Error(`The function in ${folder} ended with ${code} before it listened: ${said}`)))
  })
  const url = `http://127.0.0.1:${await listening}`
  return {
    url,
    pid: child.pid!,
    listenedAfterMs: performance.now() - started,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    output: () => said,
  }
}
