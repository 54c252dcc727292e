import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areaPath,
  bandPath,
  linePath,
  type Point,
  plotScale,
  runsOf,
} from '../../../../../shared/adapters/html/charts/paths.ts'

/** The corners of a path, by walking it. */
function cornersOf(path: string): Point[] {
  const corners: Point[] = []
  let [x, y] = [0, 0]
  for (const [, letter, numbers] of path.matchAll(/([MlhVHZ])([^MlhVHZ]*)/g)) {
    const values = (numbers.match(/-?\d+/g) ?? []).map(Number)
    if (letter === 'V') y = values[0]
    else if (letter === 'H') x = values[0]
    else if (letter === 'M') [x, y] = values
    if (letter === 'M' || letter === 'V' || letter === 'H') corners.push([x, y])
    for (let i = 0; letter === 'l' && i < values.length; i += 2) {
      x += values[i]
      y += values[i + 1]
      corners.push([x, y])
    }
  }
  return corners
}

const evenly = (count: number) => Float64Array.from({ length: count }, (_, i) => i)
const scale = plotScale(0, 10, 0, 100)

describe('paths', () => {
  it('writes steps that lead through the points', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }))
    const run = fc.uniqueArray(point, { minLength: 1, maxLength: 30, selector: String })
    fc.assert(
      fc.property(run, (points) => {
        expect(cornersOf(linePath([points]))).toEqual(points)
      }),
    )
  })

  it('parts lines where values are missing, and shows a value between two gaps as a dot', () => {
    const values = [Number.NaN, 0, 50, Number.NaN, 100, Number.NaN, 20, 10]
    const runs = runsOf(evenly(8), values, scale)
    expect(runs).toEqual([
      [
        [100, 1000],
        [200, 500],
      ],
      [[400, 0]],
      [
        [600, 800],
        [700, 900],
      ],
    ])
    expect(linePath(runs)).toBe('M100 1000l100-500M400 0h0M600 800l100 100')
  })

  it('draws nothing of nothing', () => {
    expect(runsOf([], [], scale)).toEqual([])
    expect(linePath(runsOf([1, 2], [Number.NaN, Number.NaN], scale))).toBe('')
  })

  it('keeps every peak of thousands of points, in order, and stays small', () => {
    const count = 5000
    const at = evenly(count)
    fc.assert(
      fc.property(fc.array(fc.nat(count - 1), { maxLength: 20 }), (peaks) => {
        const values = at.map((_, i) => 50 + (i % 7))
        for (const peak of peaks) values[peak] = peak % 2 ? 0 : 100
        const wide = plotScale(0, count - 1, 0, 100)
        const [run] = runsOf(at, values, wide)
        for (const peak of peaks) {
          const near = run.filter(([x]) => Math.abs(x - wide.x(peak)) <= 2)
          expect(near.some(([, y]) => y === wide.y(values[peak]))).toBe(true)
        }
        expect(run.every(([x], i) => i === 0 || x >= run[i - 1][0])).toBe(true)
        expect(linePath([run]).length).toBeLessThan(8000)
      }),
      { numRuns: 30 },
    )
  })

  it('closes an area at its level, each run for itself', () => {
    expect(
      areaPath(
        [
          [
            [0, 10],
            [100, 20],
          ],
          [
            [300, 5],
            [400, 6],
          ],
        ],
        900,
      ),
    ).toBe('M0 10l100 10V900H0ZM300 5l100 1V900H300Z')
  })

  it('fills a band only where both edges are', () => {
    const low = [10, 20, Number.NaN, 30]
    const high = [50, 60, 70, 80]
    expect(bandPath([0, 1, 2, 3], low, high, scale)).toBe('M0 500l100-100 0 400-100 100ZM300 200l0 500Z')
  })

  it('keeps the widest of a band that has more points than the plot has columns', () => {
    const at = evenly(4000)
    const high = at.map((_, i) => (i === 1234 ? 100 : 60))
    const low = at.map((_, i) => (i === 2345 ? 0 : 40))
    const ys = cornersOf(bandPath(at, low, high, plotScale(0, 3999, 0, 100))).map(([, y]) => y)
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([0, 1000])
    expect(ys.length).toBeLessThan(1100)
  })

  it('puts a single time in the middle', () => expect(plotScale(5, 5, 0, 1).x(5)).toBe(500))
})
