import { z } from 'zod'
import type { Envelope } from '../events/envelope.ts'
import { PermanentError } from '../ports/errors.ts'
import { keyText } from './envelope.ts'

/** How a batch travels to its step: structured CloudEvents in an array, each with its place in the extensions `stream`, `streamsequence`. */
export const BATCH_CONTENT_TYPE = 'application/cloudevents-batch+json'

/** The last place in the stream that an answer says is done with. */
export const POSITION_HEADER = 'edgefund-position'

/** Events of one partition of a run, in the order of their stream. */
export interface ArrivedBatch {
  readonly run: string
  readonly partition: string
  readonly stream: string
  readonly items: readonly ArrivedItem[]
}

export interface ArrivedItem {
  readonly sequence: number
  /** As it lay on the bus. */
  readonly original: string
  /** Absent when it is no event that could be read. */
  readonly event?: ArrivedEvent
  /** Why it is to be set aside, if it is. */
  readonly reason?: string
}

export type ArrivedEvent = Pick<Envelope, 'id' | 'source' | 'type' | 'time' | 'data' | 'producer' | 'sequence'>

/** The order of an event: within its run and partition. */
export interface PartitionOf {
  readonly run: string
  readonly partition: string
}

const short = keyText.min(1)
const partitioned = z.looseObject({ specversion: z.literal('1.0'), runid: short, partitionkey: keyText.optional() })
const arrived = z.object({
  id: short,
  source: short,
  type: short,
  time: z.string().max(64),
  data: z.unknown(),
  producer: short.optional(),
  sequence: z.number().int().nonnegative().optional(),
})
const placed = z.looseObject({ stream: short, streamsequence: z.number().int().positive() })

/**
 * Names a stream so that its places can be compared: those of one that was lost and made anew mean something else. `created`: the time it
 * was made, as the server tells (nanoseconds without the zeros at their end).
 */
export function streamIdentity(name: string, created: string): string {
  const [, seconds = created, fraction = ''] = /^(.*?\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(created) ?? []
  return `${name}@${seconds}.${fraction.padEnd(9, '0')}Z`
}

/** Whether a stream was made before another one. */
export function isOlderStream(stream: string, other: string): boolean {
  return madeAt(stream) < madeAt(other)
}

function madeAt(stream: string): string {
  return stream.slice(stream.lastIndexOf('@') + 1)
}

/** Which partition an event on the bus belongs to; a `PermanentError` when nobody can tell. */
export function partitionOf(text: string): PartitionOf {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new PermanentError(`Not JSON: ${JSON.stringify(text.slice(0, 60))}`, { cause })
  }
  const parsed = partitioned.safeParse(content)
  if (!parsed.success) throw new PermanentError(`Not an event of a run: ${sentence(parsed.error)}`)
  return { run: parsed.data.runid, partition: parsed.data.partitionkey ?? '' }
}

/** An event as it lay on the bus, with its place. */
export function withPlace(text: string, stream: string, sequence: number): string {
  return `${text.trimEnd().slice(0, -1)},"stream":${JSON.stringify(stream)},"streamsequence":${sequence}}`
}

/** Reads a call's body. What is no batch of one partition, in order, is a `PermanentError`; a bad event in it is not. */
export function readBatch(body: Uint8Array): ArrivedBatch {
  const content = parse(body)
  if (!Array.isArray(content) || content.length === 0) throw new PermanentError('The body is not an array of events')
  let batch: PartitionOf & { stream: string } = { run: '', partition: '', stream: '' }
  let last = 0
  const items = content.map((element, i): ArrivedItem => {
    const found = { ...parseOr(partitioned, element, i), ...parseOr(placed, element, i) }
    const here = { run: found.runid, partition: found.partitionkey ?? '', stream: found.stream }
    if (i === 0) batch = here
    if (here.run !== batch.run || here.partition !== batch.partition || here.stream !== batch.stream) {
      throw new PermanentError(`Event ${i} of the batch is of ${nameOf(here)}, the first of ${nameOf(batch)}`)
    }
    if (found.streamsequence <= last) throw new PermanentError(`Event ${i} of the batch is not behind the one before`)
    last = found.streamsequence
    const { stream: _, streamsequence, ...original } = element
    const event = arrived.safeParse(element)
    const read = event.success ? { event: event.data } : { reason: `Not a CloudEvent: ${sentence(event.error)}` }
    return { sequence: streamsequence, original: JSON.stringify(original), ...read }
  })
  return { ...batch, items }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new PermanentError(`The body is not JSON (${body.length} bytes)`, { cause })
  }
}

function parseOr<T>(schema: z.ZodType<T>, element: unknown, i: number): T {
  const parsed = schema.safeParse(element)
  if (parsed.success) return parsed.data
  throw new PermanentError(`Event ${i} of the batch has no place in a stream: ${sentence(parsed.error)}`)
}

function nameOf({ run, partition, stream }: PartitionOf & { readonly stream: string }): string {
  return `${run}/${partition} on ${stream}`
}

function sentence(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll('\n', ' ')
}
