import { describe, expect, it } from 'vitest'
import type { EventAuth, Reply } from '../../../shared/runtime/serve.ts'
import { type MadeConsole, madeConsole, NOW } from './made-console.ts'

const TOKEN = 'the token of a test'
const AUTH: EventAuth = { keys: [], token: TOKEN }
const HOURS = 3_600_000

const form = (fields: Record<string, string>) => Buffer.from(new URLSearchParams(fields).toString())
const cookieOf = (reply: Reply) => reply.headers['set-cookie']?.split(';')[0] ?? ''
const formTokenOf = (reply: Reply) => /name="form" value="([^"]+)"/.exec(String(reply.body))?.[1] ?? ''

async function signIn(made: MadeConsole, token = TOKEN, headers: Record<string, string> = {}): Promise<Reply> {
  return made.call({ path: '/sign-in', method: 'POST', headers, body: form({ token, to: '/runs?state=failed' }) })
}

describe('the way into the console', () => {
  it('finds out where it is, with and without a slash at the end', async () => {
    const made = await madeConsole()
    for (const start of ['http://house/function/console', 'http://house/function/console/', 'http://house/']) {
      const prefix = start.includes('function') ? '/function/console' : ''
      let url = new URL(start)
      for (let hops = 0; hops < 4; hops++) {
        const reply = await made.get(url.pathname.slice(prefix.length) || '/')
        if (reply.status !== 303) break
        url = new URL(reply.headers.location, url)
      }
      expect(url.href).toBe(`http://house${prefix}/overview`)
    }
  })

  it('asks nobody for anything on loopback', async () => {
    const made = await madeConsole()
    expect((await made.get('/overview')).status).toBe(200)
    expect((await made.get('/sign-in')).headers.location).toBe('./overview')
  })

  it('sends who reads without a token to sign in, and back afterwards', async () => {
    const made = await madeConsole({ auth: AUTH })
    const sent = await made.get('/runs/ingestion:2026-11-13?from=100')
    expect([sent.status, sent.headers.location]).toEqual([
      303,
      '../sign-in?to=%2Fruns%2Fingestion%3A2026-11-13%3Ffrom%3D100',
    ])
    expect(String((await made.get('/sign-in?to=%2Fruns')).body)).toContain('value="/runs"')

    const signedIn = await signIn(made)
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, './runs?state=failed'])
    expect((await made.get('/overview', { cookie: cookieOf(signedIn) })).status).toBe(200)
  })

  it('takes the token as a bearer too', async () => {
    const made = await madeConsole({ auth: AUTH })
    expect((await made.get('/overview', { authorization: `Bearer ${TOKEN}` })).status).toBe(200)
    expect((await made.get('/overview', { authorization: 'Bearer another' })).status).toBe(303)
  })

  it('lets nobody in who does not know the token, nor anybody where there is none', async () => {
    const made = await madeConsole({ auth: AUTH })
    const wrong = await signIn(made, 'a guess')
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined])
    expect(String(wrong.body)).toContain('That is not the token.')
    const closed = await madeConsole({ auth: { keys: [], token: undefined } })
    for (const guess of ['', 'undefined', TOKEN]) expect((await signIn(closed, guess)).status).toBe(401)
  })

  it('takes no NUL in a form', async () => {
    const made = await madeConsole({ auth: AUTH })
    expect((await signIn(made, 'a\0b')).status).toBe(400)
  })

  it('opens every path but the way in to nobody', async () => {
    const made = await madeConsole({ auth: AUTH })
    const { default: consoleService } = await import('../../../functions/console/handler.ts')
    for (const route of consoleService.routes) {
      if (route.open) continue
      const reply = await made.call({ path: route.path.replaceAll(/:\w+/g, 'x'), method: route.method })
      expect([route.path, reply.status]).toEqual([route.path, route.method === 'GET' ? 303 : 401])
      expect(String(reply.body)).not.toContain('1 000 000')
    }
    expect(consoleService.routes.filter(({ open }) => open).map(({ path }) => path)).toEqual([
      '/',
      '/console/overview',
      '/assets/:name',
      '/sign-in',
      '/sign-in',
    ])
  })

  it('sets a cookie that scripts and other sites cannot use, that is not the token, and over https only there', async () => {
    const made = await madeConsole({ auth: AUTH })
    const plain = (await signIn(made)).headers['set-cookie']
    expect(plain).toMatch(/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect(plain).not.toContain(TOKEN)
    expect((await signIn(made, TOKEN, { 'x-forwarded-proto': 'https' })).headers['set-cookie']).toMatch(/; Secure$/)
  })

  it('ends a session after twelve hours, at signing out, and with the token', async () => {
    const made = await madeConsole({ auth: AUTH })
    const cookie = cookieOf(await signIn(made))
    const at = async (ms: number, auth = AUTH) => {
      const later = { ...made.parts, auth, clock: { now: () => ms as ReturnType<typeof made.parts.clock.now> } }
      const { serveService } = await import('../../../shared/runtime/service.ts')
      const { default: consoleService } = await import('../../../functions/console/handler.ts')
      const call = { method: 'GET', path: '/overview', query: '', headers: { cookie }, body: new Uint8Array() }
      return (await serveService(later, consoleService, call)).status
    }
    expect(await at(NOW + 11.9 * HOURS)).toBe(200)
    expect(await at(NOW + 12.1 * HOURS)).toBe(303)
    expect(await at(NOW, { keys: [], token: 'a new token' })).toBe(303)

    const page = await made.get('/dead-letters', { cookie })
    const body = form({ form: formTokenOf(page) })
    const out = await made.call({ path: '/sign-out', method: 'POST', headers: { cookie }, body })
    expect(out.headers['set-cookie']).toMatch(/^edgefund-session=; Max-Age=0/)
  })

  it('takes no session that somebody has made up or changed', async () => {
    const made = await madeConsole({ auth: AUTH })
    const cookie = cookieOf(await signIn(made))
    const [name, value] = cookie.split('=')
    const [end, chance, mac] = value.split('.')
    for (const forged of [
      `${Number(end) + 1}.${chance}.${mac}`,
      `${end}.x.${mac}`,
      `${end}.${chance}.`,
      `${end}.${chance}`,
      '',
      '..',
    ]) {
      expect((await made.get('/overview', { cookie: `${name}=${forged}` })).status).toBe(303)
    }
  })

  it('goes nowhere else after signing in, whatever a link has asked for', async () => {
    const made = await madeConsole({ auth: AUTH })
    for (const to of ['https://elsewhere', '//elsewhere', '/\\elsewhere', 'javascript:alert(1)', '/a\nb', '/ü']) {
      const reply = await made.call({ path: '/sign-in', method: 'POST', body: form({ token: TOKEN, to }) })
      const url = new URL(reply.headers.location, 'http://house/function/console/sign-in')
      expect(url.href.startsWith('http://house/function/console/')).toBe(true)
      expect(reply.headers.location).toMatch(/^[!-~]+$/)
    }
  })
})

describe('trying a dead letter again', () => {
  const letter = { event: 'dead-1', subscriber: 'ingestion-store-bars' }
  const replay = (made: MadeConsole, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    made.call({ path: '/dead-letters/replay', method: 'POST', headers, body: form(fields) })

  it('works with the form of the page, once', async () => {
    const made = await madeConsole()
    const page = await made.get('/dead-letters')
    const [cookie, token] = [cookieOf(page), formTokenOf(page)]
    const done = await replay(made, { ...letter, form: token }, { cookie })
    expect([done.status, done.headers.location]).toEqual([303, '../dead-letters?replayed=dead-1'])
    expect(made.replayed).toEqual(['dead-1'])
    expect(String((await made.get('/dead-letters?replayed=dead-1', { cookie })).body)).toContain('was offered again')
    expect((await replay(made, { ...letter, form: token }, { cookie })).status).toBe(400)
  })

  it('refuses a form that is not ours: another site can send it, but neither knows the token nor reads the page', async () => {
    const made = await madeConsole()
    const page = await made.get('/dead-letters')
    const other = await made.get('/dead-letters')
    const cookie = cookieOf(page)
    expect((await replay(made, letter, { cookie })).status).toBe(403)
    expect((await replay(made, { ...letter, form: 'guess' }, { cookie })).status).toBe(403)
    expect((await replay(made, { ...letter, form: formTokenOf(other) }, { cookie })).status).toBe(403)
    expect((await replay(made, { ...letter, form: formTokenOf(page) })).status).toBe(403)
    expect(made.replayed).toEqual([])
  })

  it('binds the form to the session where one is needed, and takes a bearer without one', async () => {
    const made = await madeConsole({ auth: AUTH })
    const cookie = cookieOf(await signIn(made))
    const page = await made.get('/dead-letters', { cookie })
    expect(page.headers['set-cookie']).toBeUndefined()
    const theirs = await (await madeConsole()).get('/dead-letters')
    const both = { cookie: `${cookieOf(theirs)}; ${cookie}` }
    expect((await replay(made, { ...letter, form: formTokenOf(theirs) }, both)).status).toBe(403)
    expect((await replay(made, { ...letter, form: formTokenOf(theirs) }, { cookie: cookieOf(theirs) })).status).toBe(
      401,
    )
    expect((await replay(made, { ...letter, form: formTokenOf(page) }, { cookie })).status).toBe(303)
    const bearer = { authorization: `Bearer ${TOKEN}` }
    expect((await replay(made, { event: 'dead-2', subscriber: 'ingestion-archive-bars' }, bearer)).status).toBe(303)
    expect(made.replayed).toEqual(['dead-1', 'dead-2'])
  })

  it('leaves alone what could not be read, and says what is missing in a form', async () => {
    const made = await madeConsole({ auth: AUTH })
    const bearer = { authorization: `Bearer ${TOKEN}` }
    expect((await replay(made, { event: 'dead-3', subscriber: 'ingestion-store-bars' }, bearer)).status).toBe(400)
    expect((await replay(made, { event: 'dead-1' }, bearer)).status).toBe(400)
  })
})
