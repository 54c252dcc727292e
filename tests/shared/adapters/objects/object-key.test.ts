import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkObjectKey, fromKeyPart, toKeyPart } from '../../../../shared/adapters/objects/object-key.ts'
import { InputError } from '../../../../shared/ports/errors.ts'

describe('a text as part of a key', () => {
  it.each([
    ['AAPL', 'AAPL'],
    ['^GSPC', '^GSPC'],
    ['BTC-USD', 'BTC-USD'],
    ['BRK.B', 'BRK.B'],
    ['a/b', 'a%2Fb'],
    ['a b%c', 'a%20b%25c'],
    ['*?:"<>|~\'()!', '%2A%3F%3A%22%3C%3E%7C%7E%27%28%29%21'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['.tmp', '%2Etmp'],
    ['', '%'],
    ['\0\n\\', '%00%0A%5C'],
    ['ü', '%C3%BC'],
  ])('%j becomes %s, and back', (text, part) => {
    expect(toKeyPart(text)).toBe(part)
    expect(fromKeyPart(part)).toBe(text)
  })

  it('is a key that any store takes, and no other text has it', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 300 }))
    fc.assert(
      fc.property(text, (one) => {
        fc.pre(!/\p{Surrogate}/u.test(one) && Buffer.byteLength(one) < 330)
        const part = toKeyPart(one)
        checkObjectKey(`raw/${part}/x`)
        expect(fromKeyPart(part)).toBe(one)
      }),
      { numRuns: 1_000 },
    )
  })

  it('goes down in folders when long, and no shorter text is in their way', () => {
    const long = 'x'.repeat(700)
    const parts = toKeyPart(long).split('/')

    checkObjectKey(toKeyPart(long))
    expect(fromKeyPart(toKeyPart(long))).toBe(long)
    expect(parts.length).toBeGreaterThan(1)
    for (let length = 1; length < 700; length++) {
      expect(toKeyPart(long).startsWith(`${toKeyPart(long.slice(0, length))}/`)).toBe(false)
    }
  })

  it('refuses half a character', () => {
    expect(() => toKeyPart('\ud800')).toThrow(InputError)
  })
})
