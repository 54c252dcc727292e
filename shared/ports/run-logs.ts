/** A line that a step has logged. */
export interface LogLine {
  readonly at: string // ISO instant
  readonly level: LogLevel
  /** Null for what the runtime says of a run as a whole. */
  readonly step: string | null
  readonly event: string | null
  readonly attempt: number | null
  readonly message: string
  /** What else the line has: words that were said, an error with its stack. */
  readonly rest: Readonly<Record<string, unknown>>
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

export interface LogFilter {
  readonly run: string
  readonly step?: string | undefined
  readonly limit: number
}

/** What was logged of a run, where this process can read it. */
export interface RunLogs {
  /** The last lines, oldest first. */
  of(filter: LogFilter): Promise<LogLine[]>
}
