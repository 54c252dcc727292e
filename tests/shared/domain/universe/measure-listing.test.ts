import { describe, expect, it } from 'vitest'
import { session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { measureListing } from '../../../../shared/domain/universe/measure-listing.ts'
import { madeSeries } from './made-series.ts'
import { AS_OF } from './reference-market.ts'

const xnys = tradingCalendar('XNYS')

describe('measures', () => {
  const window = { asOf: AS_OF, lookback: 10, dollarVolumeSessions: 3 }

  it('count only sessions of the calendar', () => {
    const series = madeSeries([10, 10, 10])
    const onSunday = { ...series, at: series.at.map((at, i) => (i === 0 ? sessionToMs(session('2024-06-02')) : at)) }
    expect(measureListing(onSunday, xnys, window)).toMatchObject({ historySessions: 2, quality: 1 })
  })

  it('look back no further than they are told', () => {
    const series = madeSeries(Array.from({ length: 30 }, (_, i) => i + 1))
    expect(measureListing(series, xnys, window)).toMatchObject({ historySessions: 10, medianDollarVolume: 29e6 })
  })

  it.each([
    ['a low above the close', { low: 11 }],
    ['a high below the close', { high: 9 }],
    ['no open', { open: Number.NaN }],
    ['a price of zero', { low: 0 }],
    ['no end to its high', { high: Number.POSITIVE_INFINITY }],
  ])('take a bar with %s for a bad one', (_, wrong) => {
    const series = madeSeries([10, 10, 10, 10])
    const [[name, value]] = Object.entries(wrong)
    const column = Float64Array.from(series.close)
    column[1] = value
    expect(measureListing({ ...series, [name]: column }, xnys, window).quality).toBe(0.75)
  })
})
