import { describe, expect, it } from 'vitest'
import { countReasons, judgeBatch } from '../../../../shared/domain/ingestion/judge-batch.ts'
import { windowBounds } from '../../../../shared/domain/ingestion/windows.ts'
import type { CorporateAction } from '../../../../shared/domain/market/corporate-action.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { calmBars, madeSeries, nyseSessions, withBars } from './made-bars.ts'

const EQUITIES = { source: 'test', asset: 'equity', interval: '1d' } as const
const INDICES = { source: 'test', asset: 'index', interval: '1d' } as const
const BARS = calmBars(nyseSessions('2024-03-01', '2024-04-30'))
const APRIL = windowBounds({ interval: '1d', from: '2024-04-01', to: '2024-04-30' })
const APRIL_SESSIONS = nyseSessions('2024-04-01', '2024-04-30').length

const split = (symbol: string, exDate: string): CorporateAction => ({
  symbol,
  exDate: session(exDate),
  type: 'split',
  value: 2,
  source: 'test',
})

describe('judgeBatch', () => {
  it('keeps the good bars by dataset and the bad ones as they came', () => {
    const spoilt = withBars(BARS, { '2024-04-10': { open: 101, high: 99, low: 98, close: 100, volume: 7 } })
    const { good, bad, judgements } = judgeBatch(
      [
        { dataset: EQUITIES, series: [madeSeries('AAA', BARS), madeSeries('BBB', spoilt)] },
        { dataset: INDICES, series: [madeSeries('^GSPC', BARS)] },
      ],
      ['AAA', 'BBB', '^GSPC'].map(instrumentOf),
      [],
      [],
      APRIL,
    )
    expect(good.map(({ dataset, series }) => [dataset, series.map(({ symbol, at }) => [symbol, at.length])])).toEqual([
      [
        EQUITIES,
        [
          ['AAA', APRIL_SESSIONS],
          ['BBB', APRIL_SESSIONS - 1],
        ],
      ],
      [INDICES, [['^GSPC', APRIL_SESSIONS]]],
    ])
    expect(bad).toEqual([
      {
        dataset: EQUITIES,
        symbol: 'BBB',
        at: sessionToMs(session('2024-04-10')),
        ordinal: 0,
        reasons: ['ohlc_inconsistent'],
        detail: expect.stringContaining('ohlc_inconsistent'),
        open: 101,
        high: 99,
        low: 98,
        close: 100,
        volume: 7,
      },
    ])
    expect(judgements.map(({ symbol, verdict }) => [symbol, verdict])).toEqual([
      ['AAA', 'PASS'],
      ['BBB', 'WARN'],
      ['^GSPC', 'PASS'],
    ])
  })

  it('excuses a split by the action of its own symbol only', () => {
    // Two of the month's last sessions come after the split: too few to take the new level for true.
    const halved = BARS.map((bar) => (bar.date < '2024-04-29' ? bar : { ...bar, close: bar.close / 2 }))
    const fetched = [{ dataset: EQUITIES, series: [madeSeries('AAA', halved), madeSeries('BBB', halved)] }]
    const { good, judgements } = judgeBatch(
      fetched,
      ['AAA', 'BBB'].map(instrumentOf),
      [split('AAA', '2024-04-29'), split('CCC', '2024-04-29')],
      [],
      APRIL,
    )
    expect(judgements).toMatchObject([
      { symbol: 'AAA', verdict: 'PASS' },
      { symbol: 'BBB', verdict: 'WARN', quarantined: 2 },
    ])
    expect(good.map(({ series }) => series.map(({ symbol, at }) => [symbol, at.length]))).toEqual([
      [
        ['AAA', APRIL_SESSIONS],
        ['BBB', APRIL_SESSIONS - 2],
      ],
    ])
  })

  it('judges what was asked for and did not come, in the words of the provider', () => {
    const { good, bad, judgements } = judgeBatch(
      [],
      ['AAA', 'BBB'].map(instrumentOf),
      [],
      [{ symbol: 'BBB', reason: 'delisted in 2019' }],
      APRIL,
    )
    expect({ good, bad }).toEqual({ good: [], bad: [] })
    expect(judgements).toMatchObject([
      { symbol: 'AAA', absent: true, expected: APRIL_SESSIONS, reason: 'no bars came' },
      { symbol: 'BBB', absent: true, expected: APRIL_SESSIONS, reason: 'delisted in 2019' },
    ])
  })

  it('leaves out what nobody asked for, and a dataset of which nothing is good', () => {
    const broken = BARS.map((bar) => ({ ...bar, close: -1 }))
    const { good, bad, judgements } = judgeBatch(
      [
        { dataset: EQUITIES, series: [madeSeries('AAA', broken)] },
        { dataset: INDICES, series: [madeSeries('^GSPC', BARS), madeSeries('^VIX', BARS)] },
      ],
      ['AAA', '^GSPC'].map(instrumentOf),
      [],
      [],
      APRIL,
    )
    expect(good.map(({ dataset, series }) => [dataset.asset, series.map(({ symbol }) => symbol)])).toEqual([
      ['index', ['^GSPC']],
    ])
    expect(judgements.map(({ symbol }) => symbol)).toEqual(['AAA', '^GSPC'])
    expect(countReasons(bad)).toMatchObject({ non_positive_price: APRIL_SESSIONS })
  })
})

describe('countReasons', () => {
  it('counts a bar under every rule it offends', () => {
    const bar = {
      dataset: EQUITIES,
      symbol: 'A',
      at: 0,
      ordinal: 0,
      detail: '',
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 1,
    }
    expect(
      countReasons([
        { ...bar, reasons: ['jump', 'spread'] },
        { ...bar, reasons: ['jump'] },
      ]),
    ).toEqual({ jump: 2, spread: 1 })
    expect(countReasons([])).toEqual({})
  })
})
