import { describe, expect, it } from 'vitest'
import type { BarSeries, PriceBasis } from '../../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { msToSession, session, sessionToMs } from '../../../shared/domain/market/session.ts'
import type { BarHistory, BarHistoryQuery } from '../../../shared/ports/bar-store.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'

const THROUGH = session('2024-06-07')
const series = (symbol: string, basis: PriceBasis, last: string): BarSeries => {
  const one = Float64Array.of(1)
  const at = Float64Array.of(sessionToMs(session(last)))
  return { symbol, basis, at, open: one, high: one, low: one, close: one, volume: one }
}

/** A history that answers these series and notes what it is asked. */
function madeHistory(found: readonly BarSeries[] = []) {
  const asked: BarHistoryQuery[] = []
  const history: BarHistory = {
    async read(query) {
      asked.push(query)
      return found.filter(({ symbol }) => query.symbols?.includes(symbol))
    },
  }
  return { history, asked }
}

const query = { source: 'made', through: THROUGH, sessions: 5, adjusted: 'total' as const }

describe('reading daily bars', () => {
  it('asks each dataset once, for sessions of its own calendar, with nothing that came later', async () => {
    const { history, asked } = madeHistory()
    await readDailyBars(history, { ...query, instruments: ['BTC-USD', 'AAPL', 'MSFT'].map(instrumentOf) })
    const days = asked.map(({ from, to }) => [msToSession(from), msToSession(to)])
    expect(asked.map(({ dataset, symbols }) => [dataset.asset, symbols])).toEqual([
      ['equity', ['AAPL', 'MSFT']],
      ['crypto', ['BTC-USD']],
    ])
    expect(days).toEqual([
      ['2024-06-03', '2024-06-08'],
      ['2024-06-03', '2024-06-08'],
    ])
    expect(asked.every(({ asOf, adjusted }) => asOf === THROUGH && adjusted === 'total')).toBe(true)

    const monday = madeHistory()
    const instruments = ['AAPL', 'BTC-USD'].map(instrumentOf)
    await readDailyBars(monday.history, { ...query, through: session('2024-06-10'), instruments })
    expect(monday.asked.map(({ from }) => msToSession(from))).toEqual(['2024-06-04', '2024-06-06'])
  })

  it('takes the series with the newest bar of a symbol whose basis has changed', async () => {
    const old = series('AAPL', 'adjusted', '2024-05-31')
    const current = series('AAPL', 'raw', '2024-06-07')
    for (const found of [
      [old, current],
      [current, old],
    ]) {
      const bars = await readDailyBars(madeHistory(found).history, { ...query, instruments: [instrumentOf('AAPL')] })
      expect([...bars]).toEqual([['AAPL', current]])
    }
  })

  it('leaves out whom nothing is known of, and asks nothing for nobody', async () => {
    const { history, asked } = madeHistory()
    expect(await readDailyBars(history, { ...query, instruments: [] })).toEqual(new Map())
    expect(asked).toEqual([])
  })
})
