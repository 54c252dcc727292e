import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { INDICATORS } from '../../../../shared/domain/indicators/catalogue.ts'
import type { IndicatorColumns } from '../../../../shared/domain/indicators/indicator.ts'

type Prices = Readonly<Record<'high' | 'low' | 'close' | 'volume', readonly number[]>>

interface Reference {
  readonly input: Prices
  readonly outputs: readonly {
    readonly fn: string
    readonly parameters: readonly number[]
    readonly begin: number
    readonly values: readonly (readonly number[])[]
  }[]
}

/** Vectors that name one output of one function by its parameters. */
interface EdgeVectors {
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly input: Prices
        readonly outputs: readonly {
          readonly fn: string
          readonly params: Readonly<Record<string, number>>
          readonly begin: number
          readonly values: readonly (number | null)[]
        }[]
      }
    >
  >
}

const readJson = (url: URL) => JSON.parse(readFileSync(url, 'utf8'))
const reference: Reference = readJson(new URL('../../../reference/talib.json', import.meta.url))

const columns = ({ high, low, close, volume }: Prices): IndicatorColumns => ({
  session: Float64Array.from(close, (_, i) => i),
  high: Float64Array.from(high),
  low: Float64Array.from(low),
  close: Float64Array.from(close),
  volume: Float64Array.from(volume),
})

function expectSeries(found: Float64Array, begin: number, expected: readonly (number | null)[]): void {
  expect(found.findIndex((value) => !Number.isNaN(value))).toBe(begin)
  expect(found.length - begin).toBe(expected.length)
  for (const [i, value] of expected.entries()) {
    const own = found[begin + i]
    const wanted = value ?? Number.NaN
    if (Math.abs(own - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted))) continue
    expect({ index: begin + i, value: own }).toEqual({ index: begin + i, value: wanted })
  }
}

const named = (name: string) => {
  const indicator = INDICATORS.find((known) => known.name === name)
  if (!indicator) throw new Error(`There is no indicator ${name}`)
  return indicator
}

/** What is there of a window in which nothing moved. TA-Lib's running sums leave noise there: deviations of 4e-6, a CCI of 66.7. */
const STILL = new Map([
  ['STDDEV', () => 0],
  ['BBANDS', (close: number) => close],
  ['CCI', () => 0],
])

function isStill(columns: readonly Float64Array[], end: number, period: number): boolean {
  return columns.every((column) => column.subarray(end - period + 1, end + 1).every((value) => value === column[end]))
}

describe('the indicators are those of TA-Lib on a series of walks, ties, flat stretches and gaps', () => {
  const bars = columns(reference.input)
  it.each(reference.outputs)('$fn $parameters', ({ fn, parameters, begin, values }) => {
    const indicator = named(fn.toLowerCase())
    expect(indicator.fold(parameters).lookback).toBe(begin)
    const found = indicator.compute(bars, parameters)
    expect(found.length).toBe(values.length)
    const still = STILL.get(fn)
    const read = indicator.inputs.map((input) => bars[input])
    for (const [output, column] of found.entries()) {
      const expected = values[output].map((value, i) =>
        still && isStill(read, begin + i, parameters[0]) ? still(bars.close[begin + i]) : value,
      )
      expectSeries(column, begin, expected)
    }
  })

  it('covers every one of them that TA-Lib has', () => {
    const covered = new Set(reference.outputs.map(({ fn }) => fn.toLowerCase()))
    expect(INDICATORS.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual(['vwap', 'hv'])
  })
})

const edges = new URL('../../../../../shared/reference/vectors/talib_edge.json', import.meta.url)

describe.skipIf(!existsSync(edges))('the edge vectors of TA-Lib (../shared/reference/vectors/talib_edge.json)', () => {
  const cases = existsSync(edges) ? Object.entries((readJson(edges) as EdgeVectors).cases) : []
  const elsewhere = new Set(['ROCP', 'LINEARREG_SLOPE'])
  const outputs: Readonly<Record<string, number>> = { macd: 0, signal: 1, hist: 2, upper: 0, middle: 1, lower: 2 }

  it.each(cases)('%s', (_, { input, outputs: expected }) => {
    for (const { fn, params, begin, values } of expected) {
      if (elsewhere.has(fn)) continue
      const [name, output] = fn.split('.')
      const all = Object.entries(params).filter(([key]) => key !== 'dn' && key !== 'nbdev')
      const computed = named(name.toLowerCase()).compute(
        columns(input),
        all.map(([, value]) => value),
      )
      expectSeries(computed[output === undefined ? 0 : outputs[output]], begin, values)
    }
  })
})
