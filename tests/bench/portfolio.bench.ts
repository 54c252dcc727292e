/**
 * What a portfolio of 500 names costs to build: medians of several runs, and beside each estimator of covariance how many times a plain
 * triple loop over the same half of the matrix takes, measured in the same run. No other library here estimates or optimises.
 *
 *     npm run bench portfolio
 */
import { cpus } from 'node:os'
import { hierarchicalRiskParity } from '../../shared/domain/portfolio/construction/hierarchical-risk-parity.ts'
import { inverseVolatility } from '../../shared/domain/portfolio/construction/inverse-volatility.ts'
import { minimumVariance } from '../../shared/domain/portfolio/construction/minimum-variance.ts'
import { riskParity, riskParitySpread } from '../../shared/domain/portfolio/construction/risk-parity.ts'
import { exponentialCovariance } from '../../shared/domain/portfolio/covariance/exponential-covariance.ts'
import { ledoitWolfCovariance } from '../../shared/domain/portfolio/covariance/ledoit-wolf.ts'
import { type Matrix, matrixOf } from '../../shared/domain/portfolio/covariance/matrix.ts'
import { sampleCovariance } from '../../shared/domain/portfolio/covariance/sample-covariance.ts'
import { randomStream } from '../../shared/domain/simulation/random.ts'

const NAMES = 500
const ROWS = 1_260
const RUNS = 7
const SECTORS = Array.from({ length: NAMES }, (_, i) => `sector ${i % 11}`)

/** Daily returns of a market and eleven sectors, as strong as told, and noise. */
function returnsOf(rows: number, common: number): Matrix {
  const random = randomStream(1, 'bench', rows, common)
  const beta = Array.from({ length: NAMES }, () => 0.5 + random.uniform())
  const noise = Array.from({ length: NAMES }, () => 0.005 + 0.02 * random.uniform())
  const values = new Float64Array(rows * NAMES)
  for (let t = 0; t < rows; t++) {
    const market = common * 0.01 * random.normal()
    const sectors = Array.from({ length: 11 }, () => common * 0.006 * random.normal())
    for (let i = 0; i < NAMES; i++) {
      values[t * NAMES + i] = beta[i] * market + sectors[i % 11] + noise[i] * random.normal()
    }
  }
  return matrixOf(rows, NAMES, values)
}

function measure<T>(work: () => T): { median: number; result: T } {
  let result = work()
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now()
    result = work()
    return performance.now() - started
  })
  return { median: times.sort((a, b) => a - b)[(RUNS - 1) / 2], result }
}

/** Half of XᵀX as it is written down. */
function plainProduct({ rows, columns, values }: Matrix): Float64Array {
  const product = new Float64Array(columns * columns)
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      let sum = 0
      for (let t = 0; t < rows; t++) sum += values[t * columns + i] * values[t * columns + j]
      product[i * columns + j] = sum
    }
  }
  return product
}

function say(what: string, median: number, more = ''): void {
  console.log(`${what.padEnd(46)} ${median.toFixed(1).padStart(8)} ms   ${more}`)
}

console.log(`${NAMES} names, medians of ${RUNS} on Node ${process.version}, one core of ${cpus()[0].model}`)
const returns = returnsOf(ROWS, 1)
const plain = measure(() => plainProduct(returns)).median
say(`plain product, ${ROWS} rows`, plain)
for (const [name, estimate] of [
  ['sample', sampleCovariance],
  ['ledoit-wolf', ledoitWolfCovariance],
  ['exponential', exponentialCovariance],
] as const) {
  const { median } = measure(() => estimate(returns))
  say(`covariance ${name}, ${ROWS} rows`, median, `${(plain / median).toFixed(1)} times as fast as the plain product`)
}

const CAPS = [
  ['no caps', {}],
  ['5 % a name', { maxWeight: 0.05 }],
  ['5 % a name, 12 % a sector', { maxWeight: 0.05, maxSector: 0.12, sectors: SECTORS }],
  ['0.3 % a name, 9.5 % a sector', { maxWeight: 0.003, maxSector: 0.095, sectors: SECTORS }],
] as const
for (const [kind, covariance] of [
  ['correlated', sampleCovariance(returns)],
  ['singular (250 rows)', sampleCovariance(returnsOf(250, 1))],
  // The hardest: nearly all names are held, so nearly all are free.
  ['uncorrelated', sampleCovariance(returnsOf(ROWS, 0))],
] as const) {
  console.log(`\n${kind}`)
  for (const [name, caps] of CAPS) {
    const { median, result } = measure(() => minimumVariance(covariance, { total: 1, ...caps }))
    const held = result.weights.filter((weight) => weight > 0).length
    say(`min-variance, ${name}`, median, `${held} held, KKT ${result.kkt.toExponential(1)}`)
  }
  const parity = measure(() => riskParity(covariance))
  say('risk-parity', parity.median, `spread ${riskParitySpread(covariance, parity.result).toExponential(1)}`)
  say('hrp', measure(() => hierarchicalRiskParity(covariance)).median)
  say('inverse-volatility', measure(() => inverseVolatility(covariance)).median)
}
