import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream, streamKey, uniformAt } from '../../../../shared/domain/simulation/random.ts'

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('randomStream', () => {
  it('gives the same numbers for the same key, whatever was drawn from others', () => {
    const first = randomStream(1, 'AAPL')
    const expected = draws(50, first.uniform)
    const other = randomStream(1, 'MSFT')
    const again = randomStream(1, 'AAPL')
    const found = draws(50, () => {
      other.normal()
      return again.uniform()
    })
    expect(found).toEqual(expected)
  })

  it('gives other numbers for another key', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.string(), (seed, one, other) => {
        fc.pre(one !== other)
        expect(draws(4, randomStream(seed, one).uniform)).not.toEqual(draws(4, randomStream(seed, other).uniform))
      }),
    )
  })

  it('tells apart keys that read the same when joined', () => {
    expect(randomStream('ab', 'c').uniform()).not.toBe(randomStream('a', 'bc').uniform())
  })

  it('is uniform over [0, 1) and normal with mean 0, variance 1 and kurtosis 3', () => {
    const random = randomStream('moments')
    const uniforms = draws(100_000, random.uniform)
    expect(Math.min(...uniforms.slice(0, 1000))).toBeGreaterThanOrEqual(0)
    expect(uniforms.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(mean(uniforms)).toBeCloseTo(0.5, 2)
    const normals = draws(100_000, random.normal)
    expect(Math.abs(mean(normals))).toBeLessThan(0.02)
    expect(Math.abs(mean(normals.map((value) => value ** 2)) - 1)).toBeLessThan(0.03)
    expect(Math.abs(mean(normals.map((value) => value ** 4)) - 3)).toBeLessThan(0.2)
  })
})

describe('uniformAt', () => {
  it('is evenly spread over neighbouring counters beyond 32 bits', () => {
    const key = streamKey(1, 'AAPL')
    const values = Array.from({ length: 50_000 }, (_, i) => uniformAt(key, 2 ** 32 - 25_000 + i))
    const tenths = new Array(10).fill(0)
    for (const value of values) tenths[Math.floor(value * 10)]++
    for (const count of tenths) expect(Math.abs(count - 5000)).toBeLessThan(350)
  })
})
