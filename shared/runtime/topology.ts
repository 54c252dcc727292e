import { completedSubject, openedSubject } from '../events/bus-subject.ts'
import { RunEnded } from '../events/pipeline.ts'
import type { BusTopology, ConsumerPlan } from '../ports/bus.ts'
import { groupBy } from './group-by.ts'
import type { Chain, StepOutline } from './outline.ts'

/** Hears of runs that have ended: not a step, but who tidies up after them. */
export const RUN_ENDED_CONSUMER = 'edgefund-run-ended'

/** The streams and consumers that a chain needs: exact subjects, one stream a room, one consumer a step. */
export function topologyOf({ outlines }: Pick<Chain, 'outlines'>): BusTopology {
  const consumers = outlines.map((step): ConsumerPlan => {
    const subject = heardSubject(step)
    return { name: step.name, stream: streamOf(subject), subject }
  })
  consumers.push({ name: RUN_ENDED_CONSUMER, stream: streamOf(RunEnded.subject), subject: RunEnded.subject })
  const said = outlines.flatMap(({ emits }) => emits.map(({ subject }) => subject))
  const subjects = new Set([...said, ...consumers.map(({ subject }) => subject)])
  const rooms = groupBy([...subjects].sort(), streamOf)
  return { streams: [...rooms].map(([name, list]) => ({ name, subjects: list })), consumers }
}

/** The subject that wakes a step on the bus. */
export function heardSubject({ name, on }: StepOutline): string {
  if (on.kind === 'event') return on.subject
  return on.kind === 'clock' ? openedSubject(on.workflow) : completedSubject(name)
}

function streamOf(subject: string): string {
  return `edgefund-${subject.slice(0, subject.indexOf('.'))}`
}
