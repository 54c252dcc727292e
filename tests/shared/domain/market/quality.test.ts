import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BarSeries, concatBars, sliceBars, takeBars } from '../../../../shared/domain/market/bar.ts'
import { checkBars, QUALITY_CONTEXT_ROWS, type QualityOptions } from '../../../../shared/domain/market/quality.ts'
import { rulesOf } from '../../../../shared/domain/market/quality-rules.ts'
import { qualityVerdict } from '../../../../shared/domain/market/quality-verdict.ts'
import { addDays, instant, msToSession, type Session, session } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { dailyCloses, type Row, seriesOf } from './series.ts'

const nyse = tradingCalendar('XNYS')
const always = tradingCalendar('24/7')
const at = (text: string) => instant(Date.parse(text))

/** Findings as `date rule`. */
function found(series: BarSeries, options?: QualityOptions): string[] {
  return checkBars(series, options).findings.map((finding) => `${msToSession(finding.at)} ${finding.rule}`)
}

/** Closes around 100 that never repeat and never move by more than a percent. */
const calm = (n: number) => Array.from({ length: n }, (_, i) => 100 + 0.5 * Math.sin(i))

/** A calm week in which the third row is replaced. */
const withThird = (row: Partial<Row>) =>
  seriesOf(dailyCloses(calm(5)).map((plain, i) => (i === 2 ? { ...plain, high: 102, low: 99, ...row } : plain)))

describe('a bar', () => {
  it('without a fault is kept', () => {
    const result = checkBars(seriesOf(dailyCloses(calm(5))))
    expect(result.findings).toEqual([])
    expect([...result.kept]).toEqual([0, 1, 2, 3, 4])
    expect(result).toMatchObject({ expected: 5, good: 5, quarantined: 0, warnings: 0, score: 1, verdict: 'PASS' })
  })

  it.each<[string, Partial<Row>, string[]]>([
    ['no open', { open: Number.NaN }, ['missing_value']],
    ['no close', { close: Number.NaN }, ['missing_value']],
    ['no volume', { volume: Number.NaN }, ['missing_value']],
    ['an infinite high', { high: Infinity }, ['missing_value']],
    ['a low of 0', { low: 0 }, ['non_positive_price']],
    ['a negative open', { open: -1 }, ['non_positive_price', 'ohlc_inconsistent']],
    ['a high below the close', { high: 99.5, low: 99 }, ['ohlc_inconsistent']],
    ['a high below the open', { open: 103 }, ['ohlc_inconsistent']],
    ['a low above the open', { open: 98 }, ['ohlc_inconsistent']],
    ['a low above the close', { open: 101.9, low: 101.5 }, ['ohlc_inconsistent']],
    ['a high below the low', { open: 99.5, close: 99.5, high: 99.5, low: 99.6 }, ['ohlc_inconsistent']],
    ['no open and a high below the close', { open: Number.NaN, high: 99.5 }, ['missing_value', 'ohlc_inconsistent']],
    ['negative volume', { volume: -1 }, ['negative_volume']],
    ['a bid above the ask', { bid: 100.1, ask: 100 }, ['spread']],
    ['a spread above 1000 bps', { bid: 95, ask: 105.1 }, ['spread']],
  ])('with %s is quarantined', (_, row, rules) => {
    const result = checkBars(withThird(row))
    expect(result.findings.map(({ rule }) => rule)).toEqual(rules)
    expect(rulesOf(result.reasons[2])).toEqual(rules)
    expect(result.findings.every(({ severity, position }) => severity === 'error' && position === 2)).toBe(true)
    expect([...result.kept]).toEqual([0, 1, 3, 4])
  })

  it.each<[string, Partial<Row>]>([
    ['volume of 0', { volume: 0 }],
    ['a spread of 1000 bps', { bid: 95, ask: 105 }],
    ['no quote', { bid: Number.NaN, ask: Number.NaN }],
    ['one side of a quote', { bid: 1 }],
    ['one price for all', { open: 100, high: 100, low: 100, close: 100 }],
  ])('with %s is kept', (_, row) => {
    expect(found(withThird(row))).toEqual([])
  })

  it('that comes again is a duplicate, and the first stays even when it is bad', () => {
    const rows = dailyCloses(calm(4))
    expect(found(seriesOf([rows[0], rows[1], rows[1], rows[1], rows[2]]))).toEqual([
      '2024-01-02 duplicate',
      '2024-01-02 duplicate',
    ])
    const bad = seriesOf([rows[0], { ...rows[1], volume: -1 }, rows[1], rows[2]])
    const result = checkBars(bad)
    expect(result.findings.map(({ rule, position }) => [rule, position])).toEqual([
      ['negative_volume', 1],
      ['duplicate', 2],
    ])
    expect(result).toMatchObject({ expected: 3, good: 2 })
  })

  it('is judged in its place in time, wherever it stands', () => {
    const rows = dailyCloses([...calm(3), 180])
    const series = seriesOf([rows[3], rows[1], rows[0], rows[2], rows[1]])
    const result = checkBars(series)
    expect(result.findings.map(({ rule, position }) => [rule, position])).toEqual([
      ['duplicate', 4],
      ['jump', 0],
    ])
    expect([...result.kept]).toEqual([2, 1, 3])
    expect(takeBars(series, result.kept).at).toEqual(seriesOf(rows.slice(0, 3)).at)
  })
})

describe('a jump', () => {
  it.each([
    [[100, 130], []],
    [[100, 130.01], ['2024-01-02 jump']],
    [[100, 70], []],
    [[100, 69.99], ['2024-01-02 jump']],
    [[1000, 100, 1000], ['2024-01-02 jump']],
    [[100, 150, 101, 99], ['2024-01-02 jump']],
    [
      [100, 150, 151, 152],
      ['2024-01-02 jump', '2024-01-03 jump', '2024-01-04 jump'],
    ],
    [[300, 100], ['2024-01-02 jump']],
  ])('is more than 30 %% from the last good close: %j', (closes, expected) => {
    expect(found(seriesOf(dailyCloses(closes)))).toEqual(expected)
  })

  it('is excused by an action of its own day only', () => {
    const series = seriesOf(dailyCloses([100, 50, 51]))
    const on = (date: string) => found(series, { actions: [session(date)] })
    expect(on('2024-01-02')).toEqual([])
    expect(on('2024-01-01')).toEqual(['2024-01-02 jump', '2024-01-03 jump'])
    // The third day's action excuses the third bar; the second has none.
    expect(on('2024-01-03')).toEqual(['2024-01-02 jump'])
  })

  it('is measured from no quarantined close', () => {
    const rows = dailyCloses([100, 150, 120])
    rows[1] = { ...rows[1], volume: -1 }
    expect(found(seriesOf(rows))).toEqual(['2024-01-02 negative_volume', '2024-01-02 jump'])
  })

  it('can be excused by an action since the last good close, for whoever asks for that', () => {
    const rows: Row[] = dailyCloses([100, 51, 52, 53])
    rows[1] = { ...rows[1], volume: Number.NaN }
    const options = { actions: [session('2024-01-02')] }
    expect(found(seriesOf(rows), options)).toEqual(['2024-01-02 missing_value', '2024-01-03 jump', '2024-01-04 jump'])
    expect(found(seriesOf(rows), { ...options, actionReach: 'since-last-good' })).toEqual(['2024-01-02 missing_value'])
  })

  it('that lasts is a new level, for whoever asks for that', () => {
    const closes = [100, 150, 152, 151, 153]
    expect(found(seriesOf(dailyCloses(closes)), { acceptLevelAfter: 3 })).toEqual([
      '2024-01-02 jump',
      '2024-01-03 jump',
    ])
    // Jumps that do not agree start over, and so does one bar at the old level.
    const wild = seriesOf(dailyCloses([100, 150, 300, 301, 100, 150, 151]))
    expect(checkBars(wild, { acceptLevelAfter: 3 }).good).toBe(2)
  })
})

describe('a z-score', () => {
  /** Calm bars and then one return of this size. */
  const spiked = (before: number, move: number) => {
    const closes = calm(before)
    return seriesOf(dailyCloses([...closes, closes[before - 1] * (1 + move)]))
  }

  it('warns of a return beyond three deviations of those before, and does not quarantine', () => {
    const result = checkBars(spiked(40, 0.1))
    expect(result.findings).toMatchObject([{ rule: 'zscore', severity: 'warning', position: 40 }])
    expect(result).toMatchObject({ good: 41, warnings: 1, verdict: 'PASS' })
    expect(found(spiked(40, 0.005))).toEqual([])
  })

  it('needs twenty returns before it', () => {
    expect(found(spiked(20, 0.1))).toEqual([])
    expect(found(spiked(21, 0.1))).toEqual(['2024-01-22 zscore'])
  })

  it('never uses the future', () => {
    const short = found(spiked(40, 0.1))
    const longer = concatBars([spiked(40, 0.1), seriesOf(dailyCloses(calm(300), '2025-01-01'))])
    expect(found(longer).slice(0, short.length)).toEqual(short)
  })

  it('passes over returns across an action', () => {
    expect(found(spiked(40, 0.1), { actions: [session('2024-02-10')] })).toEqual([])
  })

  it('is not raised by rounding noise of a steady series, but by its first real move', () => {
    const steady = Array.from({ length: 50 }, (_, i) => 100 * 1.001 ** i)
    expect(found(seriesOf(dailyCloses(steady)))).toEqual([])
    expect(found(seriesOf(dailyCloses([...steady, 115])))).toEqual(['2024-02-20 zscore'])
  })
})

describe('bars that stand still', () => {
  const same = { open: 100, high: 101, low: 99, close: 100 }
  const still = (n: number) =>
    seriesOf(dailyCloses([...Array(n).fill(100), 103]).map((row, i) => (i < n ? { ...row, ...same } : row)))

  it('are unchanged from the fifth on', () => {
    expect(found(still(4))).toEqual([])
    expect(found(still(5))).toEqual(['2024-01-05 unchanged'])
    expect(found(still(7))).toEqual(['2024-01-05 unchanged', '2024-01-06 unchanged', '2024-01-07 unchanged'])
    expect(checkBars(still(5))).toMatchObject({ good: 6, score: 1, verdict: 'WARN' })
  })

  it('start over when one price differs', () => {
    const rows = dailyCloses(Array(8).fill(100)).map((row) => ({ ...row, ...same }))
    rows[4] = { ...rows[4], high: 101.5 }
    expect(found(seriesOf(rows))).toEqual([])
  })

  it('are no news within a day', () => {
    const minute = {
      ...still(7),
      at: Float64Array.from({ length: 8 }, (_, i) => at('2024-01-02T15:00:00Z') + i * 60_000),
    }
    expect(found(minute, { interval: '1m' })).toEqual([])
  })
})

describe('with a calendar', () => {
  const sessions = nyse.sessions('2024-01-02' as Session, '2024-01-31' as Session)
  const rows = sessions.map((date, i): Row => ({ date, close: calm(30)[i] }))
  const without = (...dates: string[]) => seriesOf(rows.filter(({ date }) => !dates.includes(date)))

  it('no session is missing from a whole month', () => {
    expect(checkBars(seriesOf(rows), { calendar: nyse })).toMatchObject({ expected: 21, good: 21, findings: [] })
  })

  it('each missing session between two bars is a gap', () => {
    const result = checkBars(without('2024-01-10', '2024-01-12', '2024-01-16'), { calendar: nyse })
    expect(result.findings.map(({ at, detail }) => `${msToSession(at)}: ${detail}`)).toEqual([
      '2024-01-10: no bar for this session',
      '2024-01-12: no bar for this session, 1 of 2 in a row',
      '2024-01-16: no bar for this session, 2 of 2 in a row',
    ])
    expect(result).toMatchObject({ expected: 21, good: 18, warnings: 3, verdict: 'FAIL' })
    expect(found(without('2024-01-10'))).toEqual([])
  })

  it('sessions before the first and after the last bar are missing only when they were asked for', () => {
    const range = { from: '2024-01-01' as Session, to: '2024-01-31' as Session }
    const series = without('2024-01-02', '2024-01-31')
    expect(found(series, { calendar: nyse })).toEqual([])
    expect(found(series, { calendar: nyse, range })).toEqual(['2024-01-02 gap', '2024-01-31 gap'])
    expect(checkBars(seriesOf([]), { calendar: nyse, range })).toMatchObject({
      expected: 21,
      good: 0,
      score: 0,
      verdict: 'FAIL',
    })
  })

  it('a quarantined bar is no gap, and a bar off the calendar is expected once it is there', () => {
    const bad = rows.map((row) => (row.date === '2024-01-10' ? { ...row, volume: -1 } : row))
    expect(found(seriesOf(bad), { calendar: nyse })).toEqual(['2024-01-10 negative_volume'])
    const saturday = rows.flatMap((row) => (row.date === '2024-01-12' ? [row, { ...row, date: '2024-01-13' }] : [row]))
    expect(checkBars(seriesOf(saturday), { calendar: nyse })).toMatchObject({ expected: 22, good: 22, findings: [] })
  })

  it('days the calendar does not know are not judged', () => {
    const series = seriesOf([
      { date: '1999-11-01', close: 100 },
      { date: '2000-01-05', close: 101 },
    ])
    expect(found(series, { calendar: nyse })).toEqual(['2000-01-03 gap', '2000-01-04 gap'])
  })

  it('a session without intraday bars lacks all of them', () => {
    const hours = (date: string) => Array.from({ length: 7 }, (_, i) => at(`${date}T14:30:00Z`) + i * 3_600_000)
    const times = [...hours('2024-01-02'), ...hours('2024-01-04')]
    const series = { ...seriesOf(dailyCloses(calm(14))), at: Float64Array.from(times) }
    const result = checkBars(series, { calendar: nyse, interval: '1h' })
    expect(result.findings.map(({ rule }) => rule)).toEqual(['gap'])
    expect(result.expected).toBe(21)
  })
})

describe('against the clock', () => {
  const series = seriesOf(dailyCloses(calm(5)))

  it.each<[string, string[]]>([
    ['2024-01-05T00:00:00Z', []],
    ['2024-01-05T23:59:59Z', []],
    ['2024-01-04T23:59:59Z', ['2024-01-05 future']],
    ['2024-01-03T12:00:00Z', ['2024-01-04 future', '2024-01-05 future']],
    ['2024-01-06T23:59:59Z', []],
    ['2024-01-07T00:00:00Z', ['2024-01-05 stale']],
  ])('at %s, every day being a session', (now, expected) => {
    expect(found(series, { now: at(now) })).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['2024-01-08T20:59:59Z', []],
    ['2024-01-08T21:00:00Z', ['2024-01-05 stale']],
  ])('at %s, by the exchange', (now, expected) => {
    const week = seriesOf(dailyCloses(calm(4), '2024-01-02'))
    expect(found(week, { now: at(now), calendar: nyse })).toEqual(expected)
  })

  it('warnings spoil the verdict, not the score', () => {
    const late = checkBars(series, { now: at('2024-02-01T00:00:00Z') })
    expect(late).toMatchObject({ score: 1, verdict: 'WARN', warnings: 1, quarantined: 0 })
  })

  it('an intraday bar that begins after now is future', () => {
    const minutes = Float64Array.from({ length: 5 }, (_, i) => at('2024-01-02T15:00:00Z') + i * 60_000)
    const result = checkBars(
      { ...series, at: minutes },
      { interval: '1m', now: at('2024-01-02T15:03:00Z'), calendar: always },
    )
    expect(result.findings.map(({ rule, position }) => [rule, position])).toEqual([['future', 4]])
  })
})

describe('the verdict', () => {
  const part = (expected: number, good: number) => ({ expected, good, findings: [] })

  it.each([
    [1000, 1000, 'PASS'],
    [1000, 990, 'PASS'],
    [1000, 989, 'WARN'],
    [1000, 900, 'WARN'],
    [1000, 899, 'FAIL'],
    [0, 0, 'PASS'],
  ])('of %i expected and %i good bars', (expected, good, verdict) => {
    expect(qualityVerdict([part(expected, good)]).verdict).toBe(verdict)
  })

  it('of several symbols is over all their bars', () => {
    expect(qualityVerdict([part(90, 90), part(10, 5)])).toEqual({ score: 0.95, verdict: 'WARN' })
    expect(qualityVerdict([])).toEqual({ score: 1, verdict: 'PASS' })
  })
})

// Laws over dirty series: rows in any order, repeated, with holes, faults and jumps.

const dirtyRows = fc.array(
  fc.record({
    day: fc.integer({ min: 0, max: 120 }),
    close: fc.constantFrom(100, 101, 99.5, 102, 140, 60, 0, -3, Number.NaN),
    volume: fc.constantFrom(1000, 0, -1, Number.NaN),
  }),
  { maxLength: 80 },
)

function dirtySeries(rows: readonly { day: number; close: number; volume: number }[]): BarSeries {
  return seriesOf(rows.map(({ day, ...row }) => ({ ...row, date: addDays('2024-01-01' as Session, day) })))
}

describe('laws of quality', () => {
  it('kept bars are ascending, unique and without an error, and every bar is kept or quarantined', () => {
    fc.assert(
      fc.property(dirtyRows, (rows) => {
        const series = dirtySeries(rows)
        const result = checkBars(series, { calendar: nyse })
        expect(result.good).toBe(result.kept.length)
        expect(result.good + result.quarantined).toBe(rows.length)
        const times = [...takeBars(series, result.kept).at]
        expect(times.every((time, i) => i === 0 || time > times[i - 1])).toBe(true)
        const errors = new Set(
          result.findings.filter(({ severity }) => severity === 'error').map(({ position }) => position),
        )
        expect([...result.kept].filter((row) => errors.has(row))).toEqual([])
        expect(errors.size).toBe(result.quarantined)
        expect(result.score).toBeGreaterThanOrEqual(0)
        expect(result.score).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('kept bars find nothing to quarantine when checked again', () => {
    fc.assert(
      fc.property(dirtyRows, (rows) => {
        const series = dirtySeries(rows)
        const kept = takeBars(series, checkBars(series).kept)
        expect(checkBars(kept).quarantined).toBe(0)
      }),
    )
  })

  it('a batch after its context is judged as within the whole history', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 1000 }), (tail, seed) => {
        const closes = Array.from(
          { length: 200 },
          (_, i) => 100 + 3 * Math.sin(i * (1 + seed / 97)) + (i % 37 === 0 ? 9 : 0),
        )
        const whole = seriesOf(dailyCloses(closes))
        const start = 200 - tail
        const batch = sliceBars(whole, start - QUALITY_CONTEXT_ROWS, 200)
        const judged = checkBars(batch, { context: QUALITY_CONTEXT_ROWS, calendar: always })
        const expected = checkBars(whole, { calendar: always }).findings.filter(
          ({ position = -1 }) => position >= start,
        )
        expect(judged.findings.map(({ at, rule, detail }) => ({ at, rule, detail }))).toEqual(
          expected.map(({ at, rule, detail }) => ({ at, rule, detail })),
        )
        expect(judged).toMatchObject({ expected: tail, good: tail })
      }),
    )
  })
})
