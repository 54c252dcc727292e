import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INTERVAL_MS } from '../../../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { rowAtOrAfter } from '../../../../shared/domain/market/row-at-or-after.ts'
import { DAY_MS, msToSession, type Session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { intradayBars } from '../../../../shared/domain/simulation/intraday.ts'
import { simulatedMarket } from '../../../../shared/domain/simulation/market.ts'
import { between, correlation, impossibleRows, returns } from './statistics.ts'

const market = simulatedMarket(3)
const INTERVALS = ['1m', '5m', '1h'] as const
const time = (text: string) => Date.parse(text)
const day = (date: string) => sessionToMs(date as Session)

describe('intradayBars', () => {
  // The Wednesday and the early close around Thanksgiving, and a week that leaves daylight saving time.
  const DAYS = ['2023-11-03', '2023-11-06', '2023-11-22', '2023-11-24', '2020-03-16']

  it.each(['AAPL', 'TSLA', '^GSPC', '^VIX', '^IRX', 'BTC-USD'])(
    'aggregates exactly to the daily bar of %s',
    (symbol) => {
      const path = market.path(symbol)!
      for (const date of DAYS) {
        const row = rowAtOrAfter(path.at, day(date))
        for (const interval of INTERVALS) {
          const bars = intradayBars(market, symbol, interval, day(date), day(date) + DAY_MS)!
          const last = bars.at.length - 1
          expect({
            open: bars.open[0],
            high: Math.max(...bars.high),
            low: Math.min(...bars.low),
            close: bars.close[last],
            volume: bars.volume.reduce((sum, volume) => sum + volume, 0),
          }).toEqual({
            open: path.open[row],
            high: path.high[row],
            low: path.low[row],
            close: path.close[row],
            volume: path.volume[row],
          })
          expect(impossibleRows(bars)).toEqual([])
          expect(bars.volume.every((volume) => volume >= 0)).toBe(true)
        }
      }
    },
  )

  it('gives five-minute bars that are five one-minute bars', () => {
    const range = [day('2023-11-22'), day('2023-11-25')] as const
    const minutes = intradayBars(market, 'MSFT', '1m', ...range)!
    const fives = intradayBars(market, 'MSFT', '5m', ...range)!
    fives.at.forEach((at, row) => {
      const part = between(minutes, at, at + INTERVAL_MS['5m'])
      expect(part.at).toHaveLength(5)
      expect([fives.open[row], fives.close[row]]).toEqual([part.open[0], part.close[4]])
      expect([fives.high[row], fives.low[row]]).toEqual([Math.max(...part.high), Math.min(...part.low)])
    })
  })

  it('starts hours at the open of the session, with a short last one', () => {
    const hours = intradayBars(market, 'AAPL', '1h', day('2023-11-03'), day('2023-11-07'))!
    const starts = Array.from(hours.at, (at) => new Date(at).toISOString().slice(5, 16))
    expect(starts.slice(0, 2)).toEqual(['11-03T13:30', '11-03T14:30'])
    expect(starts[6]).toBe('11-03T19:30')
    // New York left daylight saving time on the Sunday between.
    expect(starts[7]).toBe('11-06T14:30')
    expect(starts).toHaveLength(14)
  })

  it('ends early on a half day, and runs around the clock for a coin', () => {
    const half = [day('2023-11-24'), day('2023-11-25')] as const
    expect(intradayBars(market, 'AAPL', '1m', ...half)!.at).toHaveLength(210)
    expect(intradayBars(market, 'AAPL', '1h', ...half)!.at).toHaveLength(4)
    expect(intradayBars(market, 'BTC-USD', '1h', ...half)!.at).toHaveLength(24)
  })

  it('gives the very same bars for any part of a range', () => {
    const from = time('2023-11-20T00:00:00Z')
    const whole = Object.fromEntries(
      ['AAPL', 'BTC-USD'].map((symbol) => [symbol, intradayBars(market, symbol, '5m', from, from + 8 * DAY_MS)!]),
    )
    const moment = fc.integer({ min: from, max: from + 8 * DAY_MS })
    fc.assert(
      fc.property(fc.constantFrom('AAPL', 'BTC-USD'), moment, moment, (symbol, one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)]
        expect(intradayBars(market, symbol, '5m', start, end)).toEqual(between(whole[symbol], start, end))
      }),
      { numRuns: 60 },
    )
  })

  it('covers every session of a month and no other time', () => {
    const sessions = tradingCalendar('XNYS').sessions('2024-02-01' as Session, '2024-02-29' as Session)
    const { at } = intradayBars(market, 'JPM', '1h', day('2024-02-01'), day('2024-03-01'))!
    expect([...new Set(Array.from(at, msToSession))]).toEqual(sessions)
    expect(at).toHaveLength(sessions.length * 7)
  })

  it('moves hours of stocks with those of the index, and VIX against them', () => {
    const range = [day('2024-01-02'), day('2024-05-01')] as const
    const hourly = (symbol: string) => returns(intradayBars(market, symbol, '1h', ...range)!.close)
    const index = hourly('^GSPC')
    for (const symbol of ['AAPL', 'JPM', 'CAT']) expect(correlation(hourly(symbol), index)).toBeGreaterThan(0.3)
    expect(correlation(hourly('^VIX'), index)).toBeLessThan(-0.4)
  })

  it('is busier at the ends of a session than at noon', () => {
    const { at, volume } = intradayBars(market, 'AAPL', '1h', day('2024-01-02'), day('2024-03-01'))!
    const open = tradingCalendar(instrumentOf('AAPL').calendar)
    const share = (hour: number) =>
      at.reduce((sum, start, row) => {
        const elapsed = start - open.openAt(msToSession(start))
        return elapsed === hour * INTERVAL_MS['1h'] ? sum + volume[row] : sum
      }, 0)
    expect(share(0)).toBeGreaterThan(1.2 * share(3))
  })

  it('has nothing of a symbol that is not listed', () => {
    expect(intradayBars(market, 'NOPE', '1h', day('2024-01-02'), day('2024-01-03'))).toBeUndefined()
  })
})
