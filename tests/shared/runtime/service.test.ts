import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import type { EventAuth } from '../../../shared/runtime/serve.ts'
import { customService, json, redirect, rootFrom, serveService } from '../../../shared/runtime/service.ts'
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
    expect(await asked('POST', '/orders/1')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  it('answers HEAD as it would GET', async () => {
    expect(await asked('HEAD', '/orders/1')).toMatchObject({ status: 200, body: { id: '1' } })
    expect(await asked('HEAD', '/orders')).toMatchObject({ status: 405 })
  })

  it('has no path for broken percent-encoding, and does not throw', async () => {
    expect(await asked('GET', '/orders/%E0%A4%A')).toMatchObject({ status: 404 })
  })

  it('refuses NUL, of which no store of ours knows, before anything is asked for it', async () => {
    expect(await asked('GET', '/orders/a%00b')).toMatchObject({ status: 400 })
    expect(await asked('GET', '/orders/1', '', { query: '?q=%00' })).toMatchObject({ status: 400 })
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

const forms = customService<ToyPorts>({
  name: 'toys-forms',
  signIn: '/sign-in',
  refusal: ({ status, message, visitor }) => ({ status, headers: {}, body: `page: ${message} (${visitor.by})` }),
  routes: [
    {
      method: 'GET',
      path: '/',
      run: ({ visitor }) => ({ ...json(200, visitor.formToken), headers: cookie(visitor.cookie) }),
    },
    {
      method: 'POST',
      path: '/act/:what',
      form: z.object({ size: z.coerce.number() }),
      run: ({ body }) => json(200, body),
    },
    {
      method: 'POST',
      path: '/sign-in',
      open: true,
      form: z.object({ token: z.string() }),
      run: ({ body, visitor, call: from }) => {
        const header = visitor.signIn((body as { token: string }).token)
        return header === undefined ? json(401, {}) : redirect(from, '/', cookie(header))
      },
    },
  ],
})

const cookie = (header: string | undefined): Record<string, string> => (header ? { 'set-cookie': header } : {})

describe('a service with forms', () => {
  const auth = { keys: [], token: 'the token' }
  const ask = async (path: string, body?: string, headers: Record<string, string> = {}, asks: EventAuth = auth) => {
    const parts = toyParts({} as StepDatabase, [], { auth: asks, maxBodyBytes: 1000 })
    const method = body === undefined ? 'GET' : 'POST'
    return serveService(parts, forms, { ...call(body ?? '', headers), method, path })
  }
  const remembered = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers['set-cookie'].split(';')[0]

  it('takes a form with the token of a page that the same visitor was given', async () => {
    const session = remembered(await ask('/sign-in', 'token=the+token'))
    const page = await ask('/', undefined, { cookie: session })
    const form = JSON.parse(String(page.body))
    const done = await ask('/act/x', `size=3&form=${form}`, { cookie: session })
    expect([done.status, String(done.body)]).toEqual([200, '{"size":3}\n'])
    expect((await ask('/act/x', 'size=3', { cookie: session })).status).toBe(403)
    expect((await ask('/act/x', `size=3&form=${form}`)).status).toBe(401)
  })

  it('binds it to a cookie where nobody signs in', async () => {
    const page = await ask('/', undefined, {}, 'none')
    const form = JSON.parse(String(page.body))
    expect((await ask('/act/x', `size=3&form=${form}`, { cookie: remembered(page) }, 'none')).status).toBe(200)
    expect((await ask('/act/x', `size=3&form=${form}`, {}, 'none')).status).toBe(403)
  })

  it('checks the fields, and says what is wrong with them its own way', async () => {
    const bearer = { authorization: 'Bearer the token' }
    const reply = await ask('/act/x', 'size=three', bearer)
    expect([reply.status, String(reply.body)]).toEqual([400, expect.stringMatching(/^page: .*size.* \(token\)$/)])
    expect(String((await ask('/nothing', undefined, bearer)).body)).toMatch(/^page: toys-forms has no/)
  })

  it('sends readers to sign in, and not who wanted to do something', async () => {
    expect(await ask('/')).toMatchObject({ status: 303, headers: { location: './sign-in?to=%2F' } })
    expect((await ask('/act/x', 'size=3')).status).toBe(401)
  })

  it('counts no session where nobody can sign in', async () => {
    const session = remembered(await ask('/sign-in', 'token=the+token'))
    expect(await asked('GET', '/orders/1', '', { auth, headers: { cookie: session } })).toMatchObject({ status: 401 })
  })
})

describe('relative addresses', () => {
  it.each([
    ['/', './'],
    ['/runs', './'],
    ['/runs/1', '../'],
    ['/runs/1/files/csv', '../../../'],
  ])('lead from %s to the root by %s', (path, root) => {
    expect(rootFrom(path)).toBe(root)
    for (const prefix of ['', '/function/console']) {
      expect(new URL(`${rootFrom(path)}x`, `http://house${prefix}${path}`).pathname).toBe(`${prefix}/x`)
      expect(new URL(redirect({ path }, '/x/y').headers.location, `http://house${prefix}${path}`).pathname).toBe(
        `${prefix}/x/y`,
      )
    }
  })
})
