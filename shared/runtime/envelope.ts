import { z } from 'zod'
import { isRecord } from '../domain/is-record.ts'
import type { Envelope } from '../events/envelope.ts'
import { PermanentError } from '../ports/errors.ts'

/** What a call carries: an event, or bare data that a person posted. */
export type Arrival =
  | { readonly kind: 'event'; readonly envelope: Envelope }
  | { readonly kind: 'bare'; readonly data: unknown }

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What can be part of a key in the database. */
export const keyText = z
  .string()
  .max(300)
  .refine((text) => !text.includes('\0'), 'a zero byte cannot be stored')
const short = keyText.min(1)
const structured = z.object({
  specversion: z.literal('1.0'),
  id: short,
  source: short,
  type: short,
  time: z.string().max(64).optional(),
  data: z.unknown(),
  runid: short.optional(),
  causationid: short.optional(),
  traceparent: short.optional(),
  join: short.optional(),
  part: short.optional(),
  partitionkey: short.optional(),
})

/**
 * Reads a call's body: a structured CloudEvent (whatever its content type says), a binary one (`ce-*` headers), or bare JSON. An empty
 * body is bare `{}`, as cron-connector sends it. What cannot be read is a `PermanentError` that quotes its beginning.
 */
export function readArrival(body: Uint8Array, headers: Headers): Arrival {
  const text = decode(body)
  const content = text.trim() === '' ? {} : parseJson(text)
  const binary = header(headers, 'ce-specversion')
  if (binary !== undefined) {
    const names = Object.keys(structured.shape).filter((name) => name !== 'data')
    const attributes = Object.fromEntries(names.map((name) => [name, percentDecoded(header(headers, `ce-${name}`))]))
    return { kind: 'event', envelope: toEnvelope({ ...attributes, data: content }) }
  }
  const declared = header(headers, 'content-type')?.toLowerCase().startsWith('application/cloudevents+json') ?? false
  const looksLikeEvent = isRecord(content) && 'specversion' in content && 'type' in content
  if (declared || looksLikeEvent) return { kind: 'event', envelope: toEnvelope(content) }
  return { kind: 'bare', data: content }
}

/** One value of a header, whatever the case of its name. */
export function header(headers: Headers, name: string): string | undefined {
  const wanted = name.toLowerCase()
  const value = headers[wanted] ?? Object.entries(headers).find(([given]) => given.toLowerCase() === wanted)?.[1]
  return typeof value === 'string' ? value : value?.[0]
}

/** The HTTP binding percent-encodes what a header cannot hold; a sender that writes a bare "%" is taken at its word. */
function percentDecoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value)
  } catch {
    return value
  }
}

function toEnvelope(content: unknown): Envelope {
  const parsed = structured.safeParse(content)
  if (!parsed.success)
    throw new PermanentError(`Not a CloudEvent: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
  const { time, ...rest } = parsed.data
  return { ...rest, time: time ?? new Date().toISOString(), datacontenttype: 'application/json' }
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new PermanentError(`The body is not UTF-8 text (${body.length} bytes)`, { cause })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new PermanentError(`The body is not JSON: ${JSON.stringify(text.slice(0, 60))}`, { cause })
  }
}
