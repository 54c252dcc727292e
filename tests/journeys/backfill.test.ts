import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant, session, sessionToMs } from '../../shared/domain/market/session.ts'
import { duckdb } from '../shared/adapters/parquet/duckdb.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'
import { FAULTS, LISTED, madeRows, SESSIONS, SPLIT_DATE, SYMBOLS, writeMarket } from './made-market.ts'

const LISTED_SESSIONS = SESSIONS.filter((date) => date >= LISTED).length
/** Every row of the file but ODD's faults; of its duplicate the first stays. */
const GOOD: Readonly<Record<string, number>> = {
  CALM: SESSIONS.length,
  FOUR: SESSIONS.length,
  LATE: LISTED_SESSIONS,
  ODD: SESSIONS.length - 3,
  '^GSPC': SESSIONS.length,
}
const GOOD_ROWS = Object.values(GOOD).reduce((sum, rows) => sum + rows)

let made: MadeHouse
let params: Record<string, unknown>
const backfill = (more: Record<string, unknown> = {}) =>
  made.run({ workflow: 'ingestion', key: 'spring', params, ...more })
const parquet = () => `read_parquet('${join(made.home, 'objects/market_data/**/*.parquet')}', hive_partitioning = true)`

beforeAll(async () => {
  made = await madeHouse({ now: '2024-07-01T12:00:00Z', settings: { symbols: SYMBOLS } })
  const data = await writeMarket(join(made.home, 'data'))
  params = {
    from: SESSIONS[0],
    to: SESSIONS.at(-1),
    provider: { name: 'file', data, basis: 'raw', source: 'made' },
  }
})
afterAll(() => made?.close())

describe('a backfill of a file with bad rows, a split and a late listing', () => {
  let run: string

  it('ends well', async () => {
    const row = await backfill()
    run = row.run
    expect({ state: row.state, reason: row.reason, revision: row.revision }).toEqual({
      state: 'ok',
      reason: null,
      revision: 1,
    })
  })

  it('stores every good row in PostgreSQL, none of the bad ones', async () => {
    const rows = await made.query<{ symbol: string; rows: number; asset: string }>(
      `select symbol, asset, count(*)::int as rows from ingestion.market_data where source = 'made' group by 1, 2 order by 1`,
    )
    expect(Object.fromEntries(rows.map(({ symbol, rows: count }) => [symbol, count]))).toEqual(GOOD)
    expect(rows.filter(({ asset }) => asset === 'index').map(({ symbol }) => symbol)).toEqual(['^GSPC'])
    const bad = await made.query<{ date: string }>(
      `select date from ingestion.market_data where symbol = 'ODD' and date = any($1)`,
      Object.keys(FAULTS),
    )
    expect(bad.map(({ date }) => date)).toEqual(['2024-05-02'])
  })

  it('archives the same numbers in Parquet, as DuckDB reads them', async () => {
    const hot = await made.query<Record<string, unknown>>(
      `select symbol, date, open, high, low, close, volume from ingestion.market_data order by symbol, date`,
    )
    const cold = await duckdb(
      `select symbol, cast(date as varchar) as date, open, high, low, close, volume from ${parquet()} order by symbol, date`,
    )
    expect(cold).toEqual(hot)
    expect(cold).toHaveLength(GOOD_ROWS)
    const folders = await duckdb(
      `select distinct source, asset, interval, year::int as year from ${parquet()} order by asset`,
    )
    expect(folders).toEqual([
      { source: 'made', asset: 'equity', interval: '1d', year: 2024 },
      { source: 'made', asset: 'index', interval: '1d', year: 2024 },
    ])
  })

  it('puts the bad rows into quarantine as they came, with the rule each offends', async () => {
    const rows = await made.query<{ date: string; reasons: string[]; close: number; ordinal: number }>(
      `select (time at time zone 'UTC')::date::text as date, reasons, close, ordinal from ingestion.quarantine where run = $1 order by time`,
      run,
    )
    expect(rows.map(({ date, reasons }) => [date, reasons])).toEqual(
      Object.entries(FAULTS).map(([date, rule]) => [date, [rule]]),
    )
    expect(rows[1].close).toBeNaN()
    expect(rows[2].ordinal).toBe(1)
    expect(rows[3].close).toBe(180)
  })

  it('keeps the split, and reads adjusted prices across it without a step', async () => {
    const actions = await made.query('select symbol, ex_date, type, value from ingestion.corporate_actions')
    expect(actions).toEqual([{ symbol: 'FOUR', ex_date: SPLIT_DATE, type: 'split', value: 4 }])
    const [four] = await made.house.parts.ports.barHistory.read({
      dataset: { source: 'made', asset: 'equity', interval: '1d' },
      symbols: ['FOUR'],
      from: sessionToMs(SESSIONS[0]),
      to: sessionToMs(session('2024-06-29')),
      adjusted: 'split',
    })
    expect(four.at).toHaveLength(SESSIONS.length)
    expect(Math.min(...four.close)).toBeGreaterThan(24.8)
    expect(Math.max(...four.close)).toBeLessThan(25.2)
  })

  it('judges it WARN, expecting nothing of LATE before its listing', async () => {
    const report = await made.house.parts.ports.qualityReports.get(run)
    const expected = 4 * SESSIONS.length + LISTED_SESSIONS
    expect(report).toMatchObject({
      verdict: 'WARN',
      from: SESSIONS[0],
      to: SESSIONS.at(-1),
      source: 'made',
      expected,
      good: GOOD_ROWS,
      stored: GOOD_ROWS,
      archived: GOOD_ROWS,
      score: GOOD_ROWS / expected,
    })
    expect(report?.symbols.map(({ symbol, verdict }) => [symbol, verdict])).toEqual([
      ['CALM', 'PASS'],
      ['FOUR', 'PASS'],
      ['LATE', 'PASS'],
      ['ODD', 'WARN'],
      ['^GSPC', 'PASS'],
    ])
    expect(report?.symbols.find(({ symbol }) => symbol === 'LATE')?.expected).toBe(LISTED_SESSIONS)
  })

  it('catalogues every file by the hash it has', async () => {
    const objects = await made.query<{ key: string; sha256: string; bytes: string }>(
      'select key, sha256, bytes from pipeline.objects order by key',
    )
    expect(objects).toHaveLength(2 * SESSIONS.length)
    for (const { key, sha256, bytes } of objects) {
      const content = await readFile(join(made.home, 'objects', key))
      expect([createHash('sha256').update(content).digest('hex'), String(content.length)]).toEqual([sha256, bytes])
    }
  })

  it('notes the hash of the file every symbol came from', async () => {
    const content = await readFile(join(made.home, 'data/bars.csv'))
    const sha256 = createHash('sha256').update(content).digest('hex')
    const rows = await made.query(
      'select symbol, request, sha256 from ingestion.payloads where run = $1 order by symbol',
      run,
    )
    expect(rows).toEqual(SYMBOLS.toSorted().map((symbol) => ({ symbol, request: 'file bars.csv', sha256 })))
  })

  it('leaves no work files once it is over', async () => {
    const left: string[] = []
    const end = Date.now() + 5_000
    do {
      left.length = 0
      for await (const { key } of made.house.parts.ports.objects.list(`work/${run}/`)) left.push(key)
    } while (left.length > 0 && Date.now() < end)
    expect(left).toEqual([])
  })

  it('is already done when asked for again', async () => {
    const before = await counts()
    const again = await made.house.open({ workflow: 'ingestion', key: 'spring', params })
    expect(again).toEqual({ run, state: 'ok', opened: false })
    expect(await counts()).toEqual(before)
  })

  it('as a new revision finds every bar unchanged', async () => {
    const before = await counts()
    const second = await backfill({ again: true })
    expect(second).toMatchObject({ revision: 2, state: 'ok' })
    expect(await made.said(second.run, 'ingestion.bars.stored')).toMatchObject([
      { rows: GOOD_ROWS, inserted: 0, replaced: 0, unchanged: GOOD_ROWS },
    ])
    expect(await counts()).toEqual(before)
  })

  it('refuses other parameters under the same key', async () => {
    await expect(backfill({ params: { ...params, symbols: ['CALM'] } })).rejects.toThrow(/other parameters/)
  })

  it('keeps the replaced bar as a revision when the file corrects a price, and writes that partition anew', async () => {
    const key = 'market_data/source=made/asset=equity/interval=1d/year=2024/month=06/day=03/market_data.parquet'
    const before = await counts()
    const rows = madeRows().map((row) => (row.startsWith('CALM,2024-06-03,') ? row.replace(/,(\d+)$/, ',4242') : row))
    await writeMarket(join(made.home, 'data'), rows)
    const third = await backfill({ again: true })

    expect(await made.said(third.run, 'ingestion.bars.stored')).toMatchObject([
      { inserted: 0, replaced: 1, unchanged: GOOD_ROWS - 1 },
    ])
    const revisions = await made.query<{ volume: number; known: boolean }>(
      `select symbol, (time at time zone 'UTC')::date::text as date, volume, known_to > known_from as known from ingestion.bar_revisions`,
    )
    const original = madeRows()
      .find((row) => row.startsWith('CALM,2024-06-03,'))
      ?.split(',')
      .at(-1)
    expect(revisions).toEqual([{ symbol: 'CALM', date: '2024-06-03', volume: Number(original), known: true }])
    const after = await counts()
    expect(after.tables).toEqual({ ...before.tables, revisions: 1 })
    const changed = Object.keys(after.files).filter((file) => after.files[file] !== before.files[file])
    expect(changed).toEqual([key])
    const cold = await duckdb(`select volume from ${parquet()} where symbol = 'CALM' and date = '2024-06-03'`)
    expect(cold).toEqual([{ volume: 4242 }])
  })

  it('reads the bar as it was known before the correction', async () => {
    const dataset = { source: 'made', asset: 'equity', interval: '1d' } as const
    const day = {
      dataset,
      symbols: ['CALM'],
      from: sessionToMs(session('2024-06-03')),
      to: sessionToMs(session('2024-06-04')),
    }
    const { barHistory } = made.house.parts.ports
    const [{ known_to }] = await made.query<{ known_to: Date }>('select known_to from ingestion.bar_revisions')
    const [now] = await barHistory.read(day)
    const [then] = await barHistory.read({ ...day, knownAt: instant(known_to.getTime() - 1) })
    expect(now.volume[0]).toBe(4242)
    expect(then.volume[0]).not.toBe(4242)
  })
})

/** What is in the stores: rows of the tables, and the hash of every file. */
async function counts() {
  const [tables] = await made.query<{ bars: number; revisions: number; actions: number }>(
    `select (select count(*)::int from ingestion.market_data) as bars,
            (select count(*)::int from ingestion.bar_revisions) as revisions,
            (select count(*)::int from ingestion.corporate_actions) as actions`,
  )
  const objects = await made.query<{ key: string; sha256: string }>('select key, sha256 from pipeline.objects')
  return { tables, files: Object.fromEntries(objects.map(({ key, sha256 }) => [key, sha256])) }
}
