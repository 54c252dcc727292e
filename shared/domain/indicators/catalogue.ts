import { AccumulationDistribution, accumulationDistribution } from './accumulation-distribution.ts'
import { Adx, adx } from './adx.ts'
import { Atr, atr } from './atr.ts'
import { BollingerBands, bollingerBands } from './bollinger-bands.ts'
import { Cci, cci } from './cci.ts'
import { ChaikinOscillator, chaikinOscillator } from './chaikin-oscillator.ts'
import { Ema, ema } from './ema.ts'
import { HistoricalVolatility, historicalVolatility } from './historical-volatility.ts'
import {
  type Indicator,
  type IndicatorBar,
  type IndicatorInput,
  type IndicatorParameter,
  oneOutput,
} from './indicator.ts'
import { Macd, macd } from './macd.ts'
import { Mfi, mfi } from './mfi.ts'
import { Momentum, momentum } from './momentum.ts'
import { Natr, natr } from './natr.ts'
import { Obv, obv } from './obv.ts'
import { RateOfChange, rateOfChange } from './rate-of-change.ts'
import { Rsi, rsi } from './rsi.ts'
import { Sma, sma } from './sma.ts'
import { StandardDeviation, standardDeviation } from './standard-deviation.ts'
import { TrueRange, trueRange } from './true-range.ts'
import { Vwap, vwap } from './vwap.ts'
import { WilliamsR, williamsR } from './williams-r.ts'
import { Wma, wma } from './wma.ts'

const CLOSE: readonly IndicatorInput[] = ['close']
const RANGE: readonly IndicatorInput[] = ['high', 'low', 'close']
const TRADED: readonly IndicatorInput[] = ['high', 'low', 'close', 'volume']

const period = (byDefault: number, from: number, name = 'period'): IndicatorParameter => ({
  name,
  default: byDefault,
  from,
  whole: true,
})

const factor = (byDefault: number, name: string): IndicatorParameter => ({
  name,
  default: byDefault,
  from: 0,
  whole: false,
})

const macdIndicator: Indicator = {
  name: 'macd',
  meaning: 'moving average convergence/divergence',
  parameters: [period(12, 2, 'fast'), period(26, 2, 'slow'), period(9, 1, 'signal')],
  inputs: CLOSE,
  outputs: ['macd', 'macd_signal', 'macd_hist'],
  recursive: true,
  fold([fast, slow, signal]) {
    const fold = new Macd({ fast, slow, signal })
    const push = ({ close }: IndicatorBar) => {
      fold.push(close)
      return [fold.line, fold.signal, fold.histogram]
    }
    return { lookback: fold.lookback, push }
  },
  compute({ close }, [fast, slow, signal]) {
    const computed = macd(close, { fast, slow, signal })
    return [computed.line, computed.signal, computed.histogram]
  },
}

const bollingerIndicator: Indicator = {
  name: 'bbands',
  meaning: 'Bollinger bands: mean and population deviations',
  parameters: [period(20, 2), factor(2, 'deviations')],
  inputs: CLOSE,
  outputs: ['bbands_upper', 'bbands_middle', 'bbands_lower'],
  recursive: false,
  fold([length, deviations]) {
    const fold = new BollingerBands(length, deviations)
    const push = ({ close }: IndicatorBar) => {
      fold.push(close)
      return [fold.upper, fold.middle, fold.lower]
    }
    return { lookback: fold.lookback, push }
  },
  compute({ close }, [length, deviations]) {
    const { upper, middle, lower } = bollingerBands(close, length, deviations)
    return [upper, middle, lower]
  },
}

/** Every indicator by the name it is asked for. Defaults are the usual ones, limits TA-Lib's. */
export const INDICATORS: readonly Indicator[] = [
  oneOutput(
    { name: 'sma', meaning: 'simple moving average', parameters: [period(20, 2)], inputs: CLOSE, recursive: false },
    ([n]) => new Sma(n),
    ([close], [n]) => sma(close, n),
  ),
  oneOutput(
    { name: 'ema', meaning: 'exponential moving average', parameters: [period(12, 2)], inputs: CLOSE, recursive: true },
    ([n]) => new Ema(n),
    ([close], [n]) => ema(close, n),
  ),
  oneOutput(
    { name: 'wma', meaning: 'linearly weighted average', parameters: [period(20, 2)], inputs: CLOSE, recursive: false },
    ([n]) => new Wma(n),
    ([close], [n]) => wma(close, n),
  ),
  oneOutput(
    {
      name: 'rsi',
      meaning: 'relative strength index, 0 to 100',
      parameters: [period(14, 2)],
      inputs: CLOSE,
      recursive: true,
    },
    ([n]) => new Rsi(n),
    ([close], [n]) => rsi(close, n),
  ),
  macdIndicator,
  bollingerIndicator,
  oneOutput(
    { name: 'atr', meaning: 'average true range', parameters: [period(14, 1)], inputs: RANGE, recursive: true },
    ([n]) => new Atr(n),
    ([high, low, close], [n]) => atr(high, low, close, n),
  ),
  oneOutput(
    {
      name: 'natr',
      meaning: 'average true range, % of the close',
      parameters: [period(14, 1)],
      inputs: RANGE,
      recursive: true,
    },
    ([n]) => new Natr(n),
    ([high, low, close], [n]) => natr(high, low, close, n),
  ),
  oneOutput(
    { name: 'trange', meaning: 'true range', parameters: [], inputs: RANGE, recursive: false },
    () => new TrueRange(),
    ([high, low, close]) => trueRange(high, low, close),
  ),
  oneOutput(
    { name: 'obv', meaning: 'on-balance volume', parameters: [], inputs: ['close', 'volume'], recursive: true },
    () => new Obv(),
    ([close, volume]) => obv(close, volume),
  ),
  oneOutput(
    { name: 'ad', meaning: 'accumulation/distribution line', parameters: [], inputs: TRADED, recursive: true },
    () => new AccumulationDistribution(),
    ([high, low, close, volume]) => accumulationDistribution(high, low, close, volume),
  ),
  oneOutput(
    {
      name: 'adosc',
      meaning: 'Chaikin oscillator of that line',
      parameters: [period(3, 2, 'fast'), period(10, 2, 'slow')],
      inputs: TRADED,
      recursive: true,
    },
    ([fast, slow]) => new ChaikinOscillator({ fast, slow }),
    ([high, low, close, volume], [fast, slow]) => chaikinOscillator(high, low, close, volume, { fast, slow }),
  ),
  oneOutput(
    { name: 'roc', meaning: 'rate of change, %', parameters: [period(10, 1)], inputs: CLOSE, recursive: false },
    ([n]) => new RateOfChange(n),
    ([close], [n]) => rateOfChange(close, n),
  ),
  oneOutput(
    {
      name: 'mom',
      meaning: 'momentum: change of the price',
      parameters: [period(10, 1)],
      inputs: CLOSE,
      recursive: false,
    },
    ([n]) => new Momentum(n),
    ([close], [n]) => momentum(close, n),
  ),
  oneOutput(
    {
      name: 'stddev',
      meaning: 'population standard deviation',
      parameters: [period(5, 2)],
      inputs: CLOSE,
      recursive: false,
    },
    ([n]) => new StandardDeviation(n),
    ([close], [n]) => standardDeviation(close, n),
  ),
  oneOutput(
    {
      name: 'mfi',
      meaning: 'money flow index, 0 to 100',
      parameters: [period(14, 2)],
      inputs: TRADED,
      recursive: false,
    },
    ([n]) => new Mfi(n),
    ([high, low, close, volume], [n]) => mfi(high, low, close, volume, n),
  ),
  oneOutput(
    { name: 'cci', meaning: 'commodity channel index', parameters: [period(14, 2)], inputs: RANGE, recursive: false },
    ([n]) => new Cci(n),
    ([high, low, close], [n]) => cci(high, low, close, n),
  ),
  oneOutput(
    { name: 'willr', meaning: 'Williams %R, -100 to 0', parameters: [period(14, 2)], inputs: RANGE, recursive: false },
    ([n]) => new WilliamsR(n),
    ([high, low, close], [n]) => williamsR(high, low, close, n),
  ),
  oneOutput(
    {
      name: 'adx',
      meaning: 'average directional index, 0 to 100',
      parameters: [period(14, 2)],
      inputs: RANGE,
      recursive: true,
    },
    ([n]) => new Adx(n),
    ([high, low, close], [n]) => adx(high, low, close, n),
  ),
  oneOutput(
    {
      name: 'vwap',
      meaning: 'volume-weighted price of the session so far',
      parameters: [],
      inputs: ['session', ...TRADED],
      recursive: true,
    },
    () => new Vwap(),
    ([session, high, low, close, volume]) => vwap(session, high, low, close, volume),
  ),
  oneOutput(
    {
      name: 'hv',
      meaning: 'historical volatility a year, a fraction',
      parameters: [period(20, 2), factor(252, 'periods-per-year')],
      inputs: CLOSE,
      recursive: false,
    },
    ([n, year]) => new HistoricalVolatility(n, year),
    ([close], [n, year]) => historicalVolatility(close, n, year),
  ),
]
