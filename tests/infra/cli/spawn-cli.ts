import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../../bin/edgefund.mjs', import.meta.url))

export interface Ended {
  /** Null: killed by a signal. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Cli {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** What has been said on stderr so far. */
  stderr(): string
  /** Resolves when stderr says this. */
  says(pattern: RegExp, withinMs?: number): Promise<void>
}

export interface CliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the real command line, with nothing of the tester's own environment that could point it at a real database. */
export function startCli(args: readonly string[], { cwd, env }: CliOptions = {}): Cli {
  const { PATH = '', TMPDIR = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { PATH, TMPDIR, HOME, ...env } })
  let stdout = ''
  let stderr = ''
  let heard = () => {}
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    heard()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr })
      heard()
    })
  })
  return {
    child,
    ended,
    stderr: () => stderr,
    says: (pattern, withinMs = 120_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`stderr did not say ${pattern} within ${withinMs} ms: ${stderr}`)),
          withinMs,
        )
        heard = () => {
          const said = pattern.test(stderr)
          if (!said && child.exitCode === null) return
          clearTimeout(timer)
          if (said) resolve()
          else reject(new Error(`It ended with ${child.exitCode} before stderr said ${pattern}: ${stderr}`))
        }
        heard()
      }),
  }
}

export function cli(args: readonly string[], options?: CliOptions): Promise<Ended> {
  return startCli(args, options).ended
}
