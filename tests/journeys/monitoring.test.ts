import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulatedProvider } from '../../shared/adapters/simulated/provider.ts'
import type { LedgerEntry } from '../../shared/domain/ledger/entry.ts'
import { instant } from '../../shared/domain/market/session.ts'
import { decimal } from '../../shared/domain/money/decimal.ts'
import { flow, order } from '../shared/domain/monitoring/made-fund.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

/** Thursday evening: Wednesday's session is the last that has closed. */
const NOW = '2024-06-06T18:00:00Z'
const HELD = ['AAPL', 'AMZN', 'GOOGL', 'JNJ', 'JPM', 'META', 'MSFT', 'NVDA', 'TSLA', 'V']
const FROM = '2024-04-05'

const entries = (): LedgerEntry[] => [
  flow(FROM, 1_000_000),
  ...HELD.map((symbol) => order('2024-04-08', 'buy', 100, 150, { symbol, fee: decimal(1) })),
  order('2024-05-06', 'sell', 40, 150, { symbol: 'MSFT', fee: decimal(1) }),
]

let made: MadeHouse
beforeAll(async () => {
  made = await madeHouse({
    now: NOW,
    settings: { mandate: 'small', hotDays: 3650 },
    openProvider: async (spec) => simulatedProvider({ seed: spec.seed ?? 1, badTicks: false }),
  })
  const ingested = await made.run({ workflow: 'ingestion', params: { from: '2024-03-01', to: '2024-06-05' } })
  expect(ingested.state).toBe('ok')
  await made.house.parts.ports.ledger.record('simulated', entries())
}, 60_000)
afterAll(() => made?.close())

/** Everything that the room keeps. */
const kept = async () => ({
  snapshots: await made.query<Record<string, unknown>>('select * from monitoring.portfolio_snapshots order by session'),
  marks: await made.query('select * from monitoring.position_marks order by session, symbol'),
  figures: await made.query('select * from monitoring.figures order by session, place'),
})

describe('monitoring', () => {
  it('marks, measures, judges and publishes in one run', async () => {
    const row = await made.run({ workflow: 'monitoring', key: 'two months', params: { from: FROM, to: '2024-06-05' } })
    expect({ state: row.state, reason: row.reason }).toEqual({ state: 'ok', reason: null })
    const { snapshots, marks, figures } = await kept()
    expect([snapshots.length, marks.length]).toEqual([43, 42 * HELD.length])
    expect(figures.length).toBeGreaterThan(80)

    const [{ html, json }] = await made.said(row.run, 'monitoring.report.published')
    expect(html).toBe('reports/daily/2024-06-05/simulated/daily-report.html')
    const file = (key: unknown) => readFileSync(join(made.home, 'objects', String(key)), 'utf8')
    expect(file(html)).toContain('SIMULATED')
    expect(JSON.parse(file(json)).snapshot.session).toBe('2024-06-05')
  })

  it('stores the same when it is done again, and day by day', async () => {
    const first = await kept()
    const again = await made.run({ workflow: 'monitoring', key: 'again', params: { from: FROM, to: '2024-06-05' } })
    expect(again.state).toBe('ok')
    expect(await kept()).toEqual(first)
    for (const date of ['2024-06-04', '2024-06-05']) {
      expect((await made.run({ workflow: 'monitoring', key: date, params: { to: date } })).state).toBe('ok')
    }
    const figures = first.figures.filter((figure) => (figure as { session: string }).session === '2024-06-05')
    const { snapshots, marks, figures: all } = await kept()
    expect({ snapshots, marks }).toEqual({ snapshots: first.snapshots, marks: first.marks })
    expect(all.filter((figure) => (figure as { session: string }).session === '2024-06-05')).toEqual(figures)
  })

  it('goes on the next day, and leaves a fund that nobody has paid into alone', async () => {
    made.time.now = instant(Date.parse('2024-06-07T18:00:00Z'))
    const ingested = await made.run({
      workflow: 'ingestion',
      key: 'next',
      params: { to: '2024-06-06', from: '2024-06-06' },
    })
    expect(ingested.state).toBe('ok')
    const { run } = await made.run({ workflow: 'monitoring', key: 'next' })
    const [marked] = await made.said(run, 'monitoring.portfolio.marked')
    expect(marked).toMatchObject({ from: '2024-06-06', to: '2024-06-06', sessions: 1 })

    const before = { from: '2024-03-04', to: '2024-03-28' }
    const empty = await made.run({ workflow: 'monitoring', key: 'before', params: before })
    expect(empty.state).toBe('ok')
    expect(await made.said(empty.run, 'monitoring.portfolio.found_empty')).toEqual([{ ...before, source: 'simulated' }])
  })
})
