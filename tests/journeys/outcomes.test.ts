import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

const SESSIONS = tradingCalendar('XNYS').sessions(session('2024-04-01'), session('2024-04-12'))

let made: MadeHouse
beforeAll(async () => {
  made = await madeHouse({ now: '2024-04-15T12:00:00Z' })
})
afterAll(() => made?.close())

/** A file of plain bars of these symbols; some of them broken, bar for bar. */
async function fileOf(source: string, symbols: readonly string[], broken: readonly string[] = []): Promise<string> {
  const rows = symbols.flatMap((symbol) =>
    SESSIONS.map((date, i) => {
      const close = 100 + 0.1 * i
      return [symbol, date, close, broken.includes(symbol) ? 1 : close + 1, close - 1, close, 1000].join(',')
    }),
  )
  const file = join(made.home, `${source}.csv`)
  await writeFile(file, `symbol,date,open,high,low,close,volume\n${rows.join('\n')}\n`)
  return file
}

function ingest(source: string, data: string, symbols: readonly string[], more: Record<string, unknown> = {}) {
  const provider = { name: 'file', data, basis: 'raw', source }
  const params = { from: SESSIONS[0], to: SESSIONS.at(-1), symbols, provider, ...more }
  return made.run({ workflow: 'ingestion', key: source, params })
}

const storedBy = (source: string) =>
  made.query<{ symbol: string; rows: number }>(
    'select symbol, count(*)::int as rows from ingestion.market_data where source = $1 group by symbol order by symbol',
    source,
  )
const names = (n: number) => Array.from({ length: n }, (_, i) => `S${String(i).padStart(4, '0')}`)

describe('a run', () => {
  it('without its benchmark fails with that reason, and nothing is said that a later room would hear', async () => {
    const symbols = [...names(20), '^GSPC']
    const row = await ingest('lonely', await fileOf('lonely', names(20)), symbols)
    expect(row.state).toBe('failed')
    expect(row.reason).toMatch(/^Quality FAIL: the benchmark \^GSPC is missing \(.*does not have this symbol/)
    const subjects = await made.query<{ subject: string }>(
      `select distinct subject from pipeline.trail where run = $1 and subject like 'ingestion.quality.%'`,
      row.run,
    )
    expect(subjects).toEqual([{ subject: 'ingestion.quality.failed' }])
    expect(await made.house.parts.ports.qualityReports.get(row.run)).toMatchObject({
      verdict: 'FAIL',
      good: 20 * SESSIONS.length,
    })
    const [missing] = await made.query('select symbol, reason from ingestion.missing_symbols where run = $1', row.run)
    expect(missing).toMatchObject({ symbol: '^GSPC', reason: expect.stringContaining('does not have this symbol') })
  })

  it('with one broken symbol is partial, names it, and stores the others in both stores', async () => {
    const symbols = names(20)
    const row = await ingest('broken', await fileOf('broken', symbols, ['S0007']), symbols)
    expect(row).toMatchObject({ state: 'partial', reason: '1 symbols left out: S0007' })
    const good = symbols.filter((symbol) => symbol !== 'S0007')
    expect(await storedBy('broken')).toEqual(good.map((symbol) => ({ symbol, rows: SESSIONS.length })))
    expect(await made.said(row.run, 'ingestion.bars.archived')).toMatchObject([
      { rows: good.length * SESSIONS.length, partitions: SESSIONS.length },
    ])
    const quarantined = await made.query(
      'select distinct symbol, reasons from ingestion.quarantine where run = $1',
      row.run,
    )
    expect(quarantined).toEqual([{ symbol: 'S0007', reasons: ['ohlc_inconsistent'] }])
  })

  it('with too few good bars fails, and says how few', async () => {
    const symbols = names(4)
    const row = await ingest('poor', await fileOf('poor', symbols, ['S0001', 'S0002']), symbols)
    expect(row.state).toBe('failed')
    expect(row.reason).toContain(`score 0.5000 is below 0.9 (20 good of 40 expected bars)`)
  })

  it('of more symbols than a window holds joins its windows, which share the days’ files', async () => {
    const symbols = names(610)
    const row = await ingest('many', await fileOf('many', symbols), symbols)
    expect(row).toMatchObject({ state: 'ok', reason: null })
    const windows = await made.said(row.run, 'ingestion.window.opened')
    expect(windows.map(({ window }) => (window as { id: string }).id).toSorted()).toEqual(['w00001', 'w00002'])
    expect(await made.said(row.run, 'ingestion.quality.checked')).toMatchObject([
      { verdict: 'PASS', score: 1, expected: 610 * SESSIONS.length, good: 610 * SESSIONS.length },
    ])
    const files = await made.query<{ rows: string }>(`select rows from pipeline.objects where source = 'many'`)
    expect(files.map(({ rows }) => Number(rows))).toEqual(SESSIONS.map(() => 610))
  })

  it('of a file that is not there ends among the dead letters with the file’s name', async () => {
    const row = await ingest('nowhere', join(made.home, 'nowhere.csv'), ['S0001'])
    expect(row.state).toBe('failed')
    expect(row.reason).toContain('nowhere.csv')
    const dead = await made.query<{ subscriber: string; attempt: number }>(
      `select subscriber, attempt from pipeline.deliveries where run = $1 and state = 'dead' order by subscriber`,
      row.run,
    )
    expect(dead.find(({ subscriber }) => subscriber === 'ingestion-fetch-corporate-actions')).toMatchObject({
      attempt: 1,
    })
  })

  it('of dates the calendar does not know fails at once, naming those it knows', async () => {
    const row = await ingest('early', await fileOf('early', ['S0001']), ['S0001'], { from: '1990-01-01' })
    expect(row.state).toBe('failed')
    expect(row.reason).toContain('Ingestion from 1990-01-01 to 2024-04-12: expected dates from 2000-01-01')
  })

  it('of a file mended after a failure is stored by its next revision', async () => {
    const symbols = names(4)
    const data = await fileOf('poor', symbols)
    const provider = { name: 'file', data, basis: 'raw', source: 'poor' }
    const params = { from: SESSIONS[0], to: SESSIONS.at(-1), symbols, provider }
    const row = await made.run({ workflow: 'ingestion', key: 'poor', params, again: true })
    expect(row).toMatchObject({ state: 'ok', revision: 2 })
    expect(await storedBy('poor')).toEqual(symbols.map((symbol) => ({ symbol, rows: SESSIONS.length })))
  })
})
