import { describe, expect, it } from 'vitest'
import type { SymbolJudgement } from '../../../../shared/domain/ingestion/judge-window.ts'
import { staleReasons } from '../../../../shared/domain/ingestion/run-freshness.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { instant } from '../../../../shared/domain/market/session.ts'

const at = (text: string) => instant(Date.parse(text))

function judged(symbol: string, last?: string): SymbolJudgement {
  const counts = { expected: 1, good: 1, quarantined: 0, warnings: 0 }
  return { symbol, verdict: 'PASS', ...counts, absent: last === undefined, ...(last && { lastAt: Date.parse(last) }) }
}

function stale(
  seen: Readonly<Record<string, string | undefined>>,
  interval: '1d' | '5m',
  to: string,
  now: string,
): string[] {
  const symbols = Object.keys(seen)
  const judgements = symbols.map((symbol) => judged(symbol, seen[symbol]))
  return staleReasons(symbols.map(instrumentOf), judgements, { interval, to: at(to) }, at(now))
}

describe('staleReasons', () => {
  it('finds the last completed session fresh, however long the weekend', () => {
    expect(stale({ AAPL: '2024-07-05', JPM: '2024-07-05' }, '1d', '2024-07-06', '2024-07-08T12:00:00Z')).toEqual([])
  })

  it('names the symbols that lack it', () => {
    const [reason, ...rest] = stale(
      { AAPL: '2024-07-05', JPM: '2024-07-03' },
      '1d',
      '2024-07-06',
      '2024-07-08T12:00:00Z',
    )
    expect(reason).toMatch(/^stale on XNYS: JPM \(per_symbol: stale, 1 of 2 symbols reach 2024-07-05T20:00:00.000Z\)$/)
    expect(rest).toEqual([])
  })

  it('counts a symbol of which nothing came as stale', () => {
    expect(stale({ AAPL: undefined }, '1d', '2024-07-06', '2024-07-06T06:00:00Z')).toHaveLength(1)
  })

  it('forgives one symbol in ten', () => {
    const seen = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`E${i}`, i === 0 ? '2024-07-02' : '2024-07-05']),
    )
    expect(stale(seen, '1d', '2024-07-06', '2024-07-06T06:00:00Z')).toEqual([])
  })

  it('asks nothing of a run over the past', () => {
    expect(stale({ AAPL: '2023-12-29' }, '1d', '2023-12-30', '2024-07-08T12:00:00Z')).toEqual([])
    expect(stale({ AAPL: '2023-12-29T20:55:00Z' }, '5m', '2023-12-30', '2024-07-08T15:00:00Z')).toEqual([])
  })

  it('asks only of the calendar whose present the run reaches: coins trade on over the weekend', () => {
    const seen = { AAPL: '2024-07-05', 'BTC-USD': '2024-07-05' }
    expect(stale(seen, '1d', '2024-07-06', '2024-07-08T06:00:00Z')).toEqual([])
    expect(stale(seen, '1d', '2024-07-08', '2024-07-08T06:00:00Z')).toEqual([
      expect.stringMatching(/^stale on 24\/7: BTC-USD/),
    ])
  })

  it.each([
    ['2024-07-02T14:55:00Z', []],
    ['2024-07-02T14:25:00Z', []], // ends at 14:30, half an hour ago
    ['2024-07-02T14:20:00Z', [expect.stringMatching(/^stale on XNYS: AAPL/)]],
  ])('wants an intraday bar within half an hour of an open market: %s', (last, expected) => {
    expect(stale({ AAPL: last }, '5m', '2024-07-02T15:00:00Z', '2024-07-02T15:00:00Z')).toEqual(expected)
  })
})
