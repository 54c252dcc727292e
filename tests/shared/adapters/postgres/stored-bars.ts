import { describe, expect, it } from 'vitest'
import { postgresBarStore } from '../../../../shared/adapters/postgres/bar-store.ts'
import type { Dataset } from '../../../../shared/domain/market/bar.ts'
import { addDays, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import type { Database } from '../../../../shared/ports/database.ts'
import { ALWAYS, DAILY, daily, day, lines, made } from '../../../contracts/made-bars.ts'

interface Revision {
  readonly close: number
  readonly known_from: string
  readonly known_to: string
}

/** What is true of the bars' tables in PostgreSQL, beyond the contract. */
export function storedBarsTests(engine: string, open: () => Promise<Database>): void {
  const all = { dataset: DAILY, ...ALWAYS }

  describe(`bars in ${engine}`, () => {
    it('keeps the versions of a bar end to end, the current one from where the last ended', async () => {
      const database = await open()
      const store = postgresBarStore(database)
      for (const close of [1, 2, 3]) await store.store(DAILY, [daily('A', { '2024-03-01': close })])

      const revisions = await database.read<Revision>(
        'select close, known_from::text, known_to::text from ingestion.bar_revisions order by known_from',
      )
      const [current] = await database.read<Revision>('select close, known_from::text from ingestion.market_data')
      expect([...revisions, current].map(({ close }) => close)).toEqual([1, 2, 3])
      expect(revisions.map((each) => each.known_to)).toEqual([revisions[1].known_from, current.known_from])
    })

    it('keeps versions apart that one transaction stored', async () => {
      const database = await open()
      const store = postgresBarStore(database)
      await database.transaction(async () => {
        for (const close of [1, 2, 3, 2]) await store.store(DAILY, [daily('A', { '2024-03-01': close })])
      })

      const revisions = await database.read<Revision>('select close from ingestion.bar_revisions order by known_from')
      expect(revisions.map(({ close }) => close)).toEqual([1, 2, 3])
      expect(lines(await store.read(all))).toEqual(['A 2024-03-01 2'])
    })

    it('writes nothing when the transaction around it fails, its new months included', async () => {
      const database = await open()
      const store = postgresBarStore(database)
      const failing = database.transaction(async () => {
        await store.store(DAILY, [daily('A', { '1985-06-03': 1 })])
        throw new Error('a later step of the work failed')
      })

      await expect(failing).rejects.toThrow('a later step')
      expect(await database.read("select 1 where to_regclass('ingestion.market_data_1985_06') is not null")).toEqual([])
      expect(await store.read({ ...all, from: day('1985-01-01') })).toEqual([])
      await store.store(DAILY, [daily('A', { '1985-06-03': 1 })])
      expect(lines(await store.read({ ...all, from: day('1985-01-01') }))).toEqual(['A 1985-06-03 1'])
    })

    it('counts exactly over many statements, new, changed and equal rows mixed', async () => {
      const database = await open()
      const store = postgresBarStore(database)
      const bars = (from: number, count: number, change: (i: number) => number) =>
        Array.from({ length: count }, (_, i) => ({
          at: sessionToMs(addDays(session('2020-01-01'), from + i)),
          close: 100 + from + i + change(from + i),
        }))
      const symbols = Array.from({ length: 30 }, (_, i) => `S${String(i).padStart(2, '0')}`)
      const first = symbols.map((symbol) =>
        made(
          symbol,
          bars(0, 800, () => 0),
        ),
      )
      // 700 days overlap; every seventh bar differs; 200 days are new.
      const second = symbols.map((symbol) =>
        made(
          symbol,
          bars(100, 900, (i) => (i < 800 && i % 7 === 0 ? 0.5 : 0)),
        ),
      )

      expect(await store.store(DAILY, first)).toEqual({ inserted: 24_000, replaced: 0, unchanged: 0 })
      expect(await store.store(DAILY, second)).toEqual({ inserted: 6_000, replaced: 3_000, unchanged: 18_000 })
      expect(await store.store(DAILY, second)).toEqual({ inserted: 0, replaced: 0, unchanged: 27_000 })
      const expected = symbols.map((symbol) =>
        made(
          symbol,
          bars(0, 1000, (i) => (i >= 100 && i < 800 && i % 7 === 0 ? 0.5 : 0)),
        ),
      )
      expect(await store.read(all)).toEqual(expected)
      expect(await database.read('select count(*)::int from ingestion.bar_revisions')).toEqual([{ count: 3_000 }])
    })

    it('makes the months of 25 years in one transaction, once', async () => {
      const database = await open()
      const months = Array.from({ length: 300 }, (_, i) => new Date(Date.UTC(1950, i, 28)).toISOString().slice(0, 10))
      const ensure = async (days: readonly string[]) => {
        const sql = "select ingestion.ensure_months('intraday_bars', $1::date[]) as made"
        return (await database.write<{ made: number }>(sql, [days])).rows[0].made
      }

      expect(await database.transaction(() => ensure(months))).toBe(300)
      expect(await ensure(['1950-01-01', ...months, '1974-12-31'])).toBe(0)
      expect(await ensure(['1974-12-31', '1975-01-01', '1975-01-31'])).toBe(1)
      expect(await ensure([])).toBe(0)
    })

    it('makes only the months that have bars', async () => {
      const database = await open()
      await postgresBarStore(database).store(DAILY, [daily('A', { '1970-01-02': 1, '1974-12-03': 2 })])

      const made = await database.read<{ name: string }>(
        "select relname as name from pg_class where relname ~ '^market_data_197._..$' and relkind = 'r' order by relname",
      )
      expect(made.map(({ name }) => name)).toEqual(['market_data_1970_01', 'market_data_1974_12'])
    })

    it('puts an intraday bar into its month of UTC time, whatever the session’s time zone', async () => {
      const database = await open()
      const dataset: Dataset = { ...DAILY, interval: '1m' }
      await database.transaction(async () => {
        await database.write("set local time zone 'America/New_York'")
        await postgresBarStore(database).store(dataset, [
          made('A', [
            { at: day('1995-02-01') - 60_000, close: 1 },
            { at: day('1995-02-01'), close: 2 },
          ]),
        ])
      })

      const rows = await database.read(
        'select close, tableoid::regclass::text as month from ingestion.intraday_bars order by close',
      )
      expect(rows).toEqual([
        { close: 1, month: 'ingestion.intraday_bars_1995_01' },
        { close: 2, month: 'ingestion.intraday_bars_1995_02' },
      ])
    })

    it('dates revisions of daily bars at 00:00 UTC, whatever the session’s time zone', async () => {
      const database = await open()
      const store = postgresBarStore(database)
      await database.transaction(async () => {
        await database.write("set local time zone 'Asia/Tokyo'")
        for (const close of [1, 2]) await store.store(DAILY, [daily('A', { '2024-03-01': close })])
        expect(await store.oldest(DAILY)).toBe(day('2024-03-01'))
      })

      expect(lines(await store.readKnownAt(all, day('2024-03-05')))).toEqual(['A 2024-03-01 1'])
    })

    it.each(['open', 'high', 'low', 'close', 'volume', 'bid', 'ask'])(
      'has no place for a NaN in %s',
      async (column) => {
        const database = await open()
        await database.write("select ingestion.ensure_months('market_data', '{2024-03-01}')")
        for (const value of ['NaN', 'Infinity', '-Infinity']) {
          const numbers = ['open', 'high', 'low', 'close', 'volume', 'bid', 'ask'].map((name) =>
            name === column ? value : 1,
          )
          const insert = database.write(
            `insert into ingestion.market_data (symbol, date, source, asset, basis, open, high, low, close, volume, bid, ask)
           values ('A', '2024-03-01', 'made', 'equity', 'raw', $1, $2, $3, $4, $5, $6, $7)`,
            numbers,
          )
          await expect(insert).rejects.toThrow(/violates check constraint/)
        }
      },
    )

    it('explains every table and column of the room', async () => {
      const database = await open()
      const unexplained = await database.read(`
        select c.relname as table, a.attname as column
        from pg_class c
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'ingestion'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)`)
      expect(unexplained).toEqual([])
    })
  })
}
