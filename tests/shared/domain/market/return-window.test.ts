import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReturnWindow, ZSCORE_MINIMUM, ZSCORE_WINDOW } from '../../../../shared/domain/market/return-window.ts'

/** The definition, from the list itself. */
function zscoreOf(history: readonly number[], value: number): number | undefined {
  const window = history.slice(-ZSCORE_WINDOW)
  if (window.length < ZSCORE_MINIMUM) return undefined
  const mean = window.reduce((sum, x) => sum + x, 0) / window.length
  const variance = window.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (window.length - 1)
  return (value - mean) / Math.max(Math.sqrt(variance), 1e-12)
}

describe('a window of returns', () => {
  it('answers as the definition does, along any series', () => {
    const returns = fc.array(
      fc.oneof(fc.double({ min: -0.02, max: 0.02, noNaN: true }), fc.double({ min: -0.9, max: 5, noNaN: true })),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(returns, (values) => {
        const window = new ReturnWindow()
        values.forEach((value, i) => {
          const expected = zscoreOf(values.slice(0, i), value)
          const found = window.beyond(value, 3)
          if (expected === undefined || Math.abs(expected) < 3 - 1e-9) expect(found).toBeUndefined()
          else if (Math.abs(expected) > 3 + 1e-9)
            expect(found).toBeCloseTo(expected, 6 - Math.log10(Math.abs(expected)))
          window.push(value)
        })
      }),
    )
  })

  it('forgets an extreme return once it has left', () => {
    const window = new ReturnWindow()
    window.push(1e6)
    const quiet = Array.from({ length: ZSCORE_WINDOW }, (_, i) => 0.01 * Math.sin(i))
    for (const value of quiet) window.push(value)
    expect(window.beyond(0.05, 3)).toBeCloseTo(zscoreOf(quiet, 0.05) ?? Number.NaN, 9)
  })
})
