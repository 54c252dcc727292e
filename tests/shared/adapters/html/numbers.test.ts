import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as numbers from '../../../../shared/adapters/html/numbers.ts'
import { toned } from '../../../../shared/adapters/html/toned.ts'
import { decimal } from '../../../../shared/domain/money/decimal.ts'

const { plain, signed, count, percent, signedPercent, basisPoints, money, signedMoney, compact, utcMinute } = numbers

describe('numbers for people', () => {
  it('agrees with the platform, but for the thin space and the longer minus sign', () => {
    const judge = new Intl.NumberFormat('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 3 })
    // Eighths have three decimals, so nothing is rounded.
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (eighths) => {
        const expected = judge
          .format(eighths / 8)
          .replaceAll(',', '\u202f')
          .replace('-', '−')
        expect(plain(eighths / 8, 3)).toBe(expected)
      }),
    )
  })

  it('keeps every digit of an exact decimal', () => {
    expect(plain(decimal('12345678901234567890.125'), 2)).toBe(
      '12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890.12',
    )
    expect(money(decimal('-0.115'), 'USD')).toBe('USD\u00a0−0.12')
  })

  it.each([
    [signed(1.5), '+1.50'],
    [signed(-1.5), '−1.50'],
    [signed(0), '0.00'],
    [signed(-0.001), '0.00'],
    [signed(0.001), '0.00'],
    [plain(decimal('-0.001')), '0.00'],
    [count(1234567), '1\u202f234\u202f567'],
    [count(999), '999'],
    [percent(0.1234), '12.3%'],
    [percent(-0.1234, 2), '−12.34%'],
    [signedPercent(0.002), '+0.2%'],
    [signedPercent(0.0002), '0.0%'],
    [basisPoints(0.00125), '12.5\u202fbps'],
    [money(1234.5, 'USD'), 'USD\u00a01\u202f234.50'],
    [signedMoney(12, 'EUR', 0), 'EUR\u00a0+12'],
    [signedMoney(-12, 'EUR', 0), 'EUR\u00a0−12'],
    [compact(950), '950'],
    [compact(9_999.5), '9\u202f999.5'],
    [compact(12_500), '12.5k'],
    [compact(750_000), '750k'],
    [compact(-1_250_000), '−1.25M'],
    [compact(3e9), '3B'],
    [compact(100), '100'],
    [utcMinute(Date.UTC(2026, 1, 3, 14, 5, 59)), '2026-02-03 14:05 UTC'],
  ])('writes %s', (found, expected) => expect(found).toBe(expected))

  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'writes a dash for %s',
    (missing) => {
      for (const write of [plain, signed, count, percent, signedPercent, basisPoints, compact, utcMinute]) {
        expect(write(missing)).toBe('–')
      }
      expect(money(missing, 'USD')).toBe('–')
      expect(signedMoney(missing, 'USD')).toBe('–')
    },
  )
})

describe('toned', () => {
  it('has the colour of the sign that is shown, so a number that rounds to zero has none', () => {
    expect(toned(signedPercent(-0.01)).toString()).toBe('<span class="negative">−1.0%</span>')
    expect(toned(signedMoney(1, 'USD')).toString()).toContain('class="positive"')
    expect(toned(signedPercent(-0.0001)).toString()).toContain('class="neutral"')
    expect(toned(signed(Number.NaN)).toString()).toContain('class="neutral"')
  })
})
