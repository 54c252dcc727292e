import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DENSE_FEATURES, sentimentFeatures, TABLE_BITS } from '../../../../shared/domain/sentiment/features.ts'

const anyText = fc.array(fc.nat(0xffff), { maxLength: 300 }).map((units) => String.fromCharCode(...units))

describe('features of a headline', () => {
  it('are places in the table, weights above zero and as many dense numbers as have names', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { ids, weights, dense } = sentimentFeatures(text)
        expect(weights).toHaveLength(ids.length)
        expect(ids.every((id) => id < 2 ** TABLE_BITS)).toBe(true)
        expect(weights.every((weight) => weight > 0 && weight < 1.5)).toBe(true)
        expect(dense).toHaveLength(DENSE_FEATURES.length)
        expect(dense.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('have no words of a text without any', () => {
    expect(sentimentFeatures('').ids).toHaveLength(0)
  })

  it('know names, figures and listings by their kind only', () => {
    const one = sentimentFeatures('$KO profit up 3% to $2 bn (NYSE: KO)')
    expect(sentimentFeatures('$PEP profit up 71.5% to $80 million (NYSE: PEP)')).toEqual(one)
  })

  it('see which way figures moved, which is more than their kind', () => {
    const rose = sentimentFeatures('Sales were EUR 3 mn, against EUR 2 mn')
    expect(sentimentFeatures('Sales were EUR 2 mn, against EUR 3 mn')).not.toEqual(rose)
  })

  it('keep words apart by their order', () => {
    expect(sentimentFeatures('gold beats silver')).not.toEqual(sentimentFeatures('silver beats gold'))
  })
})
