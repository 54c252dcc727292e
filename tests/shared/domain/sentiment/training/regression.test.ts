import { describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../../../../shared/domain/sentiment/linear-model.ts'
import { minimise } from '../../../../../shared/domain/sentiment/training/lbfgs.ts'
import { fitLogistic, scoresOf } from '../../../../../shared/domain/sentiment/training/logistic-regression.ts'
import { bestTemperature } from '../../../../../shared/domain/sentiment/training/temperature.ts'
import { reference } from '../reference.ts'

function oneHot(labels: readonly number[]): Float64Array {
  return Float64Array.from({ length: 3 * labels.length }, (_, at) => (labels[Math.floor(at / 3)] === at % 3 ? 1 : 0))
}

describe('L-BFGS', () => {
  it("finds the minimum of Rosenbrock's valley", () => {
    const point = Float64Array.of(-1.2, 1)
    minimise(
      ([x, y], gradient) => {
        gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x)
        gradient[1] = 200 * (y - x * x)
        return 100 * (y - x * x) ** 2 + (1 - x) ** 2
      },
      point,
      { iterations: 200, tolerance: 1e-9 },
    )
    expect([...point]).toEqual([expect.closeTo(1, 7), expect.closeTo(1, 7)])
  })

  it('stays where there is no way down', () => {
    const point = Float64Array.of(3)
    const slope = (_: Float64Array, gradient: Float64Array) => {
      gradient[0] = 0
      return 1
    }
    expect(minimise(slope, point, { iterations: 5, tolerance: 1e-9 })).toEqual({ value: 1, iterations: 0 })
  })
})

describe('logistic regression', () => {
  const { x, hashed, labels, penalty, probabilities, weights } = reference.regression
  const width = x[0].length - hashed
  const present = x.map((row) => row.slice(0, hashed).flatMap((value, id) => (value === 0 ? [] : [{ id, value }])))
  const rows = {
    rows: x.length,
    starts: Uint32Array.from([0, ...present.map((_, r) => present.slice(0, r + 1).flat().length)]),
    ids: Uint32Array.from(present.flat(), ({ id }) => id),
    weights: Float32Array.from(present.flat(), ({ value }) => value),
    dense: Float32Array.from(x.flatMap((row) => row.slice(hashed))),
    width,
  }
  const options = { tableSize: hashed, penalty, iterations: 1_000, tolerance: 1e-9 }
  const fit = fitLogistic(rows, oneHot(labels), options)

  it("has scikit-learn's weights, which sum to zero over the classes", () => {
    const found = [...fit.table, ...fit.dense]
    weights.forEach((row, feature) => {
      const mean = (row[0] + row[1] + row[2]) / 3
      row.forEach((weight, c) => {
        expect(found[feature * 3 + c]).toBeCloseTo(weight - mean, 5)
      })
    })
  })

  it("has scikit-learn's probabilities", () => {
    const scores = scoresOf(rows, fit)
    probabilities.forEach((row, r) => {
      const { negative, neutral, positive } = probabilitiesOf(scores.subarray(3 * r, 3 * r + 3))
      expect([negative, neutral, positive]).toEqual(row.map((p) => expect.closeTo(p, 6)))
    })
  })

  it('ends at the same place from anywhere', () => {
    const again = fitLogistic(rows, oneHot(labels), { ...options, penalty: penalty * 2, from: fit })
    const straight = fitLogistic(rows, oneHot(labels), { ...options, penalty: penalty * 2 })
    expect([...again.dense]).toEqual([...straight.dense].map((weight) => expect.closeTo(weight, 6)))
  })

  it('refuses targets of other rows', () => {
    expect(() => fitLogistic(rows, oneHot([0]), options)).toThrow(RangeError)
  })
})

describe('the temperature', () => {
  const { logits, labels, temperature } = reference.temperature

  it('is the one with the least log loss', () => {
    expect(bestTemperature(Float64Array.from(logits.flat()), oneHot(labels), 3)).toBeCloseTo(temperature, 5)
  })

  it('scales with the logits', () => {
    const halved = Float64Array.from(logits.flat(), (logit) => logit / 2)
    expect(bestTemperature(halved, oneHot(labels), 3)).toBeCloseTo(temperature / 2, 5)
  })
})
