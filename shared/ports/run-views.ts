import type { Session } from '../domain/market/session.ts'

/** A run in a line. */
export interface RunLine {
  readonly run: string
  readonly workflow: string
  readonly key: string
  readonly revision: number
  readonly state: RunState
  readonly reason: string | null
  readonly started: string // ISO instant
  readonly ended: string | null
  readonly seconds: number | null
}

export type RunState = 'running' | 'ok' | 'partial' | 'failed'

/** A run with what it was opened for and on. */
export interface RunOpening extends RunLine {
  readonly params: Readonly<Record<string, unknown>>
  readonly codeVersion: string
  readonly configHash: string
  /** The run that waits for this one. */
  readonly parent: string | null
}

/** How the deliveries of one step in a run have gone. */
export interface RunStep {
  readonly step: string
  readonly done: number
  readonly waiting: number
  readonly running: number
  readonly dead: number
  readonly attempts: number
  /** From the first event that woke it to its last commit; null while something of it is open. */
  readonly seconds: number | null
  readonly reasons: readonly string[]
}

/** How often one step's word woke another in a run. */
export interface RunEdge {
  readonly from: string
  readonly subject: string
  readonly to: string
  readonly count: number
}

/** A fan-in of a run, and which of its parts it has. */
export interface RunJoin {
  readonly step: string
  readonly key: string
  readonly revision: number
  readonly expected: number
  readonly complete: boolean
  /** Parts that have not brought everything yet, a few of them. */
  readonly missing: readonly string[]
  readonly failed: readonly { readonly part: string; readonly reason: string }[]
}

export interface TrailLine {
  readonly said_at: string
  readonly event: string
  readonly subject: string
  readonly step: string
  readonly cause: string | null
  readonly part: string | null
  readonly data: unknown
}

/** A delivery that a step has given up. */
export interface DeadLetter {
  readonly event: string
  readonly subscriber: string
  readonly run: string | null
  readonly subject: string | null
  readonly part: string | null
  readonly reason: string | null
  readonly attempts: number
  readonly died: string
  /** False: it could not be read, so there is nothing to try again. */
  readonly replayable: boolean
}

/** A raw reply that bars were read from. */
export interface BarOrigin {
  readonly run: string
  readonly request: string
  readonly sha256: string
}

export interface RunFilter {
  readonly workflow?: string | undefined
  readonly state?: RunState | undefined
  readonly limit: number
  /** So many of the newest are left out. */
  readonly offset?: number
}

/** What ran, how it went and why, for people to read. The runtime and the room `ingestion` write what these read. */
export interface RunViews {
  /** Newest first. */
  list(filter: RunFilter): Promise<RunLine[]>
  /** The newest run of each workflow, by workflow. */
  newest(): Promise<RunLine[]>
  /** A run by its name, or the newest one of a key. */
  find(name: string): Promise<RunOpening | undefined>
  /** The newest revision of a key. */
  newestOf(workflow: string, key: string): Promise<RunLine | undefined>
  /** In order of when each was woken first. */
  steps(run: string): Promise<RunStep[]>
  edges(run: string): Promise<RunEdge[]>
  joins(run: string): Promise<RunJoin[]>
  /** How often each event was said. */
  events(run: string): Promise<{ readonly subject: string; readonly count: number }[]>
  /** In the order they were said; of one step, what it said and what it was woken by or waited for. */
  trail(run: string, from: number, limit: number, step?: string): Promise<TrailLine[]>
  /** Runs that another one opened and waits for, oldest first. */
  children(run: string, limit: number): Promise<RunLine[]>
  /** Newest first. */
  deadLetters(filter: { readonly run?: string | undefined; readonly limit: number }): Promise<DeadLetter[]>
  countDeadLetters(): Promise<number>
  /** The first event of a run under a subject. */
  said(run: string, subject: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /** The replies that a symbol's bars of a session came from, by the newest run of ingestion whose window holds the session. */
  barOrigins(symbol: string, source: string, session: Session): Promise<BarOrigin[]>
}

/** Takes dead letters up again: schema `pipeline`, by the runtime's own way. */
export interface DeadLetterOffice {
  /** Offers a dead delivery again. False when there is none that could be. */
  replay(event: string, subscriber: string): Promise<boolean>
}
