import type { z } from 'zod'
import type { CalendarName } from '../domain/market/instrument.ts'
import { InputError } from '../ports/errors.ts'
import type { Resources, Step } from './step.ts'

/**
 * What a process must know of a step that it does not run itself: what wakes it and how it is called. A `Step` is one; as plain data it
 * travels in bundles and to the bridge.
 */
export interface StepOutline {
  readonly name: string
  readonly room: string
  readonly on: TriggerOutline
  readonly emits: readonly SubjectOf[]
  readonly timeoutMs: number
  readonly maxAttempts: number
  readonly concurrency: number
  readonly serialBy?: readonly string[] | undefined
  readonly resources: Resources
  readonly uses: readonly string[]
}

interface SubjectOf {
  readonly subject: string
  readonly ephemeral?: boolean
}

export type TriggerOutline = EventOutline | ClockOutline | JoinOutline | BatchOutline

export interface EventOutline extends SubjectOf {
  readonly kind: 'event'
}

export interface ClockOutline {
  readonly kind: 'clock'
  readonly schedule: string
  readonly workflow: string
  readonly calendar: CalendarName
  /** Where the step itself is at hand; elsewhere it checks its parameters when it is woken. */
  readonly params?: z.ZodType
}

export interface JoinOutline {
  readonly kind: 'join'
  readonly key: string
  readonly of: readonly SubjectOf[]
  readonly deadlineMs: number
}

export interface BatchOutline {
  readonly kind: 'batch'
  readonly subject: string
  readonly most: number
  readonly waitMs: number
}

export type BatchStepOutline = StepOutline & { readonly on: BatchOutline }

/** Who hears what, whoever runs it. */
export interface Chain {
  readonly outlines: readonly StepOutline[]
  /** Steps that an event of this subject wakes directly, by a delivery each. Those that take batches are not among them. */
  subscribers(subject: string): readonly StepOutline[]
  /** Steps that gather the parts of a join. */
  joiners(key: string): readonly (StepOutline & { readonly on: JoinOutline })[]
  /** The step that starts the chain of a workflow; an `InputError` names those that there are. */
  opener(workflow: string): StepOutline & { readonly on: ClockOutline }
}

/** Indexes outlines, refusing what contradicts itself: two steps of a name, two openers of a workflow. */
export function chainOf(outlines: readonly StepOutline[]): Chain {
  unique(outlines, ({ name }) => name, 'Two steps are called')
  const clocks = outlines.filter((step): step is StepOutline & { on: ClockOutline } => step.on.kind === 'clock')
  const joiners = outlines.filter((step): step is StepOutline & { on: JoinOutline } => step.on.kind === 'join')
  const openers = unique(clocks, (step) => step.on.workflow, 'Two steps open the workflow')
  const subscribers = new Map<string, StepOutline[]>()
  for (const step of outlines) {
    if (step.on.kind !== 'event') continue
    subscribers.set(step.on.subject, [...(subscribers.get(step.on.subject) ?? []), step])
  }
  return {
    outlines,
    subscribers: (subject) => subscribers.get(subject) ?? [],
    joiners: (key) => joiners.filter((step) => step.on.key === key),
    opener(workflow) {
      const opener = openers.get(workflow)
      if (opener) return opener
      throw new InputError(
        `There is no workflow "${workflow}"; there are ${[...openers.keys()].sort().join(', ') || 'none'}`,
      )
    },
  }
}

/** A step as plain data. */
export function outlineOf(step: Step<never>): StepOutline {
  const { name, room, emits, timeoutMs, maxAttempts, concurrency, serialBy, resources, uses } = step
  return {
    name,
    room,
    on: triggerOutline(step.on),
    emits: emits.map(({ subject, ephemeral }) => ({ subject, ...(ephemeral && { ephemeral }) })),
    timeoutMs,
    maxAttempts,
    concurrency,
    ...(serialBy && { serialBy }),
    resources,
    uses,
  }
}

function triggerOutline(on: Step['on']): TriggerOutline {
  if (on.kind === 'event') return { kind: 'event', subject: on.subject }
  if (on.kind === 'clock') {
    const { kind, schedule, workflow, calendar } = on
    return { kind, schedule, workflow, calendar }
  }
  if (on.kind === 'batch') {
    const { kind, subject, most, waitMs } = on
    return { kind, subject, most, waitMs }
  }
  const { kind, key, of, deadlineMs } = on
  return { kind, key, of: of.map(({ subject }) => ({ subject })), deadlineMs }
}

/** The key that a delivery shares with those it may not run beside; null when it may run beside any. */
export function serialKey({ serialBy }: Pick<StepOutline, 'serialBy'>, data: unknown): string | null {
  if (!serialBy) return null
  return serialBy.map((path) => String(fieldAt(data, path) ?? '')).join('/')
}

function fieldAt(data: unknown, path: string): unknown {
  let found = data
  for (const name of path.split('.')) found = (found as Record<string, unknown> | undefined | null)?.[name]
  return found
}

function unique<T>(items: readonly T[], nameOf: (item: T) => string, complaint: string): Map<string, T> {
  const map = new Map<string, T>()
  for (const item of items) {
    const name = nameOf(item)
    if (map.has(name)) throw new RangeError(`${complaint} "${name}"`)
    map.set(name, item)
  }
  return map
}
