import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contextFrom,
  planWindows,
  WINDOW_ROWS,
  WINDOW_SYMBOLS,
  windowBounds,
  windowDays,
  windowId,
} from '../../../../shared/domain/ingestion/windows.ts'
import { INTERVALS } from '../../../../shared/domain/market/bar.ts'
import { type Instrument, instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { addDays, type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

const nyse = tradingCalendar('XNYS')
const BARS_A_DAY = { '1d': 1, '1h': 24, '5m': 288, '1m': 1440 }

const equities = (n: number) => Array.from({ length: n }, (_, i) => instrumentOf(`E${i}`))
const coins = (n: number) => Array.from({ length: n }, (_, i) => instrumentOf(`C${i}-USD`))

const universes = fc.oneof(
  fc.integer({ min: 1, max: 1500 }).map(equities),
  fc.integer({ min: 1, max: 20 }).map(coins),
  fc
    .tuple(fc.integer({ min: 1, max: 1300 }), fc.integer({ min: 1, max: 10 }), fc.nat())
    .map(([some, others, at]) => equities(some).toSpliced(at % some, 0, ...coins(others))),
)
const ranges = fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 400 })).map(([start, days]) => ({
  from: addDays(session('2001-01-01'), start),
  to: addDays(session('2001-01-01'), start + days),
}))

function namedIn(symbols: readonly string[], instruments: readonly Instrument[]): Instrument[] {
  const names = new Set(symbols)
  return instruments.filter(({ symbol }) => names.has(symbol))
}

/** The days on which anything in the list trades. */
function tradingDays(instruments: readonly Instrument[], from: Session, to: Session): Session[] {
  const everyDay = instruments.some(({ calendar }) => calendar === '24/7')
  return tradingCalendar(everyDay ? '24/7' : 'XNYS').sessions(from, to)
}

describe('planWindows', () => {
  it('asks for every trading day of every symbol exactly once, in order of time', () => {
    fc.assert(
      fc.property(universes, ranges, fc.constantFrom(...INTERVALS), (instruments, { from, to }, interval) => {
        const windows = planWindows(instruments, from, to, interval)
        const bySymbol = new Map<string, Session[]>()
        const groups = new Map(windows.map((window) => [window.symbols[0], window.symbols]))
        for (const window of windows) {
          const [first] = window.symbols
          const group = namedIn(window.symbols, instruments)
          const days = tradingDays(group, window.from, window.to)
          expect([days[0], days.at(-1)]).toEqual([window.from, window.to])
          bySymbol.set(first, [...(bySymbol.get(first) ?? []), ...days])
        }
        for (const [first, days] of bySymbol) {
          expect(days).toEqual(tradingDays(namedIn(groups.get(first) ?? [], instruments), from, to))
        }
        const asked = [...groups.values()].flat()
        // Who is in no window had nothing to trade in: a group of companies over a weekend.
        const idle = instruments.filter(({ symbol }) => !asked.includes(symbol))
        if (idle.length > 0) expect(tradingDays(idle, from, to)).toEqual([])
        expect(asked).toEqual(namedIn(asked, instruments).map(({ symbol }) => symbol))
      }),
      { numRuns: 50 },
    )
  })

  it('keeps a window within the rows and symbols that fit, or to one day where a day does not fit', () => {
    fc.assert(
      fc.property(universes, ranges, fc.constantFrom(...INTERVALS), (instruments, { from, to }, interval) => {
        for (const window of planWindows(instruments, from, to, interval)) {
          const group = namedIn(window.symbols, instruments)
          const days = tradingDays(group, window.from, window.to).length
          expect(window.symbols.length).toBeLessThanOrEqual(WINDOW_SYMBOLS)
          if (days > 1) expect(days * window.symbols.length * BARS_A_DAY[interval]).toBeLessThanOrEqual(WINDOW_ROWS)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is the same for the same arguments, and its names are in order of text', () => {
    const plan = () => planWindows(equities(505), session('2016-01-01'), session('2020-12-31'), '1m')
    const names = plan().map(({ id }) => id)
    expect(plan()).toEqual(plan())
    expect(names.length).toBeGreaterThan(1000)
    expect(names.toSorted()).toEqual(names)
    expect(['w00001', windowId(9_999), windowId(10_000)]).toEqual([windowId(0), 'w10000', 'w10001'])
  })

  it('takes one session of a small universe as one window', () => {
    expect(planWindows(equities(3), session('2024-03-07'), session('2024-03-07'), '1d')).toEqual([
      { id: 'w00001', from: '2024-03-07', to: '2024-03-07', symbols: ['E0', 'E1', 'E2'] },
    ])
  })

  it('has no window where nothing trades, unless a coin is among the symbols', () => {
    const weekend = [session('2024-03-09'), session('2024-03-10')] as const
    expect(planWindows(equities(3), ...weekend, '1d')).toEqual([])
    expect(planWindows([], session('2024-03-07'), session('2024-03-08'), '1d')).toEqual([])
    expect(planWindows([...equities(1), ...coins(1)], ...weekend, '1d')).toMatchObject([
      { from: '2024-03-09', to: '2024-03-10', symbols: ['E0', 'C0-USD'] },
    ])
  })

  it('makes windows of about equal length rather than a small rest', () => {
    const windows = planWindows(equities(505), session('2015-01-02'), session('2019-12-31'), '1d')
    const lengths = windows.map(({ from, to }) => nyse.count(from, to))
    expect(lengths.reduce((sum, days) => sum + days)).toBe(nyse.count(session('2015-01-02'), session('2019-12-31')))
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
  })
})

describe('contextFrom', () => {
  it.each([
    ['1d', 61, 61],
    ['1h', 61, 9],
    ['5m', 61, 1],
    ['1m', 61, 1],
    ['1m', 391, 2],
  ] as const)('goes back the sessions that hold the rows (%s, %i rows: %i sessions)', (interval, rows, sessions) => {
    const from = session('2024-07-05')
    const start = contextFrom(from, rows, interval)
    expect(nyse.count(start, addDays(from, -1))).toBe(sessions)
    expect(nyse.isSession(start)).toBe(true)
  })

  it('is always before the window, on a Sunday too', () => {
    expect(contextFrom(session('2024-03-10'), 1, '1d')).toBe('2024-03-07')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_500 }), fc.integer({ min: 1, max: 100 }), (day, rows) => {
        const from = addDays(session('1999-12-20'), day)
        expect(contextFrom(from, rows, '1d') < from).toBe(true)
      }),
    )
  })

  it.each(['1990-06-01', '2000-01-01', '2000-01-03', '2000-01-20'])('ends where the calendar begins (%s)', (from) => {
    const start = contextFrom(session(from), 61, '1d')
    expect(start < from).toBe(true)
    expect(start >= '1990-05-31').toBe(true)
  })
})

describe('windowBounds and windowDays', () => {
  it('take dates as whole days, the last included', () => {
    const window = { interval: '5m', from: '2024-03-07', to: '2024-03-08' } as const
    expect(windowBounds(window)).toEqual({
      interval: '5m',
      wholeDays: true,
      from: Date.parse('2024-03-07T00:00:00Z'),
      to: Date.parse('2024-03-09T00:00:00Z'),
    })
    expect(windowDays(window)).toEqual({ from: '2024-03-07', to: '2024-03-08' })
  })

  it('hold every bar of their sessions and none of the neighbours', () => {
    for (const date of nyse.sessions(session('2024-03-01'), session('2024-12-31'))) {
      const { from, to } = windowBounds({ interval: '1m', from: date, to: date })
      expect(nyse.openAt(date)).toBeGreaterThanOrEqual(from)
      expect(nyse.closeAt(date)).toBeLessThanOrEqual(to)
      expect(sessionToMs(date)).toBe(from)
    }
  })

  it('take instants as they are, the end excluded', () => {
    const window = { interval: '5m', from: '2024-03-07T20:00:00.000Z', to: '2024-03-08T00:00:00.000Z' } as const
    expect(windowBounds(window)).toMatchObject({
      wholeDays: false,
      from: Date.parse('2024-03-07T20:00:00Z'),
      to: Date.parse('2024-03-08T00:00:00Z'),
    })
    expect(windowDays(window)).toEqual({ from: '2024-03-07', to: '2024-03-07' })
  })

  it('refuse what is neither', () => {
    expect(() => windowBounds({ interval: '5m', from: 'soon', to: '2024-03-08' })).toThrow(/is not a time/)
  })
})
