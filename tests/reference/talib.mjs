// Writes talib.json: what TA-Lib itself answers on a made-up series, through the npm package talib 1.1.6, which compiles TA-Lib's C source
// (unstable period 0, default compatibility). The package needs a C++ compiler and is no dependency, so it is installed elsewhere:
//
//     mkdir ../talib-judge && npm install --prefix ../talib-judge talib@1.1.6
//     NODE_PATH=../talib-judge/node_modules node tests/reference/talib.mjs > tests/reference/talib.json
import { createRequire } from 'node:module'
import process from 'node:process'

const talib = createRequire(import.meta.url)('talib')
const BARS = 300

/** A small linear congruential generator (Park and Miller), so that the series is the same everywhere. */
let state = 20240102
const chance = () => {
  state = (state * 48271) % 2147483647
  return state / 2147483647
}

const cents = (price) => Math.round(price * 100) / 100

function series() {
  const bars = { open: [], high: [], low: [], close: [], volume: [] }
  let price = 100
  for (let i = 0; i < BARS; i++) {
    let open = price
    let high = price
    let low = price
    let volume = Math.round(1000 + 9000 * chance())
    if (i >= 90 && i < 125) {
      // Nothing moves, and on some days nothing is traded.
      if (i % 3 === 0) volume = 0
    } else if (i >= 125 && i < 160) {
      // A coarse tick: many equal closes, highs and lows.
      open = Math.round(price)
      price = open + Math.floor(3 * chance()) - 1
      high = Math.max(open, price) + Math.floor(2 * chance())
      low = Math.min(open, price) - Math.floor(2 * chance())
    } else if (i >= 160 && i < 185) {
      // Bars without a range that jump from one to the next.
      price = cents(price * (1 + 0.04 * (chance() - 0.5)))
      open = price
      high = price
      low = price
    } else {
      // A walk; a fall without a rising day in between, then a rise without a falling one, and one gap.
      const drift = i >= 200 && i < 225 ? -0.02 : i >= 225 && i < 250 ? 0.02 : i === 260 ? -0.3 : 0
      price = cents(price * (1 + drift + (i >= 200 && i < 250 ? 0.01 : 0.03) * (chance() - 0.5)))
      high = cents(Math.max(open, price) * (1 + 0.01 * chance()))
      low = cents(Math.min(open, price) * (1 - 0.01 * chance()))
    }
    for (const [name, value] of Object.entries({ open, high, low, close: price, volume })) bars[name].push(value)
  }
  return bars
}

const periods = (fn, ...lengths) => lengths.map((n) => [fn, { optInTimePeriod: n }, [n]])
const macd = (fast, slow, signal) => [
  'MACD',
  { optInFastPeriod: fast, optInSlowPeriod: slow, optInSignalPeriod: signal },
  [fast, slow, signal],
]
const bands = (n, deviations) => [
  'BBANDS',
  { optInTimePeriod: n, optInNbDevUp: deviations, optInNbDevDn: deviations, optInMAType: 0 },
  [n, deviations],
]
const adosc = (fast, slow) => ['ADOSC', { optInFastPeriod: fast, optInSlowPeriod: slow }, [fast, slow]]

const CALLS = [
  ...periods('SMA', 2, 20, 250),
  ...periods('EMA', 2, 12, 50),
  ...periods('WMA', 2, 20, 100),
  ...periods('RSI', 2, 14),
  macd(12, 26, 9),
  macd(26, 12, 9),
  macd(5, 6, 2),
  bands(20, 2),
  bands(5, 2.5),
  ...periods('ATR', 1, 14),
  ...periods('NATR', 2, 14),
  ['TRANGE', {}, []],
  ['OBV', {}, []],
  ['AD', {}, []],
  adosc(3, 10),
  adosc(10, 3),
  ...periods('ROC', 1, 10),
  ...periods('MOM', 1, 10),
  ...['STDDEV', 'MFI', 'CCI', 'WILLR', 'ADX'].flatMap((fn) => periods(fn, 2, 14)),
]

const input = series()
const outputs = CALLS.map(([fn, options, parameters]) => {
  const more = fn === 'STDDEV' ? { optInNbDev: 1 } : {}
  const columns = { ...input, inReal: input.close }
  const { begIndex, nbElement, result, error } = talib.execute({
    name: fn,
    startIdx: 0,
    endIdx: BARS - 1,
    ...columns,
    ...options,
    ...more,
  })
  if (error) throw new Error(`${fn}: ${error}`)
  const values = Object.values(result).map((column) =>
    Array.from({ length: nbElement }, (_, i) => Number(column[i].toPrecision(14))),
  )
  return { fn, parameters, begin: begIndex, values }
})

const source = 'tests/reference/talib.mjs: TA-Lib as compiled by npm talib 1.1.6 on a made-up series'
const lines = outputs.map((output) => JSON.stringify(output))
process.stdout.write(
  `{"source":${JSON.stringify(source)},\n"input":${JSON.stringify(input)},\n"outputs":[\n${lines.join(',\n')}\n]}\n`,
)
