import { describe, expect, it } from 'vitest'
import { sentimentFigures } from '../../../../shared/domain/sentiment/metrics.ts'
import { likeliestLabel, sentimentLabel } from '../../../../shared/domain/sentiment/sentiment.ts'
import { reference } from './reference.ts'

describe('figures of a classifier', () => {
  it("are scikit-learn's", () => {
    const { labels, probabilities, ...expected } = reference.figures
    const answers = probabilities.map(([negative, neutral, positive]) => ({ negative, neutral, positive }))
    const { texts, ...found } = sentimentFigures(answers, labels)
    expect(texts).toBe(labels.length)
    for (const [name, value] of Object.entries(expected))
      expect([name, found[name as keyof typeof found]]).toEqual([name, expect.closeTo(value, 10)])
  })

  it('count a label that never comes up as missed', () => {
    const sure = { negative: 0, neutral: 0, positive: 1 }
    expect(sentimentFigures([sure, sure], ['positive', 'positive'])).toEqual({
      texts: 2,
      accuracy: 1,
      macroF1: 1 / 3,
      wrongSign: 0,
      logLoss: 0,
      calibrationError: 0,
    })
  })

  it('of nothing are missing', () => {
    expect(sentimentFigures([], [])).toEqual({
      texts: 0,
      accuracy: Number.NaN,
      macroF1: Number.NaN,
      wrongSign: Number.NaN,
      logLoss: Number.NaN,
      calibrationError: Number.NaN,
    })
  })

  it('refuse answers to other labels', () => expect(() => sentimentFigures([], ['neutral'])).toThrow(RangeError))
})

describe('labels', () => {
  it('of equal probabilities are the milder', () => {
    expect(likeliestLabel({ negative: 0.4, neutral: 0.4, positive: 0.2 })).toBe('neutral')
    expect(likeliestLabel({ negative: 0.4, neutral: 0.2, positive: 0.4 })).toBe('positive')
    expect(likeliestLabel({ negative: 0.5, neutral: 0.2, positive: 0.3 })).toBe('negative')
  })

  it('are read exactly', () => {
    expect(sentimentLabel('positive')).toBe('positive')
    expect(sentimentLabel('Positive')).toBeUndefined()
  })
})
