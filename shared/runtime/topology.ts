import { groupBy } from '../domain/group-by.ts'
import { completedSubject, openedSubject } from '../events/bus-subject.ts'
import { RunEnded } from '../events/pipeline.ts'
import type { BusTopology, ConsumerPlan } from '../ports/bus.ts'
import type { BatchOutline, Chain, StepOutline } from './outline.ts'

/** Hears of runs that have ended: not a step, but who tidies up after them. */
export const RUN_ENDED_CONSUMER = 'edgefund-run-ended'

/**
 * The streams and consumers that a chain needs: exact subjects, one stream a room, one consumer a step. Ephemeral events lie in a stream
 * of their own beside the room's. Steps that take batches have no consumer: whoever reads for them keeps the place.
 */
export function topologyOf({ outlines }: Pick<Chain, 'outlines'>): BusTopology {
  const consumers = outlines.flatMap((step): ConsumerPlan[] => {
    if (step.on.kind === 'batch') return []
    const subject = heardSubject(step)
    return [{ name: step.name, stream: streamOf(subject), subject }]
  })
  consumers.push({ name: RUN_ENDED_CONSUMER, stream: streamOf(RunEnded.subject), subject: RunEnded.subject })
  const said = outlines.flatMap(({ emits }) => emits)
  const lasting = said.filter(({ ephemeral }) => !ephemeral).map(({ subject }) => subject)
  const rooms = groupBy(sorted([...lasting, ...consumers.map(({ subject }) => subject)]), streamOf)
  const fleeting = said.filter(({ ephemeral }) => ephemeral).map(({ subject }) => subject)
  const ticked = outlines.flatMap(({ on }) => (on.kind === 'batch' ? [on.subject] : []))
  const ticks = groupBy(sorted([...fleeting, ...ticked]), ephemeralStreamOf)
  return {
    streams: [
      ...[...rooms].map(([name, subjects]) => ({ name, subjects })),
      ...[...ticks].map(([name, subjects]) => ({ name, subjects, ephemeral: true as const })),
    ],
    consumers,
  }
}

/** Where the events that a step takes in batches are read. */
export function batchSource({ subject }: Pick<BatchOutline, 'subject'>): Pick<ConsumerPlan, 'stream' | 'subject'> {
  return { stream: ephemeralStreamOf(subject), subject }
}

function sorted(subjects: readonly string[]): string[] {
  return [...new Set(subjects)].sort()
}

/** The subject that wakes a step on the bus. */
export function heardSubject({ name, on }: StepOutline): string {
  if (on.kind === 'event' || on.kind === 'batch') return on.subject
  return on.kind === 'clock' ? openedSubject(on.workflow) : completedSubject(name)
}

function streamOf(subject: string): string {
  return `edgefund-${subject.slice(0, subject.indexOf('.'))}`
}

function ephemeralStreamOf(subject: string): string {
  return `${streamOf(subject)}-ephemeral`
}
