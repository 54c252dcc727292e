import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import { printJson } from './output.ts'
import { choice } from './run-request.ts'

const PACKAGINGS = ['each', 'folded'] as const

const DESCRIPTION = `What OpenFaaS is told of the functions.
stack.yml has every step as a function of its own; infra/openfaas/stack.ce.yml has the same steps folded by room, for the
15 functions of the Community Edition. Both are generated from functions/index.ts.`

const GENERATE_HELP = `
each    a function a step: its own subject or schedule, limits, time and secrets
folded  a function a room, each step at /<step>, and one "clock" that opens whatever is due, every minute
With --json the stack is printed as JSON. "npm run generate" writes both files where they belong.

Examples:
  edgefund stack generate --packaging folded
  edgefund stack generate --out /tmp/stack.yml && faas-cli diff -f /tmp/stack.yml
  edgefund stack generate --json | jq '.functions | keys'`

const CHECK_HELP = `
Ends with 0 when both files are what the steps ask for, else with 1, and tells of each where it first differs.
"npm run generate" brings them up to date.`

interface GenerateFlags {
  readonly packaging: string
  readonly out?: string
}

/** How a file is, beside what the steps ask for. */
interface Checked {
  readonly file: string
  readonly current: boolean
  /** Why it is not, in a sentence. */
  readonly reason: string | null
}

/** Adds `stack generate` and `stack check`. Neither opens any state. `root` is where the stack files lie. */
export function registerStack(program: Command, context: Context, root?: URL): void {
  const stack = program.command('stack').description(DESCRIPTION)
  stack
    .command('generate')
    .summary('print or write a stack file')
    .description('Prints the stack file of a packaging, or writes it.')
    .option('--packaging <P>', 'each or folded', 'each')
    .option('--out <FILE>', 'write into this file instead of printing')
    .addHelpText('after', GENERATE_HELP)
    .action((flags: GenerateFlags) => generate(context, flags))
  stack
    .command('check')
    .summary('are the stack files current?')
    .description('Compares stack.yml and infra/openfaas/stack.ce.yml with the steps that there are.')
    .addHelpText('after', CHECK_HELP)
    .action(() => check(context, root))
}

async function generate(context: Context, flags: GenerateFlags): Promise<void> {
  const packaging = choice('--packaging', flags.packaging, PACKAGINGS) ?? 'each'
  const { currentStack, stackText } = await import('../../generate/files.ts')
  const io = context.io()
  const text = stackText(packaging)
  if (flags.out === undefined) {
    if (io.json) printJson(io, currentStack(packaging))
    else io.stdout(text)
    return
  }
  try {
    writeFileSync(flags.out, text)
  } catch (cause) {
    throw new InputError(`--out ${flags.out} cannot be written: ${(cause as Error).message}`, { cause })
  }
  const functions = Object.keys(currentStack(packaging).functions).length
  if (io.json) printJson(io, { file: flags.out, packaging, functions })
  else io.stdout(`${functions} functions are in ${flags.out}\n`)
}

async function check(context: Context, root: URL | undefined): Promise<void> {
  const { REPOSITORY, stackFiles } = await import('../../generate/files.ts')
  const checked = [...stackFiles()].map(([file, text]) => checkFile(root ?? REPOSITORY, file, text))
  const io = context.io()
  if (io.json) printJson(io, checked)
  else for (const { file, reason } of checked) io.stdout(`${reason ?? `${file} is current`}\n`)
  if (checked.some(({ current }) => !current)) context.endsWith(EXIT.failed)
}

function checkFile(root: URL, file: string, expected: string): Checked {
  const place = new URL(file, root)
  const found = existsSync(place) ? readFileSync(place, 'utf8') : undefined
  if (found === expected) return { file, current: true, reason: null }
  const what = found === undefined ? 'is missing' : `is stale: ${firstDifference(found, expected)}`
  return { file, current: false, reason: `${file} ${what}; run npm run generate` }
}

/** The first line that is not as expected. One of the two texts may end there. */
function firstDifference(found: string, expected: string): string {
  const [has, wants] = [found.split('\n'), expected.split('\n')]
  const row = wants.findIndex((line, i) => line !== has[i])
  if (row === -1) return `line ${wants.length + 1} is one too many`
  const quoted = (line: string | undefined) => (line === undefined ? 'missing' : `"${line.trim()}"`)
  return `line ${row + 1} is ${quoted(has[row])}, expected ${quoted(wants[row])}`
}
