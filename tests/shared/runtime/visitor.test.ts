import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../shared/domain/market/session.ts'
import { visitorOf } from '../../../shared/runtime/visitor.ts'
import { call } from './harness.ts'

const NOW = instant(Date.parse('2026-11-15T12:00:00Z'))
const AUTH = { keys: [], token: 'the token' }
const visitor = (headers: Record<string, string>, auth: Parameters<typeof visitorOf>[1] = AUTH, now = NOW) =>
  visitorOf(call('', headers), auth, now)
const pairOf = (setCookie: string | undefined) => setCookie?.split(';')[0] ?? ''

describe('a visitor', () => {
  it('is known by session, by bearer, or not at all', () => {
    const session = pairOf(visitor({}).signIn('the token'))
    expect(visitor({}).by).toBe('nobody')
    expect(visitor({ cookie: session }).by).toBe('session')
    expect(visitor({ cookie: `a=b; ${session}; c=d` }).by).toBe('session')
    expect(visitor({ authorization: 'Bearer the token' }).by).toBe('token')
    expect(visitor({}, 'none').by).toBe('anybody')
  })

  it('opens no session with another token, or where there is none', () => {
    fc.assert(
      fc.property(fc.string(), (guess) => {
        fc.pre(guess !== AUTH.token)
        expect(visitor({}).signIn(guess)).toBeUndefined()
        expect(visitor({}, { keys: [], token: undefined }).signIn(guess)).toBeUndefined()
        expect(visitor({}, 'none').signIn(guess)).toBeUndefined()
      }),
    )
  })

  it('takes no changed session: not one character', () => {
    const session = pairOf(visitor({}).signIn('the token'))
    const start = session.indexOf('=') + 1
    fc.assert(
      fc.property(fc.integer({ min: start, max: session.length - 1 }), fc.constantFrom(...'0aZ._-'), (at, other) => {
        fc.pre(session[at] !== other)
        expect(visitor({ cookie: session.slice(0, at) + other + session.slice(at + 1) }).by).toBe('nobody')
      }),
    )
  })

  it('reads any cookies without harm', () => {
    fc.assert(
      fc.property(fc.string(), (cookie) => {
        expect(visitor({ cookie }).by).toBe('nobody')
      }),
    )
  })

  it('may act with its own form token and with no other', () => {
    const first = visitor({}, 'none')
    const again = visitor({ cookie: pairOf(first.cookie) }, 'none')
    expect(again.cookie).toBeUndefined()
    expect(again.formToken).toBe(first.formToken)
    expect(again.mayAct(first.formToken)).toBe(true)
    expect(again.mayAct(undefined)).toBe(false)
    expect(again.mayAct(visitor({}, 'none').formToken)).toBe(false)
    // Nothing came back from the browser, so nothing shows that it saw the page.
    expect(first.mayAct(first.formToken)).toBe(false)
  })
})
