/**
 * Six indicators over a million bars, beside the npm libraries that compute them: milliseconds for whole columns, which includes making the
 * arrays that are returned, and nanoseconds for one more bar on a stream. trading-signals is a streaming library: here its values are
 * kept where there is one a bar of plain prices, and for MACD, Bollinger and ATR only the last, in its favour.
 *
 *     npm run bench indicators
 */
import { cpus } from 'node:os'
import * as indicatorts from 'indicatorts'
import * as technical from 'technicalindicators'
import * as signals from 'trading-signals'
import { textTable } from '../../infra/local/cli/text-table.ts'
import { Atr, atr } from '../../shared/domain/indicators/atr.ts'
import { BollingerBands, bollingerBands } from '../../shared/domain/indicators/bollinger-bands.ts'
import { Ema, ema } from '../../shared/domain/indicators/ema.ts'
import { Macd, macd } from '../../shared/domain/indicators/macd.ts'
import { Rsi, rsi } from '../../shared/domain/indicators/rsi.ts'
import { Sma, sma } from '../../shared/domain/indicators/sma.ts'
import { randomStream } from '../../shared/domain/simulation/random.ts'

const BARS = 1_000_000
const RUNS = 15
const WARMUPS = 3
const MACD = { fast: 12, slow: 26, signal: 9 }

const random = randomStream('indicators.bench')
const close = new Float64Array(BARS)
const high = new Float64Array(BARS)
const low = new Float64Array(BARS)
for (let i = 0, price = 100; i < BARS; i++) {
  price *= 1 + 0.001 * (random.uniform() - 0.5)
  close[i] = price
  high[i] = price * (1 + 0.001 * random.uniform())
  low[i] = price * (1 - 0.001 * random.uniform())
}
// Two peers take plain arrays only; what it costs to have one is not counted.
const closes = Array.from(close)
const highs = Array.from(high)
const lows = Array.from(low)

interface Contest {
  readonly name: string
  readonly ours: () => unknown
  readonly stream: () => unknown
  readonly peers: Readonly<Record<'trading-signals' | 'indicatorts' | 'technicalindicators', () => unknown>>
}

const contests: readonly Contest[] = [
  {
    name: 'SMA 20',
    ours: () => sma(close, 20),
    stream() {
      const fold = new Sma(20)
      let last = 0
      for (let i = 0; i < BARS; i++) last = fold.push(close[i])
      return last
    },
    peers: {
      'trading-signals': () => streamed(new signals.SMA(20), closes),
      indicatorts: () => indicatorts.sma(closes, { period: 20 }),
      technicalindicators: () => technical.SMA.calculate({ period: 20, values: closes }),
    },
  },
  {
    name: 'EMA 20',
    ours: () => ema(close, 20),
    stream() {
      const fold = new Ema(20)
      let last = 0
      for (let i = 0; i < BARS; i++) last = fold.push(close[i])
      return last
    },
    peers: {
      'trading-signals': () => streamed(new signals.EMA(20), closes),
      indicatorts: () => indicatorts.ema(closes, { period: 20 }),
      technicalindicators: () => technical.EMA.calculate({ period: 20, values: closes }),
    },
  },
  {
    name: 'RSI 14',
    ours: () => rsi(close, 14),
    stream() {
      const fold = new Rsi(14)
      let last = 0
      for (let i = 0; i < BARS; i++) last = fold.push(close[i])
      return last
    },
    peers: {
      'trading-signals': () => streamed(new signals.RSI(14), closes),
      indicatorts: () => indicatorts.rsi(closes, { period: 14 }),
      technicalindicators: () => technical.RSI.calculate({ period: 14, values: closes }),
    },
  },
  {
    name: 'MACD 12 26 9',
    ours: () => macd(close, MACD),
    stream() {
      const fold = new Macd(MACD)
      for (let i = 0; i < BARS; i++) fold.push(close[i])
      return fold.histogram
    },
    peers: {
      'trading-signals': () => {
        const fold = new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9))
        for (const price of closes) fold.add(price)
        return fold.getResult()
      },
      indicatorts: () => indicatorts.macd(closes, MACD),
      technicalindicators: () =>
        technical.MACD.calculate({
          values: closes,
          fastPeriod: 12,
          slowPeriod: 26,
          signalPeriod: 9,
          SimpleMAOscillator: false,
          SimpleMASignal: false,
        }),
    },
  },
  {
    name: 'Bollinger 20 2',
    ours: () => bollingerBands(close, 20, 2),
    stream() {
      const fold = new BollingerBands(20, 2)
      for (let i = 0; i < BARS; i++) fold.push(close[i])
      return fold.upper
    },
    peers: {
      'trading-signals': () => {
        const fold = new signals.BollingerBands(20, 2)
        for (const price of closes) fold.add(price)
        return fold.getResult()
      },
      indicatorts: () => indicatorts.bb(closes, { period: 20 }),
      technicalindicators: () => technical.BollingerBands.calculate({ period: 20, stdDev: 2, values: closes }),
    },
  },
  {
    name: 'ATR 14',
    ours: () => atr(high, low, close, 14),
    stream() {
      const fold = new Atr(14)
      let last = 0
      for (let i = 0; i < BARS; i++) last = fold.push(high[i], low[i], close[i])
      return last
    },
    peers: {
      'trading-signals': () => {
        const fold = new signals.ATR(14)
        for (let i = 0; i < BARS; i++) fold.add({ high: highs[i], low: lows[i], close: closes[i] })
        return fold.getResult()
      },
      indicatorts: () => indicatorts.atr(highs, lows, closes, { period: 14 }),
      technicalindicators: () => technical.ATR.calculate({ period: 14, high: highs, low: lows, close: closes }),
    },
  },
]

function streamed(fold: { add(value: number): number | null }, values: readonly number[]): Float64Array {
  const out = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = fold.add(values[i]) ?? Number.NaN
  return out
}

function milliseconds(work: () => unknown): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

/** Median of several runs in a row, after some for the compiler and for clearing away what others left. */
function medianMs(work: () => unknown): number {
  for (let run = 0; run < WARMUPS; run++) work()
  return median(Array.from({ length: RUNS }, () => milliseconds(work)))
}

const rows = contests.map(({ name, ours, stream, peers }) => {
  const own = medianMs(ours)
  const streaming = medianMs(stream)
  const theirs = Object.values(peers).map(medianMs)
  const against = theirs.map((ms) => `${ms.toFixed(1)} (${(ms / own).toFixed(1)}x)`)
  const factor = `${(median(theirs) / own).toFixed(1)}x`
  return [name, own.toFixed(1), ((streaming * 1e6) / BARS).toFixed(1), ...against, factor]
})

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}; ${BARS} bars, medians of ${RUNS} runs`)
const peerColumns = Object.keys(contests[0].peers).map((name) => `${name} ms`)
process.stdout.write(textTable(['indicator', 'ms', 'stream ns/bar', ...peerColumns, 'of their median'], rows))
