import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  abs,
  add,
  compare,
  type Decimal,
  decimal,
  divide,
  floorTo,
  isZero,
  max,
  min,
  multiply,
  negate,
  roundTo,
  subtract,
  sum,
  toFixedText,
  toNumber,
  toText,
  ZERO,
} from '../../../../shared/domain/money/decimal.ts'
import { FRACTIONAL_SHARES, toCents, WHOLE_SHARES } from '../../../../shared/domain/money/scales.ts'

/** A decimal as a whole number of 10^-scale: the same arithmetic by BigInt. */
interface Scaled {
  readonly units: bigint
  readonly scale: number
}

const anyScaled: fc.Arbitrary<Scaled> = fc.record({
  units: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
  scale: fc.integer({ min: 0, max: 12 }),
})

function textOf({ units, scale }: Scaled): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const made = (scaled: Scaled) => decimal(textOf(scaled))
const to = ({ units, scale }: Scaled, wanted: number) => units * 10n ** BigInt(wanted - scale)

/** The nearest whole quotient, half to even. */
function halfEven(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n !== denominator < 0n ? -1n : 1n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  const down = n / d
  const twice = 2n * (n % d)
  const up = twice > d || (twice === d && down % 2n === 1n)
  return sign * (up ? down + 1n : down)
}

const same = (found: Decimal, expected: Scaled) => expect(toText(found)).toBe(toText(made(expected)))

describe('decimals', () => {
  it('are free of the errors of binary fractions', () => {
    expect(toText(add(decimal(0.1), decimal(0.2)))).toBe('0.3')
    expect(toText(multiply(decimal('1.1'), decimal('1.1')))).toBe('1.21')
    expect(toText(sum(Array.from({ length: 1000 }, () => decimal('0.01'))))).toBe('10')
    expect(toText(sum([]))).toBe('0')
  })

  it('add, subtract, multiply and compare as whole numbers do', () => {
    fc.assert(
      fc.property(anyScaled, anyScaled, (x, y) => {
        const [a, b] = [made(x), made(y)]
        same(add(a, b), { units: to(x, 12) + to(y, 12), scale: 12 })
        same(subtract(a, b), { units: to(x, 12) - to(y, 12), scale: 12 })
        same(multiply(a, b), { units: x.units * y.units, scale: x.scale + y.scale })
        const difference = to(x, 12) - to(y, 12)
        expect(compare(a, b)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0)
        same(min(a, b), difference < 0n ? x : y)
        same(max(a, b), difference < 0n ? y : x)
      }),
    )
  })

  it('divide and round half to even as whole numbers do', () => {
    const small = fc.record({ units: fc.bigInt({ min: -2000n, max: 2000n }), scale: fc.integer({ min: 0, max: 4 }) })
    const either = fc.oneof(anyScaled, small) // small ones meet exact halves
    fc.assert(
      fc.property(either, either, fc.integer({ min: 0, max: 12 }), (x, y, scale) => {
        fc.pre(y.units !== 0n)
        const numerator = x.units * 10n ** BigInt(y.scale + scale)
        same(divide(made(x), made(y), scale), { units: halfEven(numerator, y.units * 10n ** BigInt(x.scale)), scale })
        same(roundTo(made(x), scale), { units: halfEven(to(x, 12), 10n ** BigInt(12 - scale)), scale })
      }),
      { numRuns: 2000 },
    )
  })

  it('are written for people with all the decimals asked for, rounded half to even', () => {
    expect(
      [decimal('1500'), decimal('0.125'), decimal('0.115'), decimal('-0.001')].map((value) => toFixedText(value, 2)),
    ).toEqual(['1500.00', '0.12', '0.12', '0.00'])
    expect(toFixedText(decimal('12.5'), 0)).toBe('12')
  })

  it('add in any grouping and order', () => {
    fc.assert(
      fc.property(anyScaled, anyScaled, anyScaled, (x, y, z) => {
        const [a, b, c] = [made(x), made(y), made(z)]
        expect(toText(add(add(a, b), c))).toBe(toText(add(a, add(c, b))))
        expect(toText(sum([a, b, c]))).toBe(toText(add(a, add(b, c))))
        expect(toText(multiply(a, add(b, c)))).toBe(toText(add(multiply(a, b), multiply(a, c))))
      }),
    )
  })

  it('keep a number and a text whole', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const value = decimal(number)
        expect(toNumber(value)).toBe(number === 0 ? 0 : number)
        expect(toText(value)).not.toMatch(/e/i)
        expect(compare(decimal(toText(value)), value)).toBe(0)
        expect(compare(add(value, negate(value)), ZERO)).toBe(0)
      }),
    )
  })

  it.each([
    ['1.50', '1.5'],
    ['007', '7'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['1e3', '1000'],
    ['1.5E-7', '0.00000015'],
    [1e21, '1000000000000000000000'],
    [5e-7, '0.0000005'],
    [-0, '0'],
  ])('read %s as %s', (given, text) => expect(toText(decimal(given))).toBe(text))

  it.each(['', ' 1', '1 ', '+1', '.5', '1.', '1,000', '0x10', '1e', '1e9999', 'NaN', 'Infinity', '--1', '1.2.3', '٣'])(
    'refuse the text %j',
    (text) => expect(() => decimal(text)).toThrow(/is not a decimal number/),
  )
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuse the number %s', (number) => {
    expect(() => decimal(number)).toThrow(RangeError)
  })

  it('have a zero without a sign', () => {
    for (const zero of [negate(ZERO), multiply(decimal(-1), ZERO), roundTo(decimal('-0.001'), 2), abs(decimal('-0'))]) {
      expect(isZero(zero)).toBe(true)
      expect(zero).toEqual(ZERO)
      expect(`${zero} ${JSON.stringify({ zero })}`).toBe('0 {"zero":"0"}')
    }
  })

  it('print plainly in texts and in JSON, and cannot be compared or added by accident', () => {
    const tiny = decimal(1e-12)
    expect(`${tiny}`).toBe('0.000000000001')
    expect(JSON.stringify([tiny, decimal(1e25)])).toBe('["0.000000000001","10000000000000000000000000"]')
    expect(() => tiny < ZERO).toThrow()
    expect(() => Number(tiny)).toThrow()
  })

  it('floor to a step, downwards below zero too', () => {
    expect(toText(floorTo(decimal('12.999999'), WHOLE_SHARES))).toBe('12')
    expect(toText(floorTo(decimal('0.1234567'), FRACTIONAL_SHARES))).toBe('0.123456')
    expect(toText(floorTo(decimal('7.3'), decimal('0.05')))).toBe('7.3')
    expect(toText(floorTo(decimal('-1.5'), WHOLE_SHARES))).toBe('-2')
    expect(toText(floorTo(decimal('-2'), WHOLE_SHARES))).toBe('-2')
    const positive = anyScaled.map(({ units, scale }) => ({ units: (units < 0n ? -units : units) + 1n, scale }))
    fc.assert(
      fc.property(anyScaled, positive, (x, step) => {
        const wide = to(x, 12)
        const by = to(step, 12)
        const floor = (wide - (((wide % by) + by) % by)) / by
        same(floorTo(made(x), made(step)), { units: floor * by, scale: 12 })
      }),
    )
  })

  it('round cash to the cent, half to even', () => {
    const cents = ['0.125', '0.115', '0.135', '-0.125', '2.0049999'].map((text) => toText(toCents(decimal(text))))
    expect(cents).toEqual(['0.12', '0.12', '0.14', '-0.12', '2'])
  })

  it('refuse to divide by zero, a step of zero, a scale that is none, a number too large', () => {
    expect(() => divide(decimal(1), ZERO, 2)).toThrow(/1 divided by zero/)
    expect(() => floorTo(decimal(1), ZERO)).toThrow(/Step 0/)
    expect(() => roundTo(decimal(1), -1)).toThrow(RangeError)
    expect(() => divide(decimal(1), decimal(3), 1.5)).toThrow(RangeError)
    expect(() => toNumber(decimal('1e400'))).toThrow(/too large/)
  })
})
