import { describe, expect, it } from 'vitest'
import { mandateSchema } from '../../../../../shared/domain/mandate/mandate.ts'
import { type BarSeries, sliceBars } from '../../../../../shared/domain/market/bar.ts'
import { addDays, session, sessionToMs } from '../../../../../shared/domain/market/session.ts'
import { bollingerPlace } from '../../../../../shared/domain/signals/technical/bollinger-place.ts'
import { macdBars, macdSide } from '../../../../../shared/domain/signals/technical/macd-side.ts'
import { technicalLookback, technicalScore } from '../../../../../shared/domain/signals/technical/technical-score.ts'
import { trend } from '../../../../../shared/domain/signals/technical/trend.ts'
import { AS_OF, BARS, reference } from '../../universe/reference-market.ts'

const RULES = mandateSchema.parse({}).signals.technical
const score = (symbol: string, bars: BarSeries | undefined, asOf = AS_OF) => technicalScore(symbol, bars, asOf, RULES)

const column = (length: number, close: (i: number) => number) => Float64Array.from({ length }, (_, i) => close(i))
const made = (close: Float64Array): BarSeries => {
  const first = sessionToMs(addDays(AS_OF, 1 - close.length))
  const at = close.map((_, i) => first + i * 86_400_000)
  return { symbol: 'A', basis: 'adjusted', at, open: close, high: close, low: close, close, volume: close }
}
/** What each rule takes the closes to mean. */
const leanings = (close: Float64Array) => {
  const found = score('A', made(close))
  return Object.fromEntries('parts' in found ? found.parts.map(({ name, value }) => [name, value]) : [])
}

describe('the technical score', () => {
  it('of the reference market is what pandas finds', () => {
    for (const { symbol, technical } of reference.signals) {
      const found = score(symbol, BARS.get(symbol))
      expect(found.score, symbol).toBeCloseTo(technical.score, 10)
      expect(Object.fromEntries('parts' in found ? found.parts.map((part) => [part.name, part.value]) : [])).toEqual(
        technical.states,
      )
    }
  })

  it('shows the numbers behind each rule', () => {
    const found = score('A', made(column(220, (i) => 100 + i)))
    expect(found).toMatchObject({
      coverage: 1,
      evidence: {
        trend: { close: 319, shortAverage: 294.5, longAverage: 219.5 },
        bollinger: { upper: 321.0325625946708 },
      },
    })
  })

  it('leaves a rule out that has too few bars and divides the weights of the others by their sum', () => {
    const bars = made(column(150, (i) => 100 + i))
    expect(score('A', bars)).toMatchObject({
      coverage: 0.6,
      parts: [
        { name: 'macd', weight: 0.35 / 0.6 },
        { name: 'bollinger', weight: 0.25 / 0.6 },
      ],
    })
    expect(score('A', sliceBars(bars, 0, 0))).toEqual({ symbol: 'A', score: undefined, reason: 'no bars' })
    expect(score('A', undefined)).toEqual({ symbol: 'A', score: undefined, reason: 'no bars' })
    expect(score('A', made(column(19, (i) => 100 + i)))).toEqual({
      symbol: 'A',
      score: undefined,
      reason: 'trend: 19 bars are too few, macd: 19 bars are too few, bollinger: 19 bars are too few',
    })
  })

  it.each([0.1, 7, 1e6 / 3])('of a price that never moves is neutral (%d)', (price) => {
    expect(leanings(column(250, () => price))).toEqual({ trend: 'neutral', macd: 'neutral', bollinger: 'neutral' })
  })

  it('hears nothing of what came after the session or lies further back than is looked at', () => {
    const [series] = BARS.values()
    const asOf = session(reference.sessions[reference.sessions.length - 20])
    const whole = score('A', series, asOf)
    expect(whole.score).toBeDefined()
    const end = series.at.indexOf(sessionToMs(asOf)) + 1
    expect(score('A', sliceBars(series, 0, end), asOf)).toEqual(whole)
    expect(score('A', sliceBars(series, end - 200, end), asOf)).toEqual(whole)
    expect(technicalLookback(RULES)).toBe(230)
  })
})

describe('the trend', () => {
  const rising = column(200, (i) => 100 + i)
  const fell = (to: number) => Float64Array.from(rising, (close, i) => (i === 199 ? to : close))

  it.each([
    ['bullish while price, shorter and longer average stand in this order', rising, 'bullish'],
    ['neutral when the price has fallen below the shorter average', fell(250), 'neutral'],
    ['bearish when all three stand the other way round', rising.toReversed(), 'bearish'],
  ])('is %s', (_, closes, leaning) => expect(trend(closes, [50, 200])?.leaning).toBe(leaning))

  it('needs as many closes as the longer average', () => {
    expect(trend(rising.subarray(1), [50, 200])).toBeUndefined()
  })
})

describe('the side of MACD', () => {
  it('is bullish in a rise that gains speed, bearish in one that loses it', () => {
    expect(
      macdSide(
        column(150, (i) => 100 + i * i),
        [12, 26, 9],
      )?.leaning,
    ).toBe('bullish')
    expect(
      macdSide(
        column(150, (i) => 100 + 50 * Math.sqrt(i)),
        [12, 26, 9],
      )?.leaning,
    ).toBe('bearish')
  })

  it('is not believed before five times its longest period', () => {
    expect(macdBars([12, 26, 9])).toBe(130)
    expect(macdBars([26, 12, 9])).toBe(130)
    expect(macdBars([2, 3, 9])).toBe(45)
    expect(
      macdSide(
        column(129, (i) => i * i),
        [12, 26, 9],
      ),
    ).toBeUndefined()
  })
})

describe('the place in the Bollinger bands', () => {
  const place = (last: number) =>
    bollingerPlace(
      column(20, (i) => (i === 19 ? last : 100 + (i % 2))),
      BANDS,
    )
  const BANDS = { period: 20, deviations: 2 }

  it('is bullish below the lower band, bearish above the upper one', () => {
    expect([80, 100, 120].map((last) => place(last)?.leaning)).toEqual(['bullish', 'neutral', 'bearish'])
  })

  it('needs a whole period', () => {
    expect(bollingerPlace(new Float64Array(19).fill(1), BANDS)).toBeUndefined()
  })
})
