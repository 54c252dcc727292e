import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalAt, NOT_A_NUMBER } from '../../../../shared/adapters/csv/decimal.ts'

const read = (text: string) => decimalAt(Buffer.from(text), 0)
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

describe('decimalAt', () => {
  it('reads every double as Number does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(read(Object.is(value, -0) ? '-0' : String(value))).toBe(value)
      }),
      { numRuns: 5000 },
    )
  })

  it('reads every plain decimal as Number does, however many digits it has', () => {
    const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{0,${most}}$`))
    const decimal = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        digits(30),
        fc.constantFrom('', '.'),
        digits(30),
        fc.integer({ min: -340, max: 320 }),
      )
      .map(
        ([sign, whole, point, part, power]) => `${sign}${whole}${point}${point && part}${power % 3 ? '' : `e${power}`}`,
      )
      .filter((text) => PLAIN.test(text))
    fc.assert(
      fc.property(decimal, (text) => {
        const value = Number(text)
        expect(read(text)).toBe(Number.isFinite(value) ? value : NOT_A_NUMBER)
      }),
      { numRuns: 20_000 },
    )
  })

  it('reads prices of two to six decimals as Number does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e12 }), fc.integer({ min: 0, max: 6 }), (units, decimals) => {
        const text = (units / 10 ** decimals).toFixed(decimals)
        expect(read(text)).toBe(Number(text))
      }),
      { numRuns: 5000 },
    )
  })

  it('refuses whatever is not a plain decimal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789.+-eE xnaINf_'), minLength: 1, maxLength: 8 }),
        (text) => {
          expect(read(text) !== NOT_A_NUMBER).toBe(PLAIN.test(text) && Number.isFinite(Number(text)))
        },
      ),
      { numRuns: 20_000 },
    )
  })

  it.each([
    'Infinity',
    '-Infinity',
    'NaN',
    'null',
    '0x10',
    '1_000',
    ' 1',
    '1 ',
    '-',
    '.',
    'e5',
    '1e',
    '1e+',
    '1e999',
    '١',
    '1"',
    '1\r2',
  ])('refuses %j', (text) => {
    expect(read(text)).toBe(NOT_A_NUMBER)
  })

  it('keeps the sign of zero', () => {
    expect(read('-0.0')).toBe(-0)
  })

  it('calls an empty cell missing, quoted or not', () => {
    expect(read('')).toBeNaN()
    expect(read(',5')).toBeNaN()
    expect(read('\r\n5')).toBeNaN()
    expect(decimalAt(Buffer.from('"",5'), 1, true)).toBeNaN()
  })

  it('ends a quoted number at its closing quote only', () => {
    expect(decimalAt(Buffer.from('"12.5",3'), 1, true)).toBe(12.5)
    expect(decimalAt(Buffer.from('"12,5",3'), 1, true)).toBe(NOT_A_NUMBER)
    expect(decimalAt(Buffer.from('"12""5",3'), 1, true)).toBe(NOT_A_NUMBER)
  })
})
