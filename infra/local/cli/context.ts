import { resolve } from 'node:path'
import { type Config, readConfig } from '../../../shared/runtime/config.ts'
import type { Io } from './output.ts'

/** What every verb is given. */
export interface Context {
  io(): Io
  /** The environment with the command line's own options over it. */
  config(): Config
  /** Whether somebody named the home, rather than leaving it to the default. */
  homeIsNamed(): boolean
  /** What the user said about logs, or this verb's own choice: the table at the end tells what a person needs. */
  logLevel(otherwise: Config['logLevel']): Config['logLevel']
  /** Aborted with an `Interrupted` by Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal
  /** Ends the verb with this code, unless something else goes wrong. */
  endsWith(code: number): void
}

/** The options that every verb takes. */
export interface GlobalFlags {
  readonly json?: boolean
  readonly home?: string
  readonly logLevel?: string
}

export interface ContextParts {
  readonly flags: () => GlobalFlags
  readonly env: Readonly<Record<string, string | undefined>>
  readonly write: (stream: 'stdout' | 'stderr', text: string) => void
  readonly interrupted: AbortSignal
  readonly endsWith: (code: number) => void
}

export function createContext({ flags, env, write, interrupted, endsWith }: ContextParts): Context {
  return {
    io: () => ({
      json: flags().json ?? false,
      stdout: (text) => write('stdout', text),
      stderr: (text) => write('stderr', text),
    }),
    config() {
      const { home, logLevel } = flags()
      const config = readConfig({ ...env, ...(logLevel !== undefined && { EDGEFUND_LOG_LEVEL: logLevel }) })
      return home === undefined ? config : { ...config, home: resolve(home) }
    },
    homeIsNamed: () => flags().home !== undefined || Boolean(env.EDGEFUND_HOME),
    logLevel(otherwise) {
      const said = flags().logLevel || env.EDGEFUND_LOG_LEVEL
      return said ? this.config().logLevel : otherwise
    },
    interrupted,
    endsWith,
  }
}
