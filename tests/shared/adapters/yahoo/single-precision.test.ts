import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cashWithoutNoise, withoutNoise } from '../../../../shared/adapters/yahoo/single-precision.ts'

const ratio = fc.constantFrom(1.5, 2, 3, 4, 5, 7, 10, 20, 1 / 2, 1 / 8, 1 / 10, 4 / 3, 1.998)

describe('withoutNoise', () => {
  it.each([
    [499.2300109863281, 499.23],
    [213.32000732421875, 213.32],
    [5832.919921875, 5832.92],
    [4.25, 4.25],
    [0.0625, 0.0625],
  ])('reads %d as %d', (noisy, price) => {
    expect(withoutNoise(noisy)).toBe(price)
  })

  it('gives back every price in cents up to 40,000, however a later split divided it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000_000 }), ratio, (cents, split) => {
        const price = cents / 100
        const told = Math.fround(Math.fround(price) / split)
        expect(withoutNoise(told * split)).toBe(price)
        expect(withoutNoise(Math.fround(price))).toBe(price)
      }),
      { numRuns: 20_000 },
    )
  })

  it('gives back every price in tenths of a cent up to 400', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000 }), ratio, (mills, split) => {
        const price = mills / 1000
        expect(withoutNoise(Math.fround(Math.fround(price) / split) * split)).toBe(price)
      }),
      { numRuns: 20_000 },
    )
  })

  it('leaves missing numbers and zero alone', () => {
    expect(withoutNoise(Number.NaN)).toBeNaN()
    expect(withoutNoise(0)).toBe(0)
  })
})

describe('cashWithoutNoise', () => {
  it('gives back cash in tenths of a cent through splits of up to 50 in all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 50 }), (mills, split) => {
        const cash = mills / 1000
        const told = Number((cash / split).toFixed(6))
        expect(cashWithoutNoise(told * split, split)).toBe(cash)
      }),
    )
  })
})
