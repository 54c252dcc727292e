import type { Logger } from 'pino'
import type { z } from 'zod'
import type { CalendarName } from '../domain/market/instrument.ts'
import type { EventDraft, EventType } from '../events/event.ts'
import type { SlotRule } from './clocks.ts'
import type { AllPorts } from './ports.ts'

/** What wakes a step. */
export type Trigger<Data> = EventTrigger<Data> | ClockTrigger<Data> | JoinTrigger<Data> | BatchTrigger<Data>

export type EventTrigger<Data> = EventType<string, Data>

/** A schedule that opens runs of a workflow. */
export interface ClockTrigger<Data> {
  readonly kind: 'clock'
  /** Five-field cron expression, UTC. */
  readonly schedule: string
  readonly workflow: string
  readonly calendar: CalendarName
  readonly slot: SlotRule
  /** After an outage: one run over all missed slots, or only the latest. */
  readonly catchUp: 'range' | 'latest'
  /** Whether its slots are sessions that have closed, or one that is about to open. */
  readonly session: 'closed' | 'coming'
  readonly params: z.ZodType
  /** Whether the schedule is in force, by the settings; it always is when absent. */
  enabled?(ports: unknown): boolean
  /** Only a type: what the step is given. */
  readonly opening?: Data
}

/** The parts of a fan-out, gathered. */
export interface JoinTrigger<Data> {
  readonly kind: 'join'
  /** Name of the join, as the fan-out stamps it. */
  readonly key: string
  /** The events that every part must bring. */
  readonly of: readonly EventType[]
  /** How long after the fan-out the missing parts are given up. */
  readonly deadlineMs: number
  /** Only a type: what the step is given. */
  readonly joined?: Data
}

/** Ephemeral events, several at a time, in the order of each partition. */
export interface BatchTrigger<Data> {
  readonly kind: 'batch'
  readonly type: EventType
  readonly subject: string
  readonly schema: z.ZodType
  /** At most so many at once. */
  readonly most: number
  /** How long the first of them may wait for others. */
  readonly waitMs: number
  /** Only a type: what the step is given. */
  readonly batched?: Data
}

/** What a step that takes batches is given: events of one partition of a run, in order, each for the first time. */
export interface Batch<T> {
  readonly run: string
  /** The events' partition key; empty when they have none. */
  readonly partition: string
  readonly items: readonly BatchItem<T>[]
}

export interface BatchItem<T> {
  /** Its place in the bus's stream; there are gaps, where other events lie. */
  readonly sequence: number
  /** When it was said, as its event tells. */
  readonly time: string
  readonly data: T
}

/** What a clock step is given: the slot when a clock opened the run, and the parameters a person gave. */
export interface Opening<Params> {
  readonly key: string
  readonly slot?: { readonly key: string; readonly from: string; readonly to: string }
  readonly params: Params
}

/** What a joining step is given: every part that came, with its events by subject, and those that failed. */
export interface Joined<Types extends readonly EventType[]> {
  readonly revision: number
  readonly expected: readonly string[]
  readonly parts: readonly JoinedPart<Types>[]
  readonly failed: readonly { readonly part: string; readonly reason: string }[]
}

export interface JoinedPart<Types extends readonly EventType[]> {
  readonly part: string
  readonly events: { readonly [T in Types[number] as T['subject']]: z.infer<T['schema']> }
}

/** What a step may know of the call it is in. */
export interface StepContext {
  readonly run: string
  readonly step: string
  readonly eventId: string
  readonly attempt: number
  /** Aborted when the step's time is up. */
  readonly signal: AbortSignal
  readonly log: Logger
}

export interface Resources {
  readonly cpu: string
  readonly memory: string
}

export interface StepDefinition<Data, Emits extends readonly EventType[], Ports> {
  /** `<room>-<step>`: folder path, function name, logs, traces. */
  readonly name: string
  readonly on: Trigger<Data>
  readonly emits: Emits
  /** Its exec, read and write timeouts; the lease is this plus 5 s. */
  readonly timeoutMs?: number
  /** Counted failures after which a delivery is dead. */
  readonly maxAttempts?: number
  /** Deliveries whose data agree in these fields (`a.b` for a field of a field) run one at a time. */
  readonly serialBy?: readonly string[]
  /** At most this many at once. */
  readonly concurrency?: number
  readonly resources?: Resources
  run(data: Data, ports: Ports, context: StepContext): Promise<Said<Emits>> | Said<Emits>
}

/** Only what `emits` declares can be returned: anything else is a compile error. */
export type Said<Emits extends readonly EventType[]> = readonly EventDraft<Emits[number]['subject']>[]

/** A step whose types have done their work; the registry and the runtime hold it so. */
export interface Step<Ports = never> {
  readonly name: string
  readonly room: string
  readonly on: Trigger<unknown>
  readonly emits: readonly EventType[]
  readonly timeoutMs: number
  readonly maxAttempts: number
  readonly concurrency: number
  readonly serialBy: readonly string[] | undefined
  readonly resources: Resources
  /** The ports it is given: what its bundle must carry adapters for. */
  readonly uses: readonly string[]
  run(data: unknown, ports: Ports, context: StepContext): Promise<readonly EventDraft[]>
}

const NAME = /^[a-z]+(-[a-z0-9]+)+$/
const DEFAULT_TIMEOUT_MS = 60_000
const DEFAULT_MAX_ATTEMPTS = 8
const DEFAULT_RESOURCES: Resources = { cpu: '200m', memory: '256Mi' }

/** Declares a step: what wakes it, what it may say, which ports it uses, and what it does. */
export function step<
  Data,
  const Emits extends readonly EventType[],
  const Uses extends readonly (keyof AllPorts)[] = readonly [],
>(
  definition: StepDefinition<Data, Emits, Pick<AllPorts, Uses[number]>> & {
    /** Only these are given, and only these are bundled with it. */
    readonly uses?: Uses
  },
): Step<Pick<AllPorts, Uses[number]>> {
  return customStep(definition, definition.uses)
}

/** A step on other ports than ours, which the type of its `run` names. */
export function customStep<Data, const Emits extends readonly EventType[], Ports extends object = Record<never, never>>(
  definition: StepDefinition<Data, Emits, Ports>,
  uses: readonly string[] = [],
): Step<Ports> {
  const { name, on, emits } = definition
  if (!NAME.test(name)) throw new RangeError(`Step name "${name}" is not <room>-<step> in kebab-case`)
  refuseStrayEphemerals(name, on as Trigger<unknown>, emits)
  return {
    name,
    room: name.slice(0, name.indexOf('-')),
    on: on as Trigger<unknown>,
    emits,
    timeoutMs: definition.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxAttempts: definition.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    concurrency: definition.concurrency ?? 4,
    serialBy: definition.serialBy,
    resources: definition.resources ?? DEFAULT_RESOURCES,
    uses,
    run: async (data, ports, context) => definition.run(data as Data, ports, context),
  }
}

/** What is in no trail can neither wake a delivery nor be part of a join, and only a checkpoint notes that it has been said. */
function refuseStrayEphemerals(name: string, on: Trigger<unknown>, emits: readonly EventType[]): void {
  const heard = on.kind === 'event' ? [on] : on.kind === 'join' ? on.of : []
  const [stray] = [...heard, ...(on.kind === 'batch' ? [] : emits)].filter(({ ephemeral }) => ephemeral)
  if (stray) throw new RangeError(`"${stray.subject}" is ephemeral, and ${name} does not take it in batches`)
}

/** Woken by a schedule; opens runs of a workflow and does nothing else. `params` is what a person may ask for instead. */
export function clock<Params>(options: {
  readonly schedule: string
  readonly workflow: string
  readonly calendar: CalendarName
  readonly slot: SlotRule
  readonly catchUp: 'range' | 'latest'
  /** `closed` unless told otherwise. */
  readonly session?: 'closed' | 'coming'
  readonly params: z.ZodType<Params>
  enabled?(ports: object): boolean
}): ClockTrigger<Opening<Params>> {
  return { kind: 'clock', session: 'closed', ...options }
}

/** Woken once, when every part of the fan-out has brought all these events or cannot any more. */
export function join<const Types extends readonly EventType[]>(
  key: string,
  of: Types,
  options: { readonly deadlineMs: number },
): JoinTrigger<Joined<Types>> {
  return { kind: 'join', key, of, deadlineMs: options.deadlineMs }
}

/** Woken by what has come of a partition when there are `most` of them, or when the first has waited `waitMs`. */
export function batches<T>(
  type: EventType<string, T>,
  { most, waitMs }: { readonly most: number; readonly waitMs: number },
): BatchTrigger<Batch<T>> {
  const { subject, schema } = type
  if (!type.ephemeral) throw new RangeError(`"${subject}" comes in deliveries: only ephemeral events come in batches`)
  if (!Number.isInteger(most) || most < 1) throw new RangeError(`A batch of at most ${most} events is none`)
  return { kind: 'batch', type: type as EventType, subject, schema, most, waitMs }
}
