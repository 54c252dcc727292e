import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWorthPolling, planPoll } from '../../../../shared/domain/ingestion/plan-poll.ts'
import { WINDOW_ROWS } from '../../../../shared/domain/ingestion/windows.ts'
import { INTERVAL_MS } from '../../../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { instant, session } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

const STOCK = instrumentOf('ACME')
const COIN = instrumentOf('BTC-USD')
const nyse = tradingCalendar('XNYS')
const MINUTE_MS = 60_000

type Intraday = '1m' | '5m' | '1h'

const slotAt = (from: string, to = from) => ({ from, to })
const symbolsAt = (interval: Intraday, minute: string, instruments = [STOCK]) =>
  planPoll(instruments, interval, slotAt(minute)).flatMap(({ symbols }) => symbols)

/** Starts of the stock's bars that a poll asks for, as `HH:MM`: bars count from the session's open. */
function asked(interval: Intraday, from: string, to = from): string[] {
  const length = INTERVAL_MS[interval]
  return planPoll([STOCK], interval, slotAt(from, to)).flatMap(({ window }) => {
    const starts: string[] = []
    for (const date of nyse.sessions(session(window.from.slice(0, 10)), session(window.to.slice(0, 10)))) {
      for (let at: number = nyse.openAt(date); at < nyse.closeAt(date); at += length) {
        const start = new Date(at).toISOString()
        if (start >= window.from && start < window.to) starts.push(start.slice(11, 16))
      }
    }
    return starts
  })
}

describe('planPoll', () => {
  it('asks for the bar that has just ended and three before it', () => {
    expect(asked('5m', '2024-07-02T14:35Z')).toEqual(['14:15', '14:20', '14:25', '14:30'])
    expect(asked('1m', '2024-07-02T14:35Z')).toEqual(['14:31', '14:32', '14:33', '14:34'])
  })

  it('asks for whole hourly bars, which begin at half past on the exchange', () => {
    expect(asked('1h', '2024-07-02T18:05Z')).toEqual(['13:30', '14:30', '15:30', '16:30'])
    expect(asked('1h', '2024-07-02T15:05Z')).toEqual(['13:30'])
    expect(asked('1h', '2024-07-02T14:05Z')).toEqual([])
  })

  it('never asks for a bar that has not ended, and misses none between one poll and the next', () => {
    const every = { '1m': 1, '5m': 5, '1h': 60 }
    fc.assert(
      fc.property(fc.constantFrom('1m', '5m', '1h'), fc.integer({ min: 0, max: 200_000 }), (interval: Intraday, n) => {
        const tick = Date.parse(interval === '1h' ? '2023-01-02T00:05Z' : '2023-01-02T00:00Z')
        const at = (k: number) => tick + k * every[interval] * MINUTE_MS
        const [poll] = planPoll([COIN], interval, slotAt(new Date(at(n)).toISOString()))
        const [next] = planPoll([COIN], interval, slotAt(new Date(at(n + 1)).toISOString()))
        // The last minute before the window's end is the latest start it asks for.
        expect(Date.parse(poll.window.to) - MINUTE_MS + INTERVAL_MS[interval]).toBeLessThanOrEqual(at(n))
        expect(Date.parse(next.window.from)).toBeLessThanOrEqual(Date.parse(poll.window.to))
        expect(Date.parse(next.window.to) - Date.parse(poll.window.to)).toBe(INTERVAL_MS[interval])
      }),
    )
  })

  it.each([
    ['before the first bar has ended', '2024-07-02T13:34Z', []],
    ['when the first bar has ended', '2024-07-02T13:35Z', ['ACME']],
    ['when the last bar has ended', '2024-07-02T20:00Z', ['ACME']],
    ['a quarter of an hour after the close, for what came late', '2024-07-02T20:15Z', ['ACME']],
    ['when nothing of the session is asked for any more', '2024-07-02T20:20Z', []],
    ['in winter an hour later: the first bar', '2024-12-02T14:35Z', ['ACME']],
    ['in winter an hour later: too early', '2024-12-02T13:35Z', []],
    ['after the close of a half day', '2024-07-03T17:15Z', ['ACME']],
    ['in the afternoon of a half day', '2024-07-03T17:20Z', []],
    ['on a holiday', '2024-07-04T15:00Z', []],
    ['on a Saturday', '2024-07-06T15:00Z', []],
    ['on the Friday before the clocks change', '2024-03-08T14:35Z', ['ACME']],
    ['on the Monday after the clocks changed, an hour earlier', '2024-03-11T13:35Z', ['ACME']],
  ])('asks for a stock %s (%s)', (_, minute, symbols) => {
    expect(symbolsAt('5m', minute)).toEqual(symbols)
  })

  it('asks for coins at any time, and for stocks beside them only when they trade', () => {
    expect(symbolsAt('5m', '2024-07-06T15:00Z', [STOCK, COIN])).toEqual(['BTC-USD'])
    expect(symbolsAt('5m', '2024-07-02T15:00Z', [STOCK, COIN])).toEqual(['ACME', 'BTC-USD'])
    expect(planPoll([COIN], '5m', slotAt('2024-07-06T00:00Z'))[0].window).toEqual({
      id: 'w00001',
      interval: '5m',
      from: '2024-07-05T23:36:00.000Z',
      to: '2024-07-05T23:56:00.000Z',
    })
  })

  it('catches up a range: the bars of every poll in it, each once', () => {
    const range = asked('5m', '2024-07-02T13:35Z', '2024-07-02T20:00Z')
    expect(range).toHaveLength(78)
    expect(new Set(range).size).toBe(78)
    expect(asked('5m', '2024-07-02T22:00Z', '2024-07-03T08:00Z')).toEqual([])
    expect(asked('1h', '2024-07-05T12:05Z', '2024-07-08T12:05Z')).toEqual([
      '13:30',
      '14:30',
      '15:30',
      '16:30',
      '17:30',
      '18:30',
      '19:30',
    ])
  })

  it('cuts a long outage into windows that fit, without a seam', () => {
    const many = Array.from({ length: 100 }, (_, i) => instrumentOf(`C${i}-USD`))
    const polls = planPoll(many, '1m', slotAt('2024-07-02T00:00Z', '2024-07-08T00:00Z'))
    expect(polls.length).toBeGreaterThan(1)
    expect(polls.map(({ window }) => window.id).toSorted()).toEqual(polls.map(({ window }) => window.id))
    for (const [i, { window, symbols }] of polls.entries()) {
      const bars = (Date.parse(window.to) - Date.parse(window.from)) / MINUTE_MS
      expect(bars * symbols.length).toBeLessThanOrEqual(WINDOW_ROWS)
      if (i > 0) expect(window.from).toBe(polls[i - 1].window.to)
    }
    expect([polls[0].window.from, polls.at(-1)?.window.to]).toEqual([
      '2024-07-01T23:56:00.000Z',
      '2024-07-08T00:00:00.000Z',
    ])
  })

  it('has nothing to ask for without a slot', () => {
    expect(planPoll([STOCK, COIN], '5m', undefined)).toEqual([])
  })
})

describe('isWorthPolling', () => {
  const worth = (symbols: readonly string[], now: string) =>
    isWorthPolling(symbols.map(instrumentOf), instant(Date.parse(now)))

  it.each([
    ['before the open', '2024-07-02T13:29:59Z', false],
    ['at the open', '2024-07-02T13:30:00Z', true],
    ['a quarter of an hour after the close', '2024-07-02T20:14:59Z', true],
    ['later', '2024-07-02T20:15:00Z', false],
    ['in the afternoon of a half day', '2024-07-03T19:00:00Z', false],
    ['on a holiday', '2024-07-04T15:00:00Z', false],
    ['over a weekend', '2024-07-06T15:00:00Z', false],
  ])('asks of the exchange %s: %s, %s', (_when, now, expected) => {
    expect(worth(['AAPL', '^GSPC'], now)).toBe(expected)
  })

  it('always asks where a coin is among the instruments', () => {
    expect(worth(['AAPL', 'BTC-USD'], '2024-07-06T03:00:00Z')).toBe(true)
  })
})
