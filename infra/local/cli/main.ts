import { UnavailableError } from '../../../shared/ports/errors.ts'
import { createContext } from './context.ts'
import { EXIT, exitCodeOf, Interrupted, OutputClosed } from './exit.ts'
import { createProgram } from './program.ts'

/** One command line from its arguments to its exit code. */
async function main(args: readonly string[]): Promise<number> {
  let code: number = EXIT.ok
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const reason = new Interrupted(signal)
      // The second time it is meant: whatever is open survives a kill.
      if (interruption.signal.aborted) process.exit(reason.code)
      interruption.abort(reason)
      // Who waits for standard input waits no longer.
      process.stdin.on('error', () => {}).destroy(reason)
    })
  }
  const program = createProgram(args, (text) => write('stdout', text))
  const context = createContext({
    flags: program.flags,
    env: process.env,
    write,
    interrupted: interruption.signal,
    endsWith: (ended) => {
      code = ended
    },
  })
  try {
    await program.run(context)
    // `up` ends by being stopped, in good order.
    if (interruption.signal.aborted) return exitCodeOf(interruption.signal.reason)
    await flushed()
    if (code === EXIT.ok) checkOutput()
    return code
  } catch (error) {
    if (!(error instanceof Interrupted) && !(error instanceof OutputClosed)) {
      const debugging = ['debug', 'trace'].includes(program.flags().logLevel ?? '')
      write('stderr', `edgefund: ${debugging ? withStack(error) : inOneLine(error)}\n`)
    }
    return exitCodeOf(error)
  }
}

function inOneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s*\n\s*/g, ' ')
}

function withStack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

let outputError: NodeJS.ErrnoException | undefined
process.stdout.on('error', (error) => {
  outputError ??= error
})
// Nobody to tell, then: a closed stderr must not stop the work.
process.stderr.on('error', () => {})

function write(stream: 'stdout' | 'stderr', text: string): void {
  process[stream].write(text)
  if (stream === 'stdout') checkOutput()
}

/** Ends the verb when its output goes nowhere. A pipe or a file says so at once, its event only when the verb pauses. */
function checkOutput(): void {
  const cause: NodeJS.ErrnoException | null = outputError ?? process.stdout.errored
  if (cause === null) return
  if (cause.code === 'EPIPE') throw new OutputClosed()
  throw new UnavailableError(`Standard output cannot be written: ${cause.message}`, { cause })
}

/** Until what is printed is out, or never will be. */
function flushed(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.errored) resolve()
    else process.stdout.write('', () => resolve())
  })
}

const code = await main(process.argv.slice(2))
// What is printed must be out before the process goes, and nothing idle may keep it.
await flushed()
process.exit(code)
