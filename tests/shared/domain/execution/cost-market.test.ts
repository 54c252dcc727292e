import { describe, expect, it } from 'vitest'
import { costMarket } from '../../../../shared/domain/execution/cost-market.ts'
import { addDays, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { made } from '../../../contracts/made-bars.ts'

/** So many days, closes 100 and 101 in turn, volumes 1, 2, 3 and so on in thousands. */
const bars = (days: number) =>
  made(
    'A',
    Array.from({ length: days }, (_, i) => ({
      ...{ at: sessionToMs(addDays(session('2024-01-01'), i)), close: 100 + (i % 2) },
      ...{ volume: 1000 * (i + 1), bid: 99.9, ask: 100.1 },
    })),
  )

describe('what is known of a market', () => {
  it('is of the last 63 sessions', () => {
    // numpy: the median of 38 to 100 thousand; 63 returns of +1 % and −1/101 in turn.
    const { adv, sigmaDaily, ...others } = costMarket(bars(100), 'bucket')
    expect(adv).toBe(69_000)
    expect(sigmaDaily).toBeCloseTo(0.010029156313512177, 12)
    expect(others).toEqual({ medianDollarVolume: 6_900_000 })
  })

  it('has the spread where the model measures it', () => {
    expect(costMarket(bars(100), 'quote').spreadBps).toBeCloseTo(20, 9)
    // The same range of one in a hundred every day is all spread: 100.5 / 99.5 − 1, over the mean.
    const still = made(
      'A',
      [1, 2, 3, 4].flatMap((week) => [1, 2, 3, 4, 5, 6, 7].map((day) => ({ at: 7 * week + day, close: 100 }))),
    )
    expect(costMarket(still, 'corwin-schultz').spreadBps).toBeCloseTo(100, 9)
    expect(costMarket(made('A', [{ at: 0, close: 1 }]), 'quote').spreadBps).toBeNaN()
  })

  it('is not known from too little, and of missing numbers only those that are there', () => {
    expect(costMarket(bars(0), 'bucket')).toEqual({ adv: NaN, medianDollarVolume: NaN, sigmaDaily: NaN })
    expect(costMarket(bars(2), 'bucket')).toMatchObject({ adv: 1500, sigmaDaily: NaN })
    const holed = bars(5)
    holed.volume[2] = Number.NaN
    expect(costMarket(holed, 'none').adv).toBe(3000)
  })
})
