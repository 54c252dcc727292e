import type { ArrivedItem } from './batch.ts'
import { issuesOf } from './issues.ts'
import type { BatchTrigger, Step } from './step.ts'

/** A batch's events, sorted by what is to be done with them. */
export interface SiftedBatch {
  readonly good: readonly GoodItem[]
  readonly bad: readonly BadItem[]
  /** The highest number heard, by producer, with those of this batch. */
  readonly heard: Readonly<Record<string, number>>
}

export interface GoodItem {
  readonly id: string
  readonly sequence: number
  readonly time: string
  readonly data: unknown
}

export interface BadItem extends Pick<ArrivedItem, 'sequence' | 'original'> {
  readonly reason: string
}

/**
 * Checks each event against what the step declared, and leaves out what its producer says again: one that died before it could note that
 * the bus has an event says it once more, at another place in the stream.
 */
export function siftBatch<P>(
  step: Step<P> & { readonly on: BatchTrigger<unknown> },
  items: readonly ArrivedItem[],
  heardBefore: Readonly<Record<string, number>>,
): SiftedBatch {
  const heard = { ...heardBefore }
  const good: GoodItem[] = []
  const bad: BadItem[] = []
  for (const { sequence, original, event, reason } of items) {
    const setAside = (why: string) => bad.push({ sequence, original, reason: why })
    if (!event) {
      setAside(reason ?? 'Not an event')
      continue
    }
    if (event.sequence !== undefined) {
      const producer = event.producer ?? event.source
      if (event.sequence <= (Object.hasOwn(heard, producer) ? heard[producer] : -1)) continue
      heard[producer] = event.sequence
    }
    if (reason !== undefined) {
      setAside(reason)
      continue
    }
    const { id, type, time } = event
    if (type !== step.on.subject) {
      setAside(`${step.name} hears ${step.on.subject}, not "${type}"`)
      continue
    }
    const parsed = step.on.schema.safeParse(event.data)
    if (parsed.success) good.push({ id, sequence, time, data: parsed.data })
    else setAside(`${type} ${id} does not fit its schema: ${issuesOf(parsed.error, 'data')}`)
  }
  return { good, bad, heard }
}
