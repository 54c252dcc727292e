import type { EventType } from '../events/event.ts'
import { JoinCompleted, RunEnded, RunOpened } from '../events/pipeline.ts'
import { type Chain, chainOf, type StepOutline } from './outline.ts'
import type { ClockTrigger, Step } from './step.ts'

export type ClockStep<Ports> = Step<Ports> & { readonly on: ClockTrigger<unknown> }

/** The steps that this process runs, and the chain that they are part of. */
export interface Registry<Ports = never> extends Chain {
  readonly steps: readonly Step<Ports>[]
  step(name: string): Step<Ports> | undefined
  event(subject: string): EventType | undefined
  readonly clocks: readonly ClockStep<Ports>[]
  /** The clock step of a workflow that this process can open by itself. */
  clock(workflow: string): ClockStep<Ports>
  readonly events: readonly EventType[]
}

/**
 * Indexes the steps, refusing what contradicts itself: two steps of a name, two schemas of a subject, two openers of a workflow.
 * `others` are the steps of the chain that other processes run.
 */
export function createRegistry<Ports>(
  steps: readonly Step<Ports>[],
  others: readonly StepOutline[] = [],
): Registry<Ports> {
  const chain = chainOf([...steps, ...others])
  const byName = new Map(steps.map((step) => [step.name, step]))
  const events = new Map<string, EventType>(
    [RunOpened, JoinCompleted, RunEnded].map((type) => [type.subject, type as EventType]),
  )
  const note = (type: EventType) => {
    const known = events.get(type.subject)
    if (known && known !== type) throw new RangeError(`Two events have the subject "${type.subject}"`)
    events.set(type.subject, type)
  }
  for (const step of steps) {
    for (const type of step.emits) note(type)
    if (step.on.kind === 'event') note(step.on)
    if (step.on.kind === 'batch') note(step.on.type)
    if (step.on.kind === 'join') for (const type of step.on.of) note(type)
  }
  const clocks = steps.filter((step): step is ClockStep<Ports> => step.on.kind === 'clock')
  return {
    ...chain,
    steps,
    clocks,
    clock(workflow) {
      const { name } = chain.opener(workflow)
      const clock = clocks.find((step) => step.name === name)
      if (!clock) throw new RangeError(`${name} opens ${workflow}, and this process does not run it`)
      return clock
    },
    events: [...events.values()],
    step: (name) => byName.get(name),
    event: (subject) => events.get(subject),
  }
}
