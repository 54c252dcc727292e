import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { postgresBarStore } from '../../../shared/adapters/postgres/bar-store.ts'
import type { BarSeries, Dataset } from '../../../shared/domain/market/bar.ts'
import { addDays, session, sessionToMs } from '../../../shared/domain/market/session.ts'
import type { StoredCounts } from '../../../shared/ports/bar-store.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { ALWAYS, DAILY, daily, lines, made } from '../../contracts/made-bars.ts'
import {
  emptyIngestion,
  type OpenedDatabase,
  serverIngestion,
} from '../../shared/adapters/postgres/ingestion-database.ts'
import { TEST_DATABASE_URL } from '../../shared/runtime/test-database.ts'

const CRYPTO: Dataset = { ...DAILY, asset: 'crypto' }
const all = { dataset: DAILY, ...ALWAYS }

/** Daily bars of so many symbols over so many days, every close the same number. */
function batch(symbols: number, firstDay: number, days: number, close: number): BarSeries[] {
  const bars = Array.from({ length: days }, (_, i) => ({
    at: sessionToMs(addDays(session('2010-01-01'), firstDay + i)),
    close,
  }))
  return Array.from({ length: symbols }, (_, i) => made(`S${String(i).padStart(3, '0')}`, bars))
}

const sum = (counts: readonly StoredCounts[]) =>
  counts.reduce((total, each) => ({
    inserted: total.inserted + each.inserted,
    replaced: total.replaced + each.replaced,
    unchanged: total.unchanged + each.unchanged,
  }))

describe.skipIf(!TEST_DATABASE_URL)('writers of bars at once (set EDGEFUND_TEST_DATABASE_URL to run)', () => {
  let opened: OpenedDatabase
  let writers: StepDatabase[]

  beforeAll(async () => {
    opened = await serverIngestion()
    writers = Array.from({ length: 6 }, () => opened.another())
  })
  beforeEach(() => emptyIngestion(opened.database))
  afterAll(() => opened?.drop())

  it('loses no row and counts each once when overlapping batches come together', async () => {
    const batches = writers.map((_, i) => batch(20, i * 30, 60, 7))
    const counts = sum(await Promise.all(writers.map((writer, i) => postgresBarStore(writer).store(DAILY, batches[i]))))

    const days = (writers.length - 1) * 30 + 60
    expect(counts).toEqual({ inserted: 20 * days, replaced: 0, unchanged: 20 * (writers.length * 60 - days) })
    expect(await postgresBarStore(opened.database).read(all)).toEqual(batch(20, 0, days, 7))
  })

  it('keeps every version but the last as a revision, end to end, whoever comes first', async () => {
    const counts = sum(
      await Promise.all(writers.map((writer, i) => postgresBarStore(writer).store(DAILY, batch(20, 0, 50, i + 1)))),
    )
    expect(counts).toEqual({ inserted: 1000, replaced: 5000, unchanged: 0 })

    const broken = await opened.database.read(`
      with version as (
        select symbol, time, close, known_from, known_to from ingestion.bar_revisions
        union all
        select symbol, date::timestamp at time zone 'UTC', close, known_from, null from ingestion.market_data
      )
      select symbol, time from version group by symbol, time
      having count(distinct close) <> 6 or count(*) <> 6
        or array_remove(array_agg(known_to order by known_from), null) <> (array_agg(known_from order by known_from))[2:]`)
    expect(broken).toEqual([])
  })

  it('never locks two writers against each other, in whatever order they bring symbols, years and datasets', async () => {
    const forwards = [batch(30, 0, 40, 1), batch(30, 400, 40, 2)]
    const backwards = [...forwards].reverse().map((series) => [...series].reverse())
    const write = (writer: StepDatabase, batches: BarSeries[][], datasets: Dataset[]) => {
      const store = postgresBarStore(writer)
      return writer.transaction(async () => {
        for (const dataset of datasets) for (const series of batches) await store.store(dataset, series)
      })
    }
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        writers.map((writer, i) =>
          i % 2 === 0 ? write(writer, forwards, [DAILY, CRYPTO]) : write(writer, backwards, [CRYPTO, DAILY]),
        ),
      )
    }
    const [{ rows }] = await opened.database.read<{ rows: number }>(
      'select count(*)::int as rows from ingestion.market_data',
    )
    expect(rows).toBe(30 * 80)
  })

  it('makes each month once when all want the same new ones, through the store and beside it', async () => {
    for (let year = 1900; year < 1910; year++) {
      const months = Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}-15`)
      const bars = Object.fromEntries(months.map((month) => [month, 1]))
      await Promise.all(
        writers.map((writer, i) =>
          i % 2 === 0
            ? postgresBarStore(writer).store(DAILY, [daily(`Y${i}`, bars)])
            : writer.write("select ingestion.ensure_months('market_data', $1::date[])", [[...months].reverse()]),
        ),
      )
    }
    const [{ months }] = await opened.database.read<{ months: number }>(
      "select count(*)::int as months from pg_inherits where inhparent = 'ingestion.market_data'::regclass and inhrelid::regclass::text ~ '_190'",
    )
    expect(months).toBe(120)
  })

  it('lets readers read and others write older months while a month is being made', async () => {
    const [first, reader] = writers
    await postgresBarStore(first).store(DAILY, [daily('A', { '2024-03-01': 1 })])
    await first.transaction(async () => {
      await postgresBarStore(first).store(DAILY, [daily('A', { '2031-01-02': 2 })])

      // Another connection, while the new month is not committed.
      expect(lines(await postgresBarStore(reader).read(all))).toEqual(['A 2024-03-01 1'])
      await reader.write("update ingestion.market_data set volume = 5 where date = '2024-03-01'")
    })
    expect(lines(await postgresBarStore(reader).read(all))).toEqual(['A 2024-03-01 1', 'A 2031-01-02 2'])
  })

  it('stores what comes while a dataset is retired, before or after it', async () => {
    const bars = batch(20, 0, 100, 1)
    const cut = bars[0].at[50]
    await postgresBarStore(opened.database).store(DAILY, bars)
    const [retired, ...counts] = await Promise.all([
      postgresBarStore(writers[0]).retire(DAILY, cut as never),
      ...writers.slice(1).map((writer) => postgresBarStore(writer).store(DAILY, batch(20, 0, 100, 1))),
    ])

    const { inserted, replaced } = sum(counts)
    expect(retired).toBe(1000)
    expect(replaced).toBe(0)
    expect([0, 1000]).toContain(inserted)
    const left = await postgresBarStore(opened.database).read(all)
    expect(left.reduce((rows, { at }) => rows + at.length, 0)).toBe(1000 + inserted)
  })
})
