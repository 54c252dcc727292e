import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { makeDatabase } from '../../make-database.ts'
import { missingParts } from '../../real/parts.ts'

const CLI = fileURLToPath(new URL('../../../bin/edgefund.mjs', import.meta.url))
const DATA = fileURLToPath(new URL('../../../../shared/market-data/normalized/', import.meta.url))
const RAW = join(DATA, 'daily-raw-to-2023-alphavantage.csv.gz')
const missing = missingParts('postgresql') ?? (existsSync(RAW) ? undefined : `needs real prices in ${RAW}`)

/** Nine companies as they traded, splits and dividends apart, through five years of monthly rebalances, by the command line. */
describe.skipIf(missing)(`a fund on five years of real prices${missing ? ` (${missing})` : ''}`, () => {
  let database: StepDatabase
  let summary: { runs: { workflow: string; state: string; reason: string | null }[]; fund: Record<string, unknown> }
  const cleanUp: (() => Promise<unknown>)[] = []
  const query = <Row extends object>(sql: string) => database.read<Row>(sql, [])

  beforeAll(async () => {
    const made = await makeDatabase(String(process.env.EDGEFUND_TEST_DATABASE_URL))
    const home = await mkdtemp(join(tmpdir(), 'edgefund-history-'))
    database = openDatabase({ url: made.url, connections: 2 })
    cleanUp.push(
      () => database.close(),
      () => made.drop(),
      () => rm(home, { recursive: true, force: true }),
    )
    const actions = ['--actions', join(DATA, 'corporate-actions.csv'), '--actions-source', 'yfinance']
    const data = ['--provider', 'file', '--data', RAW, '--basis', 'raw', ...actions, '--dividends', 'split-adjusted']
    const range = ['--from', '2019-01-02', '--to', '2023-12-29']
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'run', 'all', '--json', ...data, ...range], {
      env: { ...process.env, EDGEFUND_HOME: home, EDGEFUND_MANDATE: 'small', DATABASE_URL: made.url },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    expect([status, stderr.split('\n').filter((line) => line.startsWith('edgefund:'))]).toEqual([0, []])
    summary = JSON.parse(stdout)
  }, 280_000)
  afterAll(async () => {
    for (const clean of cleanUp) await clean()
  })

  it('is rebalanced, settled and marked every month', () => {
    expect(summary.runs).toHaveLength(4 * 60)
    expect(summary.runs.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(summary.fund).toMatchObject({ session: '2023-12-29' })
  })

  it('takes the splits of what it holds into its book, and the share count follows', async () => {
    const splits = await query<{ symbol: string; session: string; ratio: string }>(
      "select symbol, session::text, ratio::text from execution.entries where kind = 'split' order by 1, 2",
    )
    expect(splits).toEqual(
      expect.arrayContaining([
        { symbol: 'AAPL', session: '2020-08-31', ratio: '4' },
        { symbol: 'GOOGL', session: '2022-07-18', ratio: '20' },
      ]),
    )
    // A split that was taken twice, or not at all, would show as a return of −75 % or +300 %.
    const [{ worst, best }] = await query<{ worst: number; best: number }>(
      'select min(session_return) as worst, max(session_return) as best from monitoring.portfolio_snapshots',
    )
    expect(worst).toBeGreaterThan(-0.15)
    expect(best).toBeLessThan(0.15)
  })

  it('is paid its dividends in cash, less what is withheld', async () => {
    const [{ rows, wrong, net }] = await query<{ rows: number; wrong: number; net: string }>(
      `select count(*)::int as rows, count(*) filter (where net <> gross - withheld)::int as wrong, sum(net)::text as net
       from execution.dividends`,
    )
    expect(rows).toBeGreaterThan(60)
    expect(wrong).toBe(0)
    expect(Number(net)).toBeGreaterThan(10_000)
  })

  it('never spends what it has not, and accounts for every cent', async () => {
    const [{ least }] = await query<{ least: string }>('select min(balance)::text as least from execution.cash')
    expect(Number(least)).toBeGreaterThanOrEqual(0)
    const [{ apart }] = await query<{ apart: string }>(
      `select (sum(flow) + sum(profit) - (array_agg(value order by session desc))[1])::text as apart
       from monitoring.portfolio_snapshots`,
    )
    expect(Number(apart)).toBe(0)
  })

  it('keeps its turnover budget in every year after the first', async () => {
    const years = await query<{ year: number; budgeted: number; turnover: number }>(
      `select extract(year from session)::int as year, sum(budgeted_turnover) as budgeted, sum(turnover) as turnover
       from portfolio.order_reports group by 1 order by 1`,
    )
    for (const { budgeted } of years) expect(budgeted).toBeLessThanOrEqual(0.25 + 1e-9)
    // Dividends alone came in after the first year, some 1 % of the value: half of what they buy is all that is not counted.
    for (const { turnover } of years.slice(1)) expect(turnover).toBeLessThanOrEqual(0.26)
    expect(years).toHaveLength(5)
  })
})
