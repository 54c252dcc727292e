import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Context, GlobalFlags } from './context.ts'
import { VERBS } from './verbs.ts'

const DESCRIPTION = `A rule-based investment pipeline as small functions, here in one process.
Not investment advice; data providers' own terms apply.`

const FOOTER = `
State lies in .edgefund/, or --home, or EDGEFUND_HOME. Settings: edgefund.yaml there or in the working folder.
Exit codes: 0 ok, 1 a run failed, 2 bad arguments or input, 3 something it leans on is away.`

export interface Program {
  /** What was said for every verb alike; complete once a verb's action runs. */
  readonly flags: () => GlobalFlags
  /** Reads the arguments and does what they say. Wrong ones are an `InputError`. */
  run(context: Context): Promise<void>
}

/** The command line for these arguments: of all verbs, only the one named is loaded. */
export function createProgram(args: readonly string[], write: (text: string) => void): Program {
  const program = new Command('edgefund')
    .description(DESCRIPTION)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print one JSON document')
    .option('--home <DIR>', 'where the state lies')
    .option('--log-level <L>', 'trace, debug, info, warn, error or silent: logs on stderr')
    .addHelpText('after', FOOTER)
    .exitOverride()
    // Errors are told by whoever called, in one line.
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
  return {
    flags: () => program.opts<GlobalFlags>(),
    async run(context) {
      const words = args.filter((_, i) => !isOption(args, i))
      const wanted = words[0] === 'help' ? words[1] : words[0]
      for (const verb of VERBS) {
        if (verb.name !== wanted) {
          program.command(verb.name).summary(verb.summary)
          continue
        }
        const register = await verb.load(words.slice(words.indexOf(wanted) + 1))
        register(program, context)
        program.commands.at(-1)?.summary(verb.summary)
      }
      if (args.length === 0) return program.outputHelp()
      try {
        await program.parseAsync(args, { from: 'user' })
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error
        if (error.exitCode === 0) return
        throw new InputError(explain(error, program, words), { cause: error })
      }
    },
  }
}

/** Whether the argument is an option, or the value of one of the options that every verb takes. */
function isOption(args: readonly string[], i: number): boolean {
  if (args[i].startsWith('-') && args[i] !== '-') return true
  return args[i - 1] === '--home' || args[i - 1] === '--log-level'
}

/** Commander's words in one line, with what would have been right. */
function explain(error: CommanderError, program: Command, words: readonly string[]): string {
  let command = program
  for (const word of words) command = command.commands.find((candidate) => candidate.name() === word) ?? command
  const names = command.commands.map((candidate) => candidate.name()).filter((name) => name !== 'help')
  const path = [...ancestors(command)].reverse().join(' ')
  // A group of verbs without one of them.
  if (error.code === 'commander.help') return `"${path}" needs one of: ${names.join(', ')}`
  const said = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  const expected = error.code === 'commander.unknownCommand' ? `; expected one of: ${names.join(', ')}` : ''
  return `${said}${expected} (see "${path} --help")`
}

function* ancestors(command: Command): Iterable<string> {
  for (let at: Command | null = command; at; at = at.parent) yield at.name()
}

function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
