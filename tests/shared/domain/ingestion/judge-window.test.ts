import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeAbsent, judgeWindowSeries } from '../../../../shared/domain/ingestion/judge-window.ts'
import { windowBounds } from '../../../../shared/domain/ingestion/windows.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { checkBars, QUALITY_CONTEXT_ROWS } from '../../../../shared/domain/market/quality.ts'
import { msToSession, type Session, session } from '../../../../shared/domain/market/session.ts'
import { calmBars, type MadeBar, madeSeries, nyseSessions, withBars } from './made-bars.ts'

const STOCK = instrumentOf('ACME')
const days = (from: string, to: string) => windowBounds({ interval: '1d', from, to })

/** Judges the bars of ACME from one session to another; earlier bars are history. */
function judged(bars: readonly MadeBar[], from: string, to: string, actions: readonly string[] = []) {
  const result = judgeWindowSeries(
    { instrument: STOCK, series: madeSeries('ACME', bars) },
    actions.map(session),
    days(from, to),
  )
  return {
    ...result.judgement,
    kept: [...(result.kept?.at ?? [])].map(msToSession),
    rejected: result.quarantined.map(({ series, row, ordinal, reasons }) => ({
      date: msToSession(series.at[row]),
      ordinal,
      reasons,
    })),
  }
}

/** A calm first half of 2024: history to the end of March, then the window. */
const ALL = nyseSessions('2024-01-02', '2024-06-28')
const WINDOW = nyseSessions('2024-04-01', '2024-06-28')
const CALM = calmBars(ALL)
const judgedSpring = (bars: readonly MadeBar[], actions?: readonly string[]) =>
  judged(bars, '2024-04-01', '2024-06-28', actions)

describe('judgeWindowSeries', () => {
  it('keeps every bar of a calm window, and none of its history', () => {
    expect(judgedSpring(CALM)).toMatchObject({
      symbol: 'ACME',
      verdict: 'PASS',
      expected: WINDOW.length,
      good: WINDOW.length,
      quarantined: 0,
      warnings: 0,
      absent: false,
      kept: WINDOW,
      rejected: [],
    })
  })

  it('does not compare with a bad tick in the history', () => {
    // Ten times too high on the eve: the first bar of the window would be a fall of 90 %.
    const result = judgedSpring(withBars(CALM, { '2024-03-28': { close: 1000 } }))
    expect(result).toMatchObject({ verdict: 'PASS', good: WINDOW.length, rejected: [] })
  })

  it('does not take a bad tick for the level where the history begins with it', () => {
    const result = judgedSpring(withBars(CALM, { '2024-01-02': { close: 1000 } }))
    expect(result).toMatchObject({ verdict: 'PASS', good: WINDOW.length, rejected: [] })
  })

  it('still sees a bad bar in the window where the history begins with a bad tick', () => {
    const spoilt = { '2024-01-02': { close: 1000 }, '2024-05-15': { close: 1000 } }
    expect(judgedSpring(withBars(CALM, spoilt))).toMatchObject({
      verdict: 'WARN',
      rejected: [{ date: '2024-05-15', reasons: ['jump'] }],
    })
  })

  it('quarantines a bad tick and keeps the bar that recovers from it', () => {
    const result = judgedSpring(withBars(CALM, { '2024-05-15': { close: 180 } }))
    expect(result).toMatchObject({
      verdict: 'WARN',
      good: WINDOW.length - 1,
      quarantined: 1,
      rejected: [{ date: '2024-05-15', ordinal: 0, reasons: ['jump'] }],
    })
    expect(result.kept).toEqual(WINDOW.filter((date) => date !== '2024-05-15'))
    expect(result.reason).toMatch(/^score 0\.98\d; jump 2024-05-15: /)
  })

  describe('of a split on 15 May, four new shares for one', () => {
    const split = CALM.map((bar) => (bar.date < '2024-05-15' ? bar : { ...bar, close: bar.close / 4 }))

    it('keeps all with its action', () => {
      expect(judgedSpring(split, ['2024-05-15'])).toMatchObject({ verdict: 'PASS', kept: WINDOW })
    })

    it('loses the first two sessions without it, then takes the new level for true', () => {
      const result = judgedSpring(split)
      expect(result).toMatchObject({ verdict: 'WARN', good: WINDOW.length - 2 })
      expect(result.rejected.map(({ date }) => date)).toEqual(['2024-05-15', '2024-05-16'])
      expect(result.reason).toContain('jump 2024-05-15')
    })

    it('fails and leaves the symbol out without it where the window is but those sessions', () => {
      expect(
        judged(
          split.slice(
            0,
            split.findIndex(({ date }) => date > '2024-05-15'),
          ),
          '2024-05-15',
          '2024-05-15',
        ),
      ).toMatchObject({
        verdict: 'FAIL',
        kept: [],
        rejected: [{ date: '2024-05-15', reasons: ['jump'] }],
      })
    })

    it('loses a bad bar on the ex-date and nothing after it', () => {
      const result = judgedSpring(withBars(split, { '2024-05-15': { close: Number.NaN } }), ['2024-05-15'])
      expect(result).toMatchObject({
        verdict: 'WARN',
        good: WINDOW.length - 1,
        rejected: [{ date: '2024-05-15', reasons: ['missing_value'] }],
      })
    })

    it('is judged in a window that begins on the ex-date as in any other', () => {
      expect(judged(split, '2024-05-15', '2024-06-28', ['2024-05-15'])).toMatchObject({ verdict: 'PASS', rejected: [] })
    })
  })

  describe('counts as expected', () => {
    it('nothing before the first bar of a symbol without history: it was not listed', () => {
      const late = CALM.filter(({ date }) => date >= '2024-05-15')
      const result = judgedSpring(late)
      expect(result).toMatchObject({ verdict: 'PASS', expected: late.length, good: late.length })
    })

    it('the sessions at the head that a symbol with history lacks', () => {
      const result = judgedSpring(CALM.filter(({ date }) => date < '2024-04-01' || date > '2024-04-04'))
      expect(result).toMatchObject({ verdict: 'WARN', expected: WINDOW.length, good: WINDOW.length - 4, warnings: 4 })
      expect(result.reason).toContain('gap 2024-04-01')
    })

    it('the sessions at the tail that did not come', () => {
      const result = judgedSpring(CALM.filter(({ date }) => date <= '2024-06-26'))
      expect(result).toMatchObject({ verdict: 'WARN', expected: WINDOW.length, good: WINDOW.length - 2, warnings: 2 })
      expect(result.reason).toContain('gap 2024-06-27')
    })

    it('everything when nothing came, and says so', () => {
      const result = judgedSpring(CALM.filter(({ date }) => date < '2024-04-01'))
      expect(result).toMatchObject({
        verdict: 'FAIL',
        absent: true,
        expected: WINDOW.length,
        good: 0,
        reason: 'no bars came',
      })
      expect(result.kept).toEqual([])
    })

    it('a bar on a day without trading once it is there, so that the score cannot exceed 1', () => {
      const result = judgedSpring([...CALM, { date: '2024-06-08', close: 100.2 }].toSorted(byDate))
      expect(result).toMatchObject({ verdict: 'PASS', expected: WINDOW.length + 1, good: WINDOW.length + 1 })
    })
  })

  it('leaves a symbol out whole when more than a tenth is bad', () => {
    const bad = Object.fromEntries(WINDOW.slice(10, 20).map((date) => [date, { close: -1 }]))
    const result = judgedSpring(withBars(CALM, bad))
    expect(result).toMatchObject({ verdict: 'FAIL', quarantined: 10, kept: [], absent: false })
    expect(result.rejected).toHaveLength(10)
  })

  it('numbers rows of one time as they came', () => {
    const twice = withBars(CALM, {}).flatMap((bar) =>
      bar.date === '2024-05-15' ? [bar, { ...bar, close: 99.9 }, { ...bar, close: 99.8 }] : [bar],
    )
    expect(judgedSpring(twice).rejected).toEqual([
      { date: '2024-05-15', ordinal: 1, reasons: ['duplicate'] },
      { date: '2024-05-15', ordinal: 2, reasons: ['duplicate'] },
    ])
  })

  it('says every rule a bar offends, with its numbers', () => {
    const wrong = withBars(CALM, { '2024-05-15': { close: 180, high: 120 } })
    const { quarantined } = judgeWindowSeries(
      { instrument: STOCK, series: madeSeries('ACME', wrong) },
      [],
      days('2024-04-01', '2024-06-28'),
    )
    expect(quarantined).toMatchObject([{ reasons: ['ohlc_inconsistent', 'jump'] }])
    expect(quarantined[0].detail).toMatch(/^ohlc_inconsistent: .*; jump: .*180/)
  })

  it('answers the same whatever the order the bars come in', () => {
    const spoilt = withBars(CALM, { '2024-03-28': { close: 1000 }, '2024-05-15': { close: 180 } })
    const expected = judgedSpring(spoilt)
    fc.assert(
      fc.property(fc.shuffledSubarray(spoilt, { minLength: spoilt.length }), (shuffled) => {
        expect(judgedSpring(shuffled)).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  it('expects nothing beyond what came of a poll of a few minutes', () => {
    const poll = windowBounds({ interval: '5m', from: '2024-04-01T14:00:00.000Z', to: '2024-04-01T14:20:00.000Z' })
    const series = {
      ...madeSeries('ACME', [{ date: '2024-04-01', close: 100 }]),
      at: Float64Array.of(Date.parse('2024-04-01T14:05:00Z')),
    }
    expect(judgeWindowSeries({ instrument: STOCK, series }, [], poll).judgement).toMatchObject({
      verdict: 'PASS',
      expected: 1,
      good: 1,
    })
    expect(judgeAbsent(STOCK, poll, 'no trade')).toMatchObject({ expected: 0, absent: true, verdict: 'FAIL' })
  })

  it('expects the bars of whole intraday sessions that did not come, half days shorter', () => {
    const expected = (interval: '1h' | '5m', date: string) =>
      judgeAbsent(STOCK, windowBounds({ interval, from: date, to: date }), 'no bars came').expected
    expect(expected('5m', '2024-07-02')).toBe(78)
    expect(expected('5m', '2024-07-03')).toBe(42)
    expect(expected('1h', '2024-07-02')).toBe(7)
    const coin = judgeAbsent(
      instrumentOf('BTC-USD'),
      windowBounds({ interval: '5m', from: '2024-07-06', to: '2024-07-07' }),
      '',
    )
    expect(coin.expected).toBe(2 * 288)
  })
})

const byDate = (a: MadeBar, b: MadeBar) => (a.date < b.date ? -1 : 1)

describe('cutting a series into windows', () => {
  const dates = nyseSessions('2023-01-03', '2024-06-28')

  /** Bars that move by up to 2 % a session, with a bad tick here and there, never two in a row nor the first. */
  const spoiltSeries = fc
    .tuple(
      fc.array(fc.double({ min: -0.02, max: 0.02, noNaN: true }), { minLength: dates.length, maxLength: dates.length }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: dates.length - 1 }), fc.constantFrom(0.1, 0.5, 2, 100)), {
        maxLength: 25,
      }),
    )
    .map(([moves, ticks]) => {
      let price = 100
      const bars: MadeBar[] = dates.map((date, i) => {
        price *= 1 + moves[i]
        return { date, close: price }
      })
      const bad = new Map<number, number>()
      for (const [row, factor] of ticks) if (!bad.has(row - 1) && !bad.has(row + 1)) bad.set(row, factor)
      return bars.map((bar, i) => ({ ...bar, close: bar.close * (bad.get(i) ?? 1) }))
    })
  const cuts = fc.array(fc.integer({ min: 1, max: dates.length - 1 }), { maxLength: 8 })

  /** The windows between the cuts, each with as much history as an ingestion fetches. */
  const cutAt = (at: readonly number[]) => {
    const edges = [0, ...new Set(at.toSorted((a, b) => a - b)), dates.length]
    return edges
      .slice(1)
      .map((end, i) => ({ history: Math.max(0, edges[i] - QUALITY_CONTEXT_ROWS), start: edges[i], end }))
  }
  const judgedBetween = (bars: readonly MadeBar[], history: number, start: number, end: number) =>
    judged(bars.slice(history, end), dates[start], dates[end - 1])

  it('quarantines the same bars for the same reasons as the whole does', () => {
    fc.assert(
      fc.property(spoiltSeries, cuts, (bars, at) => {
        const whole = judgedBetween(bars, 0, 0, dates.length)
        const windows = cutAt(at).map(({ history, start, end }) => judgedBetween(bars, history, start, end))
        expect(windows.flatMap(({ rejected }) => rejected)).toEqual(whole.rejected)
        expect(windows.reduce((sum, { good }) => sum + good, 0)).toBe(whole.good)
        expect(windows.reduce((sum, { expected }) => sum + expected, 0)).toBe(whole.expected)
      }),
      { numRuns: 100 },
    )
  })

  it('warns of the same unusual returns as the whole does, while the history is good', () => {
    const wild = fc
      .array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: dates.length, maxLength: dates.length })
      .map((moves) => {
        let price = 100
        return dates.map((date, i): MadeBar => {
          price *= 1 + (i % 17 === 0 ? moves[i] : moves[i] / 20) + (i % 2) / 1e4
          return { date, close: price }
        })
      })
    const unusual = (bars: readonly MadeBar[], context: number): Session[] => {
      const { findings } = checkBars(madeSeries('ACME', bars), { context })
      return findings.filter(({ rule }) => rule === 'zscore').map(({ at }) => msToSession(at))
    }
    let seen = 0
    fc.assert(
      fc.property(wild, cuts, (bars, at) => {
        const whole = unusual(bars, 0)
        seen += whole.length
        const windows = cutAt(at).flatMap(({ history, start, end }) =>
          unusual(bars.slice(history, end), start - history),
        )
        expect(windows).toEqual(whole)
        const warnings = cutAt(at).reduce((sum, { history, start, end }) => {
          return sum + judgedBetween(bars, history, start, end).warnings
        }, 0)
        expect(warnings).toBe(whole.length)
      }),
      { numRuns: 60 },
    )
    expect(seen).toBeGreaterThan(50)
  })
})
