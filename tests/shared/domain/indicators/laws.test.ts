import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INDICATORS } from '../../../../shared/domain/indicators/catalogue.ts'
import type {
  Indicator,
  IndicatorBar,
  IndicatorColumns,
  IndicatorInput,
} from '../../../../shared/domain/indicators/indicator.ts'
import { anyBars, barsOf, columnsOf } from './bars.ts'

/** Parameters of the size of the series below: each by its least value and a little more. */
const somePeriods = (indicator: Indicator) =>
  fc.tuple(
    ...indicator.parameters.map(({ from, whole }) =>
      whole ? fc.integer({ min: from, max: 9 }) : fc.constantFrom(1, 2.5),
    ),
  )

const named = (name: string) => {
  const indicator = INDICATORS.find((known) => known.name === name)
  if (!indicator) throw new Error(`There is no indicator ${name}`)
  return indicator
}

const cut = (bars: IndicatorColumns, rows: number): IndicatorColumns => columnsOf(barsOf(bars).slice(0, rows))

function changed(bars: readonly IndicatorBar[], row: number, input: IndicatorInput, value: number): IndicatorColumns {
  return columnsOf(bars.map((bar, i) => (i === row ? { ...bar, [input]: value } : bar)))
}

const series = anyBars({ minLength: 0, maxLength: 60 })
const longSeries = anyBars({ minLength: 45, maxLength: 60 })

describe.each(INDICATORS.map((indicator) => [indicator.name, indicator] as const))('%s', (_, indicator) => {
  it('gives on a stream what it gives over whole columns, bit for bit', () => {
    const missing = fc.option(fc.tuple(fc.nat(59), fc.constantFrom(...indicator.inputs.slice(-1))), { nil: undefined })
    fc.assert(
      fc.property(series, missing, somePeriods(indicator), (bars, hole, parameters) => {
        const columns = hole ? changed(bars, hole[0], hole[1], Number.NaN) : columnsOf(bars)
        const whole = indicator.compute(columns, parameters)
        const fold = indicator.fold(parameters)
        for (const [i, bar] of barsOf(columns).entries()) {
          expect(fold.push(bar)).toEqual(whole.map((column) => column[i]))
        }
      }),
    )
  })

  it('does not change when the future does', () => {
    fc.assert(
      fc.property(series, fc.nat(60), somePeriods(indicator), (bars, rows, parameters) => {
        const columns = columnsOf(bars)
        const known = indicator.compute(columns, parameters).map((column) => column.slice(0, rows))
        expect(indicator.compute(cut(columns, rows), parameters)).toEqual(known)
      }),
    )
  })

  it('is empty before its lookback and, of whole bars, filled from there on', () => {
    fc.assert(
      fc.property(series, somePeriods(indicator), (bars, parameters) => {
        // Without volume there is no volume-weighted price.
        const columns = columnsOf(bars.map((bar) => ({ ...bar, volume: bar.volume + 1 })))
        const { lookback } = indicator.fold(parameters)
        for (const column of indicator.compute(columns, parameters)) {
          expect(Array.from(column, (value) => Number.isNaN(value))).toEqual(Array.from(column, (_, i) => i < lookback))
        }
      }),
    )
  })

  const inputs = indicator.inputs.filter((input) => input !== 'session')
  it.each(inputs)('is empty after a missing %s: for ever if recursive, else while it is in the window', (input) => {
    fc.assert(
      fc.property(longSeries, fc.nat(20), somePeriods(indicator), (bars, row, parameters) => {
        const columns = changed(
          bars.map((bar) => ({ ...bar, volume: bar.volume + 1, session: 0 })),
          row,
          input,
          Number.NaN,
        )
        const whole = indicator.compute(
          columnsOf(barsOf(columns).map((bar, i) => ({ ...bar, [input]: i === row ? 100 : bar[input] }))),
          parameters,
        )
        const { lookback } = indicator.fold(parameters)
        const computed = indicator.compute(columns, parameters)
        for (const [output, column] of computed.entries()) {
          expect(column.slice(0, row)).toEqual(whole[output].slice(0, row))
          expect(column[row]).toBeNaN()
          if (indicator.recursive) {
            expect(column.subarray(row).every(Number.isNaN)).toBe(true)
            continue
          }
          // Momentum reads the two ends of its window only, the money flow index no volume before its first change.
          const felt = input === 'volume' ? lookback - 1 : lookback
          const read = ['mom', 'roc'].includes(indicator.name)
            ? [0, felt]
            : Array.from({ length: felt + 1 }, (_, i) => i)
          for (const after of read) expect(column[row + after]).toBeNaN()
          for (let i = row + lookback + 1; i < column.length; i++) expect(column[i]).toBeCloseTo(whole[output][i], 9)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('refuses parameters below the least of the catalogue, and takes the least', () => {
    const least = indicator.parameters.map(({ from }) => from)
    expect(() => indicator.fold(least)).not.toThrow()
    expect(indicator.compute(columnsOf([]), least).map((column) => column.length)).toEqual(
      indicator.outputs.map(() => 0),
    )
    for (const [i, { from, whole }] of indicator.parameters.entries()) {
      for (const bad of whole ? [from - 1, from + 0.5, 100_001, Number.NaN] : [from - 1, Number.NaN]) {
        expect(() => indicator.fold(least.with(i, bad))).toThrow(RangeError)
        expect(() => indicator.compute(columnsOf([]), least.with(i, bad))).toThrow(`${bad}, expected a`)
      }
    }
  })
})

describe('scale and shift', () => {
  const scaled = (bars: readonly IndicatorBar[], by: number, plus = 0) =>
    columnsOf(
      bars.map((bar) => ({
        ...bar,
        high: bar.high * by + plus,
        low: bar.low * by + plus,
        close: bar.close * by + plus,
      })),
    )
  const compare = (names: readonly string[], by: number, plus: number, expected: (value: number) => number) =>
    it.each(names)('%s', (name) => {
      const indicator = named(name)
      fc.assert(
        fc.property(series, somePeriods(indicator), (bars, parameters) => {
          const plain = indicator.compute(columnsOf(bars), parameters)
          const moved = indicator.compute(scaled(bars, by, plus), parameters)
          for (const [output, column] of plain.entries()) {
            for (let i = 0; i < column.length; i++) {
              if (Number.isNaN(column[i])) expect(moved[output][i]).toBeNaN()
              else expect(moved[output][i]).toBeCloseTo(expected(column[i]), 7)
            }
          }
        }),
        { numRuns: 50 },
      )
    })

  const levels = ['sma', 'ema', 'wma', 'bbands', 'vwap']
  const distances = ['macd', 'mom', 'stddev', 'atr', 'trange']
  const ratios = ['rsi', 'natr', 'roc', 'mfi', 'cci', 'willr', 'adx', 'hv', 'obv', 'ad', 'adosc']

  describe('a price in another currency leaves ratios alone', () => compare(ratios, 8, 0, (value) => value))
  describe('and multiplies levels and distances', () => compare([...levels, ...distances], 8, 0, (value) => 8 * value))
  describe('a price of more by a constant moves levels', () => compare(levels, 1, 512, (value) => value + 512))
  describe('and leaves distances alone', () => compare(distances, 1, 512, (value) => value))
})
