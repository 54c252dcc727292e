import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import type { EventAuth } from '../../../shared/runtime/serve.ts'
import { customService, json, serveService } from '../../../shared/runtime/service.ts'
import { call, type ToyPorts, toyParts } from './harness.ts'

const orders = customService<ToyPorts>({
  name: 'toys-orders',
  routes: [
    { method: 'GET', path: '/orders/:id', run: ({ params, query }) => json(200, { ...params, q: query.get('q') }) },
    {
      method: 'POST',
      path: '/orders',
      body: z.object({ quantity: z.number().positive() }),
      run: ({ body }) => json(201, body),
    },
    {
      method: 'GET',
      path: '/broken/:how',
      run: ({ params }) => {
        if (params.how === 'away') throw new UnavailableError('away')
        if (params.how === 'input') throw new InputError('wrong')
        throw params.how === 'text' ? 'text' : new Error('bug')
      },
    },
  ],
})

async function asked(
  method: string,
  path: string,
  body = '',
  options: { auth?: EventAuth; headers?: Record<string, string>; query?: string } = {},
) {
  const { auth, headers, query = '' } = options
  // No route here touches the database.
  const parts = toyParts({} as StepDatabase, [], { auth, maxBodyBytes: 100 })
  const reply = await serveService(parts, orders, { ...call(body, headers), method, path, query })
  return { status: reply.status, body: JSON.parse(String(reply.body)), headers: reply.headers }
}

describe('a service', () => {
  it('answers by method and path, with the parameters of both', async () => {
    expect(await asked('GET', '/orders/a%20b', '', { query: 'q=1' })).toMatchObject({
      status: 200,
      body: { id: 'a b', q: '1' },
    })
    expect(await asked('POST', '/orders', '{"quantity":2}')).toMatchObject({ status: 201, body: { quantity: 2 } })
  })

  it('has no other paths, and tells which methods a path takes', async () => {
    expect(await asked('GET', '/nothing')).toMatchObject({ status: 404 })
    expect(await asked('GET', '/orders/1/2')).toMatchObject({ status: 404 })
    expect(await asked('DELETE', '/orders')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })

  it('has no path for broken percent-encoding, and does not throw', async () => {
    expect(await asked('GET', '/orders/%E0%A4%A')).toMatchObject({ status: 404 })
  })

  it.each(['{"quantity":-1}', '{"quantity":', '', '[]'])('refuses the body %j', async (body) => {
    expect(await asked('POST', '/orders', body)).toMatchObject({ status: 400 })
  })

  it('refuses a body that is too large', async () => {
    expect(await asked('POST', '/orders', `{"quantity":1,"x":"${'x'.repeat(100)}"}`)).toMatchObject({ status: 413 })
  })

  it.each([
    ['away', 503],
    ['input', 400],
    ['bug', 500],
    ['text', 500],
  ])('never answers 200 when a route throws: %s', async (how, status) => {
    expect(await asked('GET', `/broken/${how}`)).toMatchObject({ status })
  })

  it('wants the token where one is needed', async () => {
    const auth = { keys: [], token: 'the token' }
    const withToken = (token: string) =>
      asked('GET', '/orders/1', '', { auth, headers: { authorization: `Bearer ${token}` } })

    expect(await asked('GET', '/orders/1', '', { auth })).toMatchObject({ status: 401 })
    expect(await withToken('a token')).toMatchObject({ status: 401 })
    expect(await withToken('the token')).toMatchObject({ status: 200 })
    expect(await asked('GET', '/orders/1', '', { auth: { keys: [], token: undefined } })).toMatchObject({ status: 401 })
  })
})
