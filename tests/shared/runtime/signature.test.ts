import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameText, sign, verifySignature } from '../../../shared/runtime/signature.ts'

const now = Date.UTC(2024, 0, 5, 12)
const body = new TextEncoder().encode('{"n":1}')
const key = { id: 'k1', secret: 'first' }
const next = { id: 'k2', secret: 'second' }

describe('the signature of a call', () => {
  it('is the documented HMAC over time, step and body', () => {
    const t = now / 1000
    const hex = createHmac('sha256', 'first').update(`${t}.toys-make.{"n":1}`).digest('hex')

    expect(sign(key, 'toys-make', body, now)).toBe(`t=${t},k=k1,v1=${hex}`)
  })

  it('is taken for five minutes either way and not a second longer', () => {
    const signature = sign(key, 'toys-make', body, now)
    const takenAt = (seconds: number) => verifySignature(signature, [key], 'toys-make', body, now + seconds * 1000)

    expect([-300, 0, 300].map(takenAt)).toEqual([true, true, true])
    expect([-301, 301].map(takenAt)).toEqual([false, false])
  })

  it('is taken by either of two keys while one replaces the other', () => {
    const before = sign(key, 'toys-make', body, now)
    const after = sign(next, 'toys-make', body, now)

    for (const signature of [before, after]) {
      expect(verifySignature(signature, [key, next], 'toys-make', body, now)).toBe(true)
    }
    expect(verifySignature(before, [next], 'toys-make', body, now)).toBe(false)
    expect(verifySignature(before, [], 'toys-make', body, now)).toBe(false)
    expect(verifySignature(before, [{ id: 'k1', secret: 'other' }], 'toys-make', body, now)).toBe(false)
  })

  it('covers every byte of the body, the step and the time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, flip) => {
        const signature = sign(key, 'toys-make', bytes, now)
        const tampered = bytes.slice()
        tampered[at % bytes.length] ^= flip
        const later = signature.replace(`t=${now / 1000}`, `t=${now / 1000 + 1}`)

        expect(verifySignature(signature, [key], 'toys-make', bytes, now)).toBe(true)
        expect(verifySignature(signature, [key], 'toys-make', tampered, now)).toBe(false)
        expect(verifySignature(signature, [key], 'toys-break', bytes, now)).toBe(false)
        expect(verifySignature(later, [key], 'toys-make', bytes, now)).toBe(false)
      }),
    )
  })

  it.each([
    undefined,
    '',
    't=,k=k1,v1=',
    't=NaN,k=k1,v1=00',
    `t=${now / 1000},k=k1`,
    `t=${now / 1000},v1=00`,
    `t=${now / 1000},k=k1,v1=00`,
    `t=${now / 1000}.5,k=k1,v1=00`,
    ',,,===',
  ])('refuses %j', (signature) => {
    expect(verifySignature(signature, [key], 'toys-make', body, now)).toBe(false)
  })
})

describe('comparing secrets', () => {
  it('answers like ===, whatever the lengths', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameText(a, b) === (a === b) && sameText(a, a)))
  })

  it('takes as long for a wrong first letter as for a wrong last one', () => {
    const secret = 'a'.repeat(100_000)
    const early = `b${secret.slice(1)}`
    const late = `${secret.slice(1)}b`
    const timeOf = (guess: string) => {
      const started = process.hrtime.bigint()
      for (let i = 0; i < 20; i++) sameText(guess, secret)
      return Number(process.hrtime.bigint() - started)
    }
    const median = (guess: string) => Array.from({ length: 15 }, () => timeOf(guess)).sort((a, b) => a - b)[7]
    timeOf(early)

    // An ordinary comparison would answer the first in nanoseconds, thousands of times faster.
    expect(median(late) / median(early)).toBeLessThan(3)
  })
})
