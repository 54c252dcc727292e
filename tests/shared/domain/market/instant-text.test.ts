import { describe, expect, it } from 'vitest'
import { instantFromText } from '../../../../shared/domain/market/instant-text.ts'

describe('an instant in text', () => {
  it.each([
    ['2024-01-02T14:30:00Z', '2024-01-02T14:30:00.000Z'],
    ['2024-01-02T14:30Z', '2024-01-02T14:30:00.000Z'],
    ['2024-01-02T09:30:00-05:00', '2024-01-02T14:30:00.000Z'],
    ['2024-01-02T20:00:00+0530', '2024-01-02T14:30:00.000Z'],
    ['2024-01-02 14:30:00.2567Z', '2024-01-02T14:30:00.256Z'],
    ['2024-01-01T23:30:00-02:00', '2024-01-02T01:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(instantFromText(text)).toISOString()).toBe(expected)
  })

  it.each(['2024-01-02T14:30:00', '2024-01-02 14:30', '2024-01-02T14:30:00.123'])(
    'refuses %s, which has no zone',
    (text) => {
      expect(() => instantFromText(text)).toThrow(`Time "${text}" has no zone`)
    },
  )

  it.each([
    '',
    'now',
    '2024-02-30',
    '2024-02-30T00:00:00Z',
    '2024-01-02T24:00:00Z',
    '2024-01-02T10:60:00Z',
    '1704205800',
  ])('refuses "%s", which is no time', (text) => {
    expect(() => instantFromText(text)).toThrow(`Time "${text}" is not a time`)
  })
})
