import type { z } from 'zod'

/** What an event means for the run it happens in: nothing, a shortfall, or the end of its chain. */
export interface RunEffect {
  readonly effect: 'failed' | 'partial'
  readonly reason: string
}

/** A subject and a schema in one value: something that has happened, `<workflow>.<thing>.<past participle>`. */
export interface EventType<Subject extends string = string, Data = unknown> {
  readonly kind: 'event'
  readonly subject: Subject
  readonly schema: z.ZodType<Data>
  /** Nobody needs to hear it; a structure test wants every other word heard. */
  readonly final: boolean
  /** In no trail and with no deliveries: the bus's stream is its log, and only steps that take batches hear it. */
  readonly ephemeral: boolean
  effect(data: Data): RunEffect | undefined
  /** Says it. The runtime adds id, run, cause and time. */
  of(data: Data, address?: EventAddress): EventDraft<Subject>
}

/** Where an event belongs in a fan-out or a partition; descendants inherit join and part. */
export interface EventAddress {
  /** Name of the join that this part will be counted in. */
  readonly join?: string
  readonly part?: string
  readonly partitionKey?: string
}

/** An event as a step returns it. */
export interface EventDraft<Subject extends string = string> extends EventAddress {
  readonly subject: Subject
  readonly data: unknown
}

export interface EventOptions<Data> {
  readonly final?: boolean
  /** For ticks: many, small, and of no use tomorrow. */
  readonly ephemeral?: boolean
  /** Reason for which saying this fails the run, if it does. */
  readonly fails?: (data: Data) => string | undefined
  /** Reason for which saying this leaves the run partial, if it does. */
  readonly shortfall?: (data: Data) => string | undefined
}

const SUBJECT = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}(\.v\d+)?$/

/** Declares a word of the chain. Subjects are exact: no wildcards, nothing variable in them. */
export function event<const Subject extends string, Data>(
  subject: Subject,
  schema: z.ZodType<Data>,
  options: EventOptions<Data> = {},
): EventType<Subject, Data> {
  if (!SUBJECT.test(subject)) {
    throw new RangeError(`Subject "${subject}" is not <workflow>.<thing>.<past participle> in lower case`)
  }
  const { ephemeral = false } = options
  if (ephemeral && (options.fails || options.shortfall)) {
    throw new RangeError(`Event "${subject}" is ephemeral: it leaves no trace in a run, so it can mean nothing for one`)
  }
  return {
    kind: 'event',
    subject,
    schema,
    final: options.final ?? false,
    ephemeral,
    effect(data) {
      const failure = options.fails?.(data)
      if (failure !== undefined) return { effect: 'failed', reason: failure }
      const shortfall = options.shortfall?.(data)
      return shortfall === undefined ? undefined : { effect: 'partial', reason: shortfall }
    },
    of: (data, address = {}) => ({ subject, data, ...address }),
  }
}
