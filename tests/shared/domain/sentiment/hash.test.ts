import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldHash, HASH_OF_NOTHING, hashText } from '../../../../shared/domain/sentiment/hash.ts'
import { reference } from './reference.ts'

const text = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units))

describe('hashes of texts', () => {
  it.each(reference.hashes)('of "%s" is the published FNV-1a', (text, hash) => {
    expect(hashText(text) >>> 0).toBe(hash)
  })

  it('carry on over a text in pieces', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(hashText(other, hashText(one))).toBe(hashText(one + other))
      }),
    )
  })

  it('tell units above 255 from their low bytes', () => {
    expect(hashText('\u0141')).not.toBe(hashText('A'))
  })

  it('fold into the table', () => {
    expect(foldHash(0x12345678, 16)).toBe(0x1234 ^ 0x5678)
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 24 }), (hash, bits) => {
        const place = foldHash(hash, bits)
        expect(place).toBeGreaterThanOrEqual(0)
        expect(place).toBeLessThan(2 ** bits)
      }),
    )
    expect(foldHash(HASH_OF_NOTHING, 16)).toBe(0x811c ^ 0x9dc5)
  })
})
