import { describe, expect, it } from 'vitest'
import { PermanentError } from '../../../shared/ports/errors.ts'
import { header, readArrival } from '../../../shared/runtime/envelope.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const structured = {
  specversion: '1.0',
  id: 'e1',
  source: 'toys-make',
  type: 'toys.thing.made',
  time: '2024-01-05T12:00:00Z',
  data: { n: 1 },
  runid: 'toys:1',
  causationid: 'e0',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  join: 'things',
  part: 'A',
  partitionkey: 'p',
}
const asEvent = { ...structured, datacontenttype: 'application/json' }

describe('what a call carries', () => {
  it.each([
    'application/cloudevents+json',
    'application/cloudevents+json; charset=utf-8',
    'application/json',
    'text/plain',
  ])('is a structured event, whatever the content type says: %s', (type) => {
    const arrival = readArrival(bytes(JSON.stringify(structured)), { 'content-type': type })

    expect(arrival).toEqual({ kind: 'event', envelope: asEvent })
  })

  it.each(['application/json', 'application/octet-stream', undefined])(
    'is a binary event with content type %s',
    (type) => {
      const headers = {
        'content-type': type,
        'ce-specversion': '1.0',
        'ce-id': 'e1',
        'ce-source': 'toys-make',
        'ce-type': 'toys.thing.made',
        'ce-time': '2024-01-05T12:00:00Z',
        'ce-runid': 'toys:1',
        'ce-causationid': 'e0',
        'ce-traceparent': structured.traceparent,
        'ce-join': 'things',
        'ce-part': 'A',
        'ce-partitionkey': 'p',
      }

      expect(readArrival(bytes('{"n":1}'), headers)).toEqual({ kind: 'event', envelope: asEvent })
    },
  )

  it('reads binary attributes whatever the case of their header, and percent-encoded as the binding writes them', () => {
    const headers = {
      'Ce-Specversion': '1.0',
      'CE-ID': 'e1',
      'Ce-Source': 'outside',
      'Ce-Type': 'toys.thing.made',
      'Ce-Part': 'BRK%20B%20%E2%82%AC',
      'Ce-Join': '100%',
    }

    const arrival = readArrival(bytes('{"n":1}'), headers)

    expect(arrival.kind === 'event' && arrival.envelope).toMatchObject({ id: 'e1', part: 'BRK B €', join: '100%' })
  })

  it.each(['application/json', 'application/octet-stream', undefined])('is bare JSON with content type %s', (type) => {
    expect(readArrival(bytes('{"n":1}'), { 'content-type': type })).toEqual({ kind: 'bare', data: { n: 1 } })
  })

  it.each(['', '  \n'])('is bare {} when the body is empty: %j', (text) => {
    expect(readArrival(bytes(text), {})).toEqual({ kind: 'bare', data: {} })
  })

  it('gives an event without a time the present', () => {
    const { time: _, ...timeless } = structured
    const arrival = readArrival(bytes(JSON.stringify(timeless)), {})
    const at = arrival.kind === 'event' ? Date.parse(arrival.envelope.time) : Number.NaN

    expect(Math.abs(Date.now() - at)).toBeLessThan(5_000)
  })

  it.each([
    ['not JSON', bytes('{"n":'), {}, /not JSON: "\{\\"n\\":"/],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, /not UTF-8 text \(3 bytes\)/],
    [
      'an event of another version',
      bytes(JSON.stringify({ ...structured, specversion: '2.0' })),
      {},
      /Not a CloudEvent/,
    ],
    ['an event without an id', bytes(JSON.stringify({ ...structured, id: '' })), {}, /Not a CloudEvent.*id/],
    [
      'an event with an endless id',
      bytes(JSON.stringify({ ...structured, id: 'x'.repeat(301) })),
      {},
      /Not a CloudEvent/,
    ],
    ['declared but no event', bytes('{"n":1}'), { 'content-type': 'Application/CloudEvents+JSON' }, /Not a CloudEvent/],
    ['binary without a type', bytes('{}'), { 'ce-specversion': '1.0', 'ce-id': 'e' }, /Not a CloudEvent/],
  ])('is poison when it is %s', (_, body, headers, message) => {
    expect(() => readArrival(body, headers)).toThrow(PermanentError)
    expect(() => readArrival(body, headers)).toThrow(message)
  })
})

describe('a header', () => {
  it('is found whatever the case of its name, and the first of several values counts', () => {
    expect(header({ 'Content-Type': 'a' }, 'content-type')).toBe('a')
    expect(header({ 'x-many': ['a', 'b'] }, 'X-Many')).toBe('a')
    expect(header({}, 'missing')).toBeUndefined()
  })
})
