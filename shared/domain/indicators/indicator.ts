/** What an indicator may read of a bar. `session` is the number of the session it belongs to, see `vwap`. */
export type IndicatorInput = 'session' | 'high' | 'low' | 'close' | 'volume'

/** A bar as a stream brings it; a missing number is NaN. */
export type IndicatorBar = Readonly<Record<IndicatorInput, number>>

/** Bars as columns of equal length. */
export type IndicatorColumns = Readonly<Record<IndicatorInput, Float64Array>>

/** An indicator on a stream: `push` answers its outputs after the bar, NaN before the bar of index `lookback`. */
export interface IndicatorFold {
  readonly lookback: number
  push(bar: IndicatorBar): readonly number[]
}

export interface IndicatorParameter {
  readonly name: string
  readonly default: number
  /** The least it may be. */
  readonly from: number
  /** Whether it counts bars: a whole number up to `LONGEST_PERIOD`. */
  readonly whole: boolean
}

export interface Indicator {
  /** As it is asked for: `sma`. */
  readonly name: string
  readonly meaning: string
  readonly parameters: readonly IndicatorParameter[]
  readonly inputs: readonly IndicatorInput[]
  /** Names of its outputs before the parameters: `bbands_upper`. */
  readonly outputs: readonly string[]
  /** Whether a missing value empties it for ever (`vwap`: for its session), not only while it is in the window. */
  readonly recursive: boolean
  /** A fold for these parameters, as many as `parameters`. Refuses those out of range with a `RangeError`. */
  fold(parameters: readonly number[]): IndicatorFold
  /** The same over whole columns, in the order of `outputs`. */
  compute(bars: IndicatorColumns, parameters: readonly number[]): readonly Float64Array[]
}

type Description = Omit<Indicator, 'fold' | 'compute' | 'outputs'>

/** An indicator with one output, called like itself; its fold and batch function take the inputs in the order described. */
export function oneOutput(
  described: Description,
  open: (parameters: readonly number[]) => { readonly lookback: number; push(...values: number[]): number },
  compute: (columns: readonly Float64Array[], parameters: readonly number[]) => Float64Array,
): Indicator {
  const { name, inputs } = described
  return {
    ...described,
    outputs: [name],
    fold(parameters) {
      const fold = open(parameters)
      return { lookback: fold.lookback, push: (bar) => [fold.push(...inputs.map((input) => bar[input]))] }
    },
    compute(bars, parameters) {
      const columns = inputs.map((input) => bars[input])
      return [compute(columns, parameters)]
    },
  }
}
