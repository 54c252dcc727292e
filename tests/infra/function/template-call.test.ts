import { describe, expect, it } from 'vitest'
import { sendReply, type TemplateContext, toCall } from '../../../infra/function/template-call.ts'

const bodyOf = (body: unknown) => Buffer.from(toCall({ body }).body).toString()

describe('a call', () => {
  it('has the very bytes that were sent, when the template left them alone', () => {
    const bytes = Buffer.from([0xff, 0, 1])
    expect(toCall({ body: bytes }).body).toBe(bytes)
  })

  it.each([
    ['text', '{"a": 1}', '{"a": 1}'],
    ['parsed JSON', { a: 1 }, '{"a":1}'],
    ['a parsed list', [], '[]'],
    ['nothing, in Express 5', undefined, ''],
    ['nothing, in Express 4', {}, ''],
    ['null', null, ''],
  ])('of %s', (_, body, expected) => expect(bodyOf(body)).toBe(expected))

  it('has its query as text, its method in capitals, and a path', () => {
    const { query, method, path } = toCall({ query: { a: 'x y', b: ['1', '2'] }, method: 'get', path: '' })
    expect({ query, method, path }).toEqual({ query: '?a=x+y&b=1&b=2', method: 'GET', path: '/' })
    expect(toCall({})).toMatchObject({ method: 'POST', path: '/', query: '', headers: {} })
  })
})

it('an answer goes out with its status and headers, its bytes as a Buffer', () => {
  const sent: unknown[] = []
  const context: TemplateContext = {
    status: (code) => {
      sent.push(code)
      return context
    },
    headers: (values) => {
      sent.push(values)
      return context
    },
    succeed: (body) => sent.push(body),
  }
  sendReply(context, { status: 503, headers: { a: 'b' }, body: new Uint8Array([104, 105]) })
  expect(sent).toEqual([503, { a: 'b' }, Buffer.from('hi')])
})
