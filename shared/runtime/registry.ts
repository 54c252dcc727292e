import type { EventType } from '../events/event.ts'
import { JoinCompleted, RunEnded, RunOpened } from '../events/pipeline.ts'
import type { ClockTrigger, JoinTrigger, Step } from './step.ts'

/** The table of contents as the runtime uses it. */
export interface Registry<Ports = never> {
  readonly steps: readonly Step<Ports>[]
  step(name: string): Step<Ports> | undefined
  event(subject: string): EventType | undefined
  /** Steps that an event of this subject wakes directly. */
  subscribers(subject: string): readonly Step<Ports>[]
  /** Steps that gather the parts of a join. */
  joiners(key: string): readonly (Step<Ports> & { readonly on: JoinTrigger<unknown> })[]
  /** The step that starts the chain of a workflow. */
  opener(workflow: string): (Step<Ports> & { readonly on: ClockTrigger<unknown> }) | undefined
  readonly clocks: readonly (Step<Ports> & { readonly on: ClockTrigger<unknown> })[]
  readonly events: readonly EventType[]
}

/** Indexes the steps, refusing what contradicts itself: two steps of a name, two schemas of a subject, two openers of a workflow. */
export function createRegistry<Ports>(steps: readonly Step<Ports>[]): Registry<Ports> {
  const byName = unique(steps, (step) => step.name, 'Two steps are called')
  const events = new Map<string, EventType>(
    [RunOpened, JoinCompleted, RunEnded].map((type) => [type.subject, type as EventType]),
  )
  const note = (type: EventType) => {
    const known = events.get(type.subject)
    if (known && known !== type) throw new RangeError(`Two events have the subject "${type.subject}"`)
    events.set(type.subject, type)
  }
  const subscribers = new Map<string, Step<Ports>[]>()
  for (const step of steps) {
    for (const type of step.emits) note(type)
    const { on } = step
    if (on.kind === 'event') {
      note(on)
      subscribers.set(on.subject, [...(subscribers.get(on.subject) ?? []), step])
    }
    if (on.kind === 'join') for (const type of on.of) note(type)
  }
  const clocks = steps.filter((step): step is Step<Ports> & { on: ClockTrigger<unknown> } => step.on.kind === 'clock')
  const joiners = steps.filter((step): step is Step<Ports> & { on: JoinTrigger<unknown> } => step.on.kind === 'join')
  const openers = unique(clocks, (step) => step.on.workflow, 'Two steps open the workflow')
  return {
    steps,
    clocks,
    events: [...events.values()],
    step: (name) => byName.get(name),
    event: (subject) => events.get(subject),
    subscribers: (subject) => subscribers.get(subject) ?? [],
    joiners: (key) => joiners.filter((step) => step.on.key === key),
    opener: (workflow) => openers.get(workflow),
  }
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
