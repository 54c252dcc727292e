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
    return interruption.signal.aborted ? exitCodeOf(interruption.signal.reason) : code
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

let stdoutClosed = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  stdoutClosed = true
})
// Nobody to tell, then: a closed stderr must not stop the work.
process.stderr.on('error', () => {})

function write(stream: 'stdout' | 'stderr', text: string): void {
  if (stream === 'stdout' && stdoutClosed) throw new OutputClosed()
  process[stream].write(text)
}

const code = await main(process.argv.slice(2))
// What is printed must be out before the process goes, and nothing idle may keep it.
await new Promise<void>((resolve) => (stdoutClosed ? resolve() : process.stdout.write('', () => resolve())))
process.exit(code)
