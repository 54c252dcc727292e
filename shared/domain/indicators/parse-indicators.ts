import { INDICATORS } from './catalogue.ts'
import type { Indicator, IndicatorParameter } from './indicator.ts'
import { LONGEST_PERIOD } from './period.ts'

/** An indicator asked for with its parameters. */
export interface AskedIndicator {
  readonly indicator: Indicator
  readonly parameters: readonly number[]
  /** Output names with the parameters as they were typed: `bbands_upper_20_2`. */
  readonly columns: readonly string[]
}

/**
 * Reads a list such as `sma:20,bbands:20:2,obv`: names of `INDICATORS`, each with none of its parameters (then their defaults) or
 * all of them. Throws a `RangeError`, a sentence for a person, for an unknown name, a parameter too few, too many or out of range,
 * and an indicator asked for twice.
 */
export function parseIndicators(text: string): AskedIndicator[] {
  const asked = text.split(',').map((item) => parseIndicator(item.trim()))
  const seen = new Set<string>()
  for (const { columns } of asked) {
    if (seen.has(columns[0])) throw new RangeError(`${columns[0]} is asked for twice`)
    seen.add(columns[0])
  }
  return asked
}

function parseIndicator(item: string): AskedIndicator {
  const [name, ...typed] = item.split(':')
  const indicator = INDICATORS.find((known) => known.name === name)
  if (!indicator) {
    throw new RangeError(
      `There is no indicator "${name}", expected one of ${INDICATORS.map((known) => known.name).join(', ')}`,
    )
  }
  const { parameters } = indicator
  if (typed.length !== parameters.length && typed.length !== 0) {
    const form = [name, ...parameters.map((parameter) => parameter.name)].join(':')
    throw new RangeError(`"${item}" has ${typed.length} parameters, expected ${form}`)
  }
  const values = parameters.map((parameter, i) =>
    typed.length === 0 ? parameter.default : parameterValue(item, parameter, typed[i]),
  )
  return { indicator, parameters: values, columns: indicator.outputs.map((output) => [output, ...typed].join('_')) }
}

function parameterValue(item: string, { name, from, whole }: IndicatorParameter, text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && (!whole || (Number.isInteger(value) && value <= LONGEST_PERIOD))) return value
  const expected = whole ? `a whole number from ${from} to ${LONGEST_PERIOD}` : `a number from ${from}`
  throw new RangeError(`"${item}": ${name} "${text}", expected ${expected}`)
}
