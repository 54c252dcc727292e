import { describe, expect, it } from 'vitest'
import { barChart } from '../../../../../shared/adapters/html/charts/bar-chart.ts'
import { contributionBars } from '../../../../../shared/adapters/html/charts/contribution-bars.ts'
import { drawdownChart } from '../../../../../shared/adapters/html/charts/drawdown-chart.ts'
import { heatGrid } from '../../../../../shared/adapters/html/charts/heat-grid.ts'
import { heatClass, heatMap } from '../../../../../shared/adapters/html/charts/heat-map.ts'
import { lineChart } from '../../../../../shared/adapters/html/charts/line-chart.ts'
import { pairedBars } from '../../../../../shared/adapters/html/charts/paired-bars.ts'
import { sparkline } from '../../../../../shared/adapters/html/charts/sparkline.ts'
import { stackedAreas } from '../../../../../shared/adapters/html/charts/stacked-areas.ts'
import { DAY_MS } from '../../../../../shared/domain/market/session.ts'

const START = Date.UTC(2024, 0, 1)
const days = (count: number) => Array.from({ length: count }, (_, i) => START + i * DAY_MS)
const HOSTILE = '<img src=x onerror="alert(1)">'
const matches = (markup: { toString(): string }, pattern: RegExp) =>
  [...markup.toString().matchAll(pattern)].map((match) => match[1])

describe('lineChart', () => {
  it('says in words what it shows, without the missing values', () => {
    const series = [{ label: 'Fund', values: [Number.NaN, 100, 90, 120, Number.NaN] }]
    const chart = lineChart({ title: 'Wealth', at: days(5), series })
    expect(matches(chart, /<title>(.*?)<\/title>/g)).toEqual(['Wealth'])
    expect(matches(chart, /<desc>(.*?)<\/desc>/g)).toEqual([
      'Fund: from 100.00 on 2024-01-02 to 120.00 on 2024-01-04; lowest 90.00 on 2024-01-03, highest 120.00 on 2024-01-04.',
    ])
    expect(matches(chart, /class="value">(.*?)</g)).toEqual(['120.00'])
    expect(chart.toString()).toContain('role="img"')
  })

  it('keeps its levels and zero in view when asked', () => {
    const chart = (fromZero: boolean, levels: { value: number; label: string }[]) =>
      matches(
        lineChart({
          title: 'A',
          at: days(2),
          series: [{ label: 'A', values: [0.1, 0.12] }],
          unit: 'percent',
          fromZero,
          levels,
        }),
        /text-anchor="end">([\d.]+%)</g,
      )
    expect(chart(false, [])).toEqual(['10.0%', '10.5%', '11.0%', '11.5%', '12.0%'])
    expect(chart(true, [])).toEqual(['0.0%', '2.5%', '5.0%', '7.5%', '10.0%', '12.5%'])
    expect(chart(true, [{ value: 0.2, label: 'limit' }])).toEqual(['0%', '5%', '10%', '15%', '20%'])
  })

  it('tells lines apart without colours', () => {
    const series = ['a', 'b', 'c'].map((label) => ({ label, values: [1, 2] }))
    const strokes = matches(lineChart({ title: 'A', at: days(2), series }), /<line class="line series-\d (\w+)"/g)
    expect(strokes).toEqual(['solid', 'dashed', 'dotted'])
  })

  it('stays small with thousands of points', () => {
    const at = days(3000)
    const values = at.map((_, i) => Math.sin(i / 50) + Math.sin(i * i))
    const size = lineChart({ title: 'A', at, series: [{ label: 'A', values }] }).toString().length
    expect(size).toBeLessThan(12_000)
  })

  it('never has labels of months and of Mondays at once', () => {
    const weeks = Array.from({ length: 14 }, (_, i) => Date.UTC(2026, 7, 21) + i * 7 * DAY_MS)
    const text = lineChart({
      title: 'T',
      at: weeks,
      series: [{ label: 'A', values: weeks.map((_, i) => i) }],
    }).toString()
    const always = [...text.matchAll(/<g ><line[^>]*\/><text[^>]*>([^<]*)</g)].map(([, label]) => label)
    const narrow = [...text.matchAll(/<g class="narrow">.*?>([^<]*)<\/text>/g)].map(([, label]) => label)
    expect(narrow).toEqual(['Sep 2026', 'Oct', 'Nov'])
    expect(always).toEqual([])
  })

  it('says so when there is nothing to show', () => {
    for (const values of [[], [Number.NaN]]) {
      expect(lineChart({ title: 'A', at: days(values.length), series: [{ label: 'A', values }] }).toString()).toContain(
        'No values.',
      )
    }
  })

  it('shows a single value, and values that do not change', () => {
    expect(lineChart({ title: 'A', at: days(1), series: [{ label: 'A', values: [7] }] }).toString()).toContain('h0"')
    expect(lineChart({ title: 'A', at: days(3), series: [{ label: 'A', values: [0, 0, 0] }] }).toString()).toContain(
      'M0 500l500 0 500 0"',
    )
  })

  it('refuses times that do not ascend, lengths that differ and infinity', () => {
    const chart = (at: number[], values: number[]) => () =>
      lineChart({ title: 'A', at, series: [{ label: 'a', values }] })
    expect(chart([2, 2], [1, 1])).toThrow('The times of "A" do not ascend at 1: 2, then 2')
    expect(chart([Number.NaN], [1])).toThrow(RangeError)
    expect(chart([1, 2], [1])).toThrow('"a" of "A" has 1 values for 2 times')
    expect(chart([1, 2], [1, Number.POSITIVE_INFINITY])).toThrow(RangeError)
  })
})

describe('drawdownChart', () => {
  it('hangs from zero and names the deepest day', () => {
    const chart = drawdownChart({ title: 'A', at: days(3), drawdowns: [0, -0.2, -0.1] })
    expect(matches(chart, /class="value">(.*?)</g)).toEqual(['now −10.0%, deepest −20.0% on 2024-01-02'])
    expect(matches(chart, / d="(M[^"]*Z)"/g)).toEqual(['M0 0l500 1000 500-500V0H0Z'])
  })

  it('has an axis when nothing was ever lost, and refuses what is above zero', () => {
    expect(drawdownChart({ title: 'A', at: days(2), drawdowns: [0, 0] }).toString()).toContain('−1.0%')
    expect(() => drawdownChart({ title: 'A', at: days(1), drawdowns: [0.1] })).toThrow(
      'A drawdown of "A" is above zero: 0.1',
    )
  })
})

describe('stackedAreas', () => {
  it('puts parts upon each other, a missing one as nothing', () => {
    const parts = [
      { label: 'a', values: [1, 1] },
      { label: 'b', values: [Number.NaN, 3] },
    ]
    const chart = stackedAreas({ title: 'A', at: days(2), parts })
    expect(matches(chart, /<path class="stack series-\d+" d="(.*?)"/g)).toEqual([
      'M0 750l1000 0 0 250-1000 0Z',
      'M0 750l1000-750 0 750-1000 0Z',
    ])
    // The legend reads from the top, as the plot does.
    expect(matches(chart, /<\/svg>(\w) <span/g)).toEqual(['b', 'a'])
  })

  it('refuses a part below zero', () => {
    const parts = [{ label: 'a', values: [-1] }]
    expect(() => stackedAreas({ title: 'A', at: days(1), parts })).toThrow('"a" of "A" is below zero: -1')
  })
})

describe('bars', () => {
  it('begin at zero, to the right or to the left', () => {
    const bars = [
      { label: 'up', value: 3 },
      { label: 'down', value: -1 },
      { label: 'none', value: Number.NaN },
    ]
    const chart = barChart({ title: 'A', of: 'Size', bars })
    expect(matches(chart, /<rect (.*?) y=/g)).toEqual([
      'class="positive" x="25%" width="75.00%"',
      'class="negative" x="0%" width="25.00%"',
    ])
    expect(matches(chart, /<span class="\w+">(.*?)<\/span>/g)).toEqual(['+3.00', '−1.00', '–'])
  })

  it('show a weight as a bar, its target as a mark, and the cap in every row', () => {
    const pairs = [
      { label: 'A', actual: 0.05, target: 0.1 },
      { label: 'B', actual: 0.1, target: Number.NaN },
    ]
    const chart = pairedBars({ title: 'A', names: ['Weight', 'Target'], pairs, cap: { value: 0.2, label: 'cap' } })
    expect(matches(chart, /class="series-1" x="0%" width="(.*?)"/g)).toEqual(['25.00%', '50.00%'])
    expect(matches(chart, /class="target" x1="([\d.]+%)"/g)).toEqual(['50%'])
    expect(matches(chart, /class="level" x1="([\d.]+%)"/g)).toEqual(['100%', '100%'])
  })

  it('add up: each begins where the one before ended, and the last is the sum', () => {
    const parts = [
      { label: 'a', value: 2, weight: 0.5 },
      { label: 'b', value: -1, weight: 0.25 },
      { label: 'c', value: Number.NaN, weight: 0.25 },
    ]
    const chart = contributionBars({ title: 'A', parts, total: 'Score' })
    expect(matches(chart, /<rect class="(\w+ ?\w*" x="[^"]+" width="[^"]+)"/g)).toEqual([
      'positive" x="0%" width="100.00%',
      'negative" x="75%" width="25.00%',
      'total" x="0%" width="75.00%',
    ])
    expect(matches(chart, /<span class="\w+">(.*?)<\/span>/g)).toEqual(['+1.000', '−0.250', '–', '+0.750'])
  })

  it('say so when there are none', () => {
    expect(barChart({ title: 'A', of: 'Size', bars: [] }).toString()).toContain('No values.')
    expect(pairedBars({ title: 'A', names: ['a', 'b'], pairs: [] }).toString()).toContain('No values.')
    expect(contributionBars({ title: 'A', parts: [], total: 'Score' }).toString()).toContain('No values.')
  })
})

describe('heat', () => {
  it('is deeper the larger a value is, on either side, and never deeper than deepest', () => {
    expect([0.1, 0.05, 0.02, 0.009, -0.03, -5, Number.NaN].map((value) => heatClass(value, 0.1))).toEqual([
      'heat-positive-5',
      'heat-positive-3',
      'heat-positive-1',
      undefined,
      'heat-negative-2',
      'heat-negative-5',
      undefined,
    ])
    expect(() => heatClass(1, 0)).toThrow(RangeError)
  })

  it('shows numbers in its cells, a dash for a missing one', () => {
    const rows = [{ label: '2024', values: [0.1, Number.NaN] }]
    const map = heatMap({ title: 'A', columns: ['Jan', 'Feb'], rows, deepest: 0.1 })
    expect(matches(map, /<td class="heat-positive-5">(.*?)<\/td>/g)).toEqual(['10.0%'])
    expect(map.toString()).toContain('<td >–</td>')
    expect(() => heatMap({ title: 'A', columns: ['Jan'], rows, deepest: 1 })).toThrow(
      'Row "2024" of "A" has 2 values for 1 columns',
    )
  })

  it('puts many names against each other in few paths', () => {
    const values = [
      [1, -0.5],
      [-0.5, 1],
    ]
    const grid = heatGrid({ title: 'A', names: ['x', 'y'], values, deepest: 1, description: 'Two.' })
    expect(matches(grid, /<path class="heat-\w+-\d" d="(.*?)"/g)).toEqual([
      'M1 0h1v1h-1zM0 1h1v1h-1z',
      'M0 0h1v1h-1zM1 1h1v1h-1z',
    ])
    expect(() => heatGrid({ title: 'A', names: ['x'], values, deepest: 1, description: '' })).toThrow(RangeError)
  })
})

describe('sparkline', () => {
  it('spans its values, flat ones in the middle, and is nothing without any', () => {
    expect(matches(sparkline([1, 3, 2], 'a'), / d="(.*?)"/g)).toEqual(['M0 1000l500-1000 500 500'])
    expect(matches(sparkline([4, 4], 'a'), / d="(.*?)"/g)).toEqual(['M0 500l1000 0'])
    expect(sparkline([Number.NaN], 'a').toString()).toBe('')
  })
})

describe('every chart', () => {
  it('escapes its labels', () => {
    const at = days(2)
    const values = [1, 2]
    const charts = [
      lineChart({
        title: HOSTILE,
        at,
        series: [{ label: HOSTILE, values }],
        bands: [{ label: HOSTILE, low: values, high: values }],
        levels: [{ value: 1, label: HOSTILE }],
        note: HOSTILE,
      }),
      drawdownChart({ title: HOSTILE, at, drawdowns: [0, -1], note: HOSTILE }),
      stackedAreas({ title: HOSTILE, at, parts: [{ label: HOSTILE, values }], note: HOSTILE }),
      barChart({ title: HOSTILE, of: HOSTILE, bars: [{ label: HOSTILE, value: 1 }], note: HOSTILE }),
      pairedBars({
        title: HOSTILE,
        names: [HOSTILE, HOSTILE],
        pairs: [{ label: HOSTILE, actual: 1, target: 1 }],
        cap: { value: 1, label: HOSTILE },
      }),
      contributionBars({ title: HOSTILE, parts: [{ label: HOSTILE, value: 1, weight: 1 }], total: HOSTILE }),
      heatMap({ title: HOSTILE, columns: [HOSTILE], rows: [{ label: HOSTILE, values: [1] }], deepest: 1 }),
      heatGrid({ title: HOSTILE, names: [HOSTILE], values: [[1]], deepest: 1, description: HOSTILE }),
      sparkline(values, HOSTILE),
    ]
    for (const chart of charts) expect(chart.toString()).not.toMatch(/<img|"alert/)
  })
})
