import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startScheduler } from '../../infra/local/scheduler.ts'
import { simulatedProvider } from '../../shared/adapters/simulated/provider.ts'
import { SHIPPED_MANDATES } from '../../shared/domain/mandate/shipped.ts'
import { instant } from '../../shared/domain/market/session.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

/** The Sunday after a week of five sessions. */
const NOW = '2024-06-09T07:00:00Z'
const OBSERVED = { symbol: 'TSLA', reason: 'board independence', date: '2024-01-02', evidence: 'annual report, p. 40' }
const EXCLUDED = { symbol: 'META', reason: 'privacy', date: '2024-06-07', evidence: 'ruling of a court' }
const LISTINGS = SHIPPED_MANDATES.small.universe?.listings ?? []

let made: MadeHouse

beforeAll(async () => {
  made = await madeHouse({
    now: NOW,
    settings: { mandate: 'small', hotDays: 3650 },
    mandate: { universe: { observation: [OBSERVED], exclusions: [EXCLUDED] }, signals: { daily: true } },
    openProvider: async (spec) => simulatedProvider({ seed: spec.seed ?? 1, badTicks: false }),
  })
  // From here on the ratios are those of Friday, the bars those of fourteen months.
  const ingested = await made.run({ workflow: 'ingestion', params: { from: '2023-04-03', to: '2024-06-07' } })
  expect(ingested.state).toBe('ok')
}, 60_000)
afterAll(() => made?.close())

const table = (sql: string, run: string) => made.query<Record<string, unknown>>(sql, run)
/** Everything that a run keeps, times left out. */
const kept = async (run: string) => ({
  members: await table('select * from universe.members where run = $1 order by symbol', run),
  ranking: await table('select * from universe.rankings where run = $1 order by symbol', run),
  scores: await table('select * from signals.scores where run = $1 order by component, symbol', run),
  signals: await table('select * from signals.signals where run = $1 order by symbol', run),
})
const withoutRun = (content: object, run: string) => JSON.stringify(content).replaceAll(`"${run}"`, '"run"')

describe('the universe of a Sunday', () => {
  it('defines, filters, ranks and scores in one run', async () => {
    const row = await made.run({ workflow: 'universe', key: 'sunday' })
    expect({ state: row.state, reason: row.reason }).toEqual({ state: 'ok', reason: null })
    const dated = { asOf: '2024-06-07', source: 'simulated' }
    const ranked = LISTINGS.length - 1
    expect(await made.said(row.run, 'universe.instruments.defined')).toEqual([
      { ...dated, listed: LISTINGS.length, excluded: 1, observed: 1 },
    ])
    expect(await made.said(row.run, 'universe.filters.applied')).toEqual([{ ...dated, eligible: ranked, filtered: 1 }])
    expect(await made.said(row.run, 'universe.stocks.ranked')).toEqual([{ ...dated, ranked }])
    const scored = { ...dated, universe: row.run, scored: ranked, absent: 0 }
    expect(await made.said(row.run, 'signals.technicals.scored')).toEqual([scored])
    expect(await made.said(row.run, 'signals.fundamentals.scored')).toEqual([scored])
    expect(await made.said(row.run, 'signals.scores.combined')).toMatchObject([
      { combined: ranked, withoutScore: 0, absent: ['alpha'] },
    ])
    const [sentiment] = await made.said(row.run, 'signals.sentiment.scored')
    expect(sentiment).toMatchObject({ ...dated, universe: row.run, readers: [expect.stringMatching(/^onnx-linear /)] })
    expect(sentiment.scored).toBeGreaterThan(0)
    expect((sentiment.scored as number) + (sentiment.absent as number)).toBe(ranked)

    const { members, signals } = await kept(row.run)
    const status = Object.fromEntries(members.map((member) => [member.symbol, member.status]))
    expect(status).toMatchObject({ META: 'excluded', TSLA: 'observed', AAPL: 'eligible' })
    expect(signals.map(({ symbol }) => symbol)).toEqual(
      LISTINGS.map(({ symbol }) => symbol)
        .filter((symbol) => symbol !== 'META')
        .sort(),
    )
    expect(signals.filter(({ observed }) => observed).map(({ symbol }) => symbol)).toEqual(['TSLA'])
  })

  it('comes to the same again, and at a later time, of the same session', async () => {
    const first = 'universe:sunday'
    const again = await made.run({ workflow: 'universe', key: 'sunday', again: true })
    made.time.now = instant(Date.parse('2024-06-12T07:00:00Z'))
    const ingested = await made.run({
      workflow: 'ingestion',
      key: 'later',
      params: { from: '2024-06-10', to: '2024-06-11' },
    })
    expect(ingested.state).toBe('ok')
    const later = await made.run({ workflow: 'universe', key: 'looking back', params: { date: '2024-06-07' } })
    made.time.now = instant(Date.parse(NOW))

    const content = withoutRun(await kept(first), first)
    expect(withoutRun(await kept(again.run), again.run)).toBe(content)
    expect(withoutRun(await kept(later.run), later.run)).toBe(content)
  })

  it('of a source that nobody has ingested is refused, with the reason', async () => {
    const row = await made.run({ workflow: 'universe', key: 'nothing', params: { source: 'yahoo' } })
    expect(row.state).toBe('failed')
    expect(row.reason).toMatch(
      /^0 of 10 stocks can be ranked, expected at least 2; AAPL: no bars in the last 280 sessions/,
    )
  })
})

describe('the scores of a day', () => {
  it('are of the stocks that were ranked last', async () => {
    const row = await made.run({ workflow: 'signals', key: 'today', params: { date: '2024-06-07' } })
    expect(row.state).toBe('ok')
    const [opened] = await made.said(row.run, 'signals.scoring.opened')
    expect(opened.universe).toBe('universe:looking back')
    const { signals, ranking } = await kept(row.run)
    expect([signals.length, ranking.length]).toEqual([LISTINGS.length - 1, 0])
  })

  it('before any universe are refused', async () => {
    const row = await made.run({ workflow: 'signals', key: 'early', params: { date: '2024-05-31' } })
    expect(row.state).toBe('failed')
    expect(row.reason).toMatch(/No ranked universe of source "simulated" as of 2024-05-31 or earlier/)
  })
})

describe('the clocks', () => {
  it('open the universe on Sundays and, where the mandate asks for them, the scores of every morning', async () => {
    made.time.now = instant(Date.parse('2024-06-09T07:30:00Z'))
    const stop = startScheduler(made.house.parts)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await stop()
    const opened = await made.query<{ run: string }>(
      `select run from pipeline.runs where workflow in ('universe', 'signals') and key = '2024-06-07' order by run`,
    )
    for (const { run } of opened) expect((await made.house.waitFor(run)).state).toBe('ok')
    expect(opened.map(({ run }) => run)).toEqual(['signals:2024-06-07', 'universe:2024-06-07'])
  })
})
