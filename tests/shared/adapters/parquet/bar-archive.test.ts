import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderObjectStore } from '../../../../shared/adapters/folder/object-store.ts'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { parquetBarArchive } from '../../../../shared/adapters/parquet/bar-archive.ts'
import { type BarSeries, type Dataset, takeBars } from '../../../../shared/domain/market/bar.ts'
import { DAY_MS, type Instant } from '../../../../shared/domain/market/session.ts'
import { PermanentError, UnavailableError } from '../../../../shared/ports/errors.ts'
import type { ObjectStore } from '../../../../shared/ports/object-store.ts'
import { duckdb } from './duckdb.ts'
import { madeBars } from './made-bars.ts'

const daily: Dataset = { source: 'yahoo', asset: 'equity', interval: '1d' }
const minutes: Dataset = { ...daily, interval: '5m' }
const MONDAY = Date.UTC(2026, 1, 2)
const ALL = { from: Date.UTC(0, 0, 1) as Instant, to: Date.UTC(9000, 0, 1) as Instant }

function bars(
  symbol: string,
  at: readonly number[],
  close: readonly number[],
  more: Partial<BarSeries> = {},
): BarSeries {
  const prices = Float64Array.from(close)
  return {
    symbol,
    basis: 'raw',
    at: Float64Array.from(at),
    open: prices,
    high: prices.map((price) => price + 1),
    low: prices.map((price) => price - 1),
    close: prices,
    volume: prices.map((price) => price * 1000),
    ...more,
  }
}

const sha256 = (body: Uint8Array) => createHash('sha256').update(body).digest('hex')

describe('merge', () => {
  it('writes a partition a day, under the day, and answers its hash, size and rows', async () => {
    const objects = memoryObjectStore()
    const partitions = await parquetBarArchive(objects).merge(daily, [
      bars('MSFT', [MONDAY, MONDAY + DAY_MS], [400, 401]),
      bars('AAPL', [MONDAY], [200]),
    ])

    expect(partitions.map(({ key, session, rows }) => ({ key, session, rows }))).toEqual([
      {
        key: 'market_data/source=yahoo/asset=equity/interval=1d/year=2026/month=02/day=02/market_data.parquet',
        session: '2026-02-02',
        rows: 2,
      },
      {
        key: 'market_data/source=yahoo/asset=equity/interval=1d/year=2026/month=02/day=03/market_data.parquet',
        session: '2026-02-03',
        rows: 1,
      },
    ])
    for (const { key, sha256: hash, bytes } of partitions) {
      const { body } = (await objects.get(key))!
      expect(sha256(body)).toBe(hash)
      expect(body.length).toBe(bytes)
    }
  })

  it('adds to what is there, and the newer of two bars stands', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    await archive.merge(daily, [bars('B', [MONDAY], [10]), bars('D', [MONDAY], [20])])
    const partitions = await archive.merge(daily, [
      bars('A', [MONDAY], [1]),
      bars('B', [MONDAY], [11]),
      bars('C', [MONDAY], [12]),
      bars('E', [MONDAY], [13]),
    ])
    const read = await archive.read({ dataset: daily, ...ALL }, partitions)

    expect(partitions.map(({ rows }) => rows)).toEqual([5])
    expect(read.map(({ symbol, close }) => [symbol, ...close])).toEqual([
      ['A', 1],
      ['B', 11],
      ['C', 12],
      ['D', 20],
      ['E', 13],
    ])
  })

  it('writes nothing when nothing is new', async () => {
    const objects = memoryObjectStore()
    const series = madeBars({ symbols: 7, bars: 5, start: MONDAY, stepMs: DAY_MS, quotes: true })
    const first = await parquetBarArchive(objects).merge(daily, series)
    const readOnly: ObjectStore = { ...objects, put: () => Promise.reject(new Error('no write expected')) }

    expect(await parquetBarArchive(readOnly).merge(daily, series)).toEqual(first)
    expect(await parquetBarArchive(readOnly).merge(daily, series.slice(2, 4))).toEqual(first)
  })

  it.each([
    ['created', undefined],
    ['changed', [bars('A', [MONDAY], [1])]],
  ])('is unavailable when another writer %s a partition meanwhile', async (_, before) => {
    const objects = memoryObjectStore()
    if (before) await parquetBarArchive(objects).merge(daily, before)
    const raced: ObjectStore = {
      ...objects,
      async put(key, body, condition) {
        await parquetBarArchive(objects).merge(daily, [bars('RIVAL', [MONDAY], [9])])
        return objects.put(key, body, condition)
      },
    }
    const merging = parquetBarArchive(raced).merge(daily, [bars('B', [MONDAY], [2])])

    await expect(merging).rejects.toThrow(UnavailableError)
    await expect(merging).rejects.toThrow(/Another writer changed market_data.*day=02/)
    const partitions = await parquetBarArchive(objects).merge(daily, [bars('B', [MONDAY], [2])])
    expect(partitions[0].rows).toBe(before ? 3 : 2)
  })

  it('lets ten archives that merge into one day at once lose nothing, each trying until it is in', async () => {
    const objects = memoryObjectStore()
    const mergeUntilDone = async (series: BarSeries): Promise<void> => {
      try {
        await parquetBarArchive(objects).merge(daily, [series])
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error
        await mergeUntilDone(series)
      }
    }
    await Promise.all(Array.from({ length: 10 }, (_, n) => mergeUntilDone(bars(`S${n}`, [MONDAY], [n + 2]))))
    const archive = parquetBarArchive(objects)
    const partitions = await archive.merge(daily, [bars('S0', [MONDAY], [2])])

    expect((await archive.read({ dataset: daily, ...ALL }, partitions)).map(({ symbol }) => symbol)).toEqual(
      Array.from({ length: 10 }, (_, n) => `S${n}`),
    )
  })

  it('sorts disorder, and of duplicates the last stands', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const five = 300_000
    const partitions = await archive.merge(minutes, [
      bars('B', [MONDAY + five, MONDAY, MONDAY + five], [2, 1, 3]),
      bars('A', [MONDAY], [7]),
      bars('B', [MONDAY, MONDAY + 2 * five], [5, 6]),
    ])

    expect(
      (await archive.read({ dataset: minutes, ...ALL }, partitions)).map(({ symbol, at, close }) => [
        symbol,
        [...at],
        [...close],
      ]),
    ).toEqual([
      ['A', [MONDAY], [7]],
      ['B', [MONDAY, MONDAY + five, MONDAY + 2 * five], [5, 3, 6]],
    ])
  })

  it('answers nothing for nothing', async () => {
    expect(await parquetBarArchive(memoryObjectStore()).merge(daily, [])).toEqual([])
    expect(await parquetBarArchive(memoryObjectStore()).merge(daily, [bars('A', [], [])])).toEqual([])
  })

  it.each([
    ['a missing close', bars('AAPL', [MONDAY], [Number.NaN]), /AAPL at 2026-02-02T00:00:00.000Z has open NaN/],
    [
      'an infinite volume',
      bars('AAPL', [MONDAY], [1], { volume: Float64Array.of(Number.POSITIVE_INFINITY) }),
      /volume Infinity/,
    ],
    ['a daily bar at noon', bars('AAPL', [MONDAY + 43_200_000], [1]), /expected a date at 00:00 UTC/],
    ['no time', bars('AAPL', [Number.NaN], [1]), /starts at NaN/],
    ['the year 10000', bars('AAPL', [Date.UTC(10_000, 0, 1)], [1]), /outside the years/],
  ])('refuses %s and writes nothing', async (_, series, message) => {
    const objects = memoryObjectStore()
    const merging = parquetBarArchive(objects).merge(daily, [bars('AAA', [MONDAY], [1]), series])

    await expect(merging).rejects.toThrow(PermanentError)
    await expect(merging).rejects.toThrow(message)
    for await (const { key } of objects.list('')) expect.unreachable(key)
  })

  it('does not write over a file that is not Parquet', async () => {
    const objects = memoryObjectStore()
    const archive = parquetBarArchive(objects)
    const [{ key }] = await archive.merge(daily, [bars('A', [MONDAY], [1])])
    await objects.put(key, new TextEncoder().encode('garbage, garbage, garbage'))

    await expect(archive.merge(daily, [bars('B', [MONDAY], [1])])).rejects.toThrow(
      /day=02.*is not a Parquet file of bars/,
    )
  })
})

describe('read', () => {
  it('gives back what was merged, bit for bit, in the order of symbols', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const series = madeBars({ symbols: 40, bars: 30, start: MONDAY, stepMs: DAY_MS })
    const partitions = await archive.merge(daily, [...series].reverse())

    expect(await archive.read({ dataset: daily, ...ALL }, [...partitions].reverse())).toEqual(series)
  })

  it('keeps intraday bars, quotes and gaps between quotes', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const series = madeBars({ symbols: 3, bars: 600, start: MONDAY + 1, stepMs: 300_000, quotes: true })
    series[0].bid![3] = Number.NaN
    series[1] = takeBars(series[1], [1, 4, 500])
    const { bid: _bid, ask: _ask, ...unquoted } = series[2]
    const partitions = await archive.merge(minutes, [series[0], series[1], unquoted])

    expect(await archive.read({ dataset: minutes, ...ALL }, partitions)).toEqual([series[0], series[1], unquoted])
  })

  it('answers the symbols and the range asked for, the end excluded', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const series = madeBars({ symbols: 60, bars: 10, start: MONDAY, stepMs: DAY_MS })
    const partitions = await archive.merge(daily, series)
    const query = { from: (MONDAY + 2 * DAY_MS) as Instant, to: (MONDAY + 5 * DAY_MS) as Instant }
    const expected = (index: number) => takeBars(series[index], [2, 3, 4])

    expect(await archive.read({ dataset: daily, ...query, symbols: ['S0040', 'S0007', 'NONE'] }, partitions)).toEqual([
      expected(7),
      expected(40),
    ])
    const many = series.map(({ symbol }) => symbol).filter((_, index) => index !== 5)
    expect(await archive.read({ dataset: daily, ...query, symbols: many }, partitions)).toEqual(
      series.flatMap((_, index) => (index === 5 ? [] : [expected(index)])),
    )
    expect(await archive.read({ dataset: daily, ...query, symbols: [] }, partitions)).toEqual([])
    expect(await archive.read({ dataset: daily, ...query }, [])).toEqual([])
  })

  it('finds intraday bars inside a day, in files of many row groups', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const series = madeBars({ symbols: 120, bars: 390, start: MONDAY + 52_200_000, stepMs: 60_000 })
    const dataset = { ...daily, interval: '1m' } as const
    const partitions = await archive.merge(dataset, series)
    const from = (MONDAY + 52_200_000 + 10 * 60_000) as Instant
    const to = (from + 3 * 60_000) as Instant

    expect(partitions.map(({ rows }) => rows)).toEqual([46_800])
    expect(await archive.read({ dataset, from, to, symbols: ['S0000', 'S0042', 'S0119'] }, partitions)).toEqual(
      [0, 42, 119].map((index) => takeBars(series[index], [10, 11, 12])),
    )
    expect(await archive.read({ dataset, ...ALL }, partitions)).toEqual(series)
  })

  it('looks twice at a file that is not what the catalogue says, then is unavailable', async () => {
    const objects = memoryObjectStore()
    const [partition] = await parquetBarArchive(objects).merge(daily, [bars('A', [MONDAY], [1])])
    const good = (await objects.get(partition.key))!
    const query = { dataset: daily, ...ALL }

    let looks = 0
    const late: ObjectStore = {
      ...objects,
      get: async () => (looks++ === 0 ? { body: new Uint8Array(3), etag: 'old' } : good),
    }
    expect(await parquetBarArchive(late).read(query, [partition])).toHaveLength(1)
    expect(looks).toBe(2)

    await objects.put(partition.key, new Uint8Array(3))
    await expect(parquetBarArchive(objects).read(query, [partition])).rejects.toThrow(UnavailableError)
    await expect(parquetBarArchive(objects).read(query, [partition])).rejects.toThrow(partition.key)
    await objects.delete(partition.key)
    await expect(parquetBarArchive(objects).read(query, [partition])).rejects.toThrow(/not in the object store/)
  })

  it('reads no partition outside the range', async () => {
    const objects = memoryObjectStore()
    const partitions = await parquetBarArchive(objects).merge(
      daily,
      madeBars({ symbols: 2, bars: 9, start: MONDAY, stepMs: DAY_MS }),
    )
    const got: string[] = []
    const watched: ObjectStore = {
      ...objects,
      get(key) {
        got.push(key)
        return objects.get(key)
      },
    }
    await parquetBarArchive(watched).read(
      { dataset: daily, from: (MONDAY + DAY_MS) as Instant, to: (MONDAY + 3 * DAY_MS) as Instant },
      partitions,
    )

    expect(got).toEqual(partitions.slice(1, 3).map(({ key }) => key))
  })

  it('refuses the partition of another dataset', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const partitions = await archive.merge({ ...daily, source: 'other' }, [bars('A', [MONDAY], [1])])

    await expect(archive.read({ dataset: daily, ...ALL }, partitions)).rejects.toThrow(
      /is not the partition of 2026-02-02/,
    )
  })

  it('refuses to make one series of two price bases', async () => {
    const archive = parquetBarArchive(memoryObjectStore())
    const partitions = await archive.merge(daily, [
      bars('A', [MONDAY], [1]),
      bars('A', [MONDAY + DAY_MS], [1], { basis: 'adjusted' }),
    ])

    await expect(archive.read({ dataset: daily, ...ALL }, partitions)).rejects.toThrow(
      /A changes from raw to adjusted prices at 2026-02-03/,
    )
    const second = { dataset: daily, from: (MONDAY + DAY_MS) as Instant, to: ALL.to }
    expect((await archive.read(second, partitions))[0].basis).toBe('adjusted')
  })
})

describe('the files, read by DuckDB', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'edgefund-duckdb-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  const from = (folder: string, more = '') =>
    `read_parquet('${folder}/market_data/**/*.parquet', hive_partitioning = true${more})`
  const numbers = ", hive_types = {'year': INT, 'month': INT, 'day': INT}"

  it('have the same rows, types and hive columns', async () => {
    const folder = join(root, 'daily')
    const archive = parquetBarArchive(folderObjectStore(folder))
    const series = madeBars({ symbols: 50, bars: 40, start: Date.UTC(1969, 11, 1), stepMs: DAY_MS })
    await archive.merge(daily, series)
    await archive.merge({ ...daily, source: 'file', asset: 'index' }, [
      bars('^GSPC', [MONDAY], [5000.25], { volume: Float64Array.of(2 ** 53) }),
    ])

    const types = await duckdb(`DESCRIBE SELECT * FROM ${from(folder)}`)
    expect(Object.fromEntries(types.map(({ column_name, column_type }) => [column_name, column_type]))).toEqual({
      symbol: 'VARCHAR',
      date: 'DATE',
      open: 'DOUBLE',
      high: 'DOUBLE',
      low: 'DOUBLE',
      close: 'DOUBLE',
      volume: 'DOUBLE',
      basis: 'VARCHAR',
      source: 'VARCHAR',
      asset: 'VARCHAR',
      interval: 'VARCHAR',
      year: 'BIGINT',
      // Text by default because of the leading zero; numbers with hive_types, as below.
      month: 'VARCHAR',
      day: 'VARCHAR',
    })
    const rows = await duckdb(`SELECT symbol, date::VARCHAR AS date, open, high, low, close, volume, basis
      FROM ${from(folder)} WHERE source = 'yahoo' AND interval = '1d' ORDER BY symbol, date`)
    expect(rows).toEqual(
      series.flatMap((one) =>
        Array.from(one.at, (at, row) => ({
          symbol: one.symbol,
          date: new Date(at).toISOString().slice(0, 10),
          open: one.open[row],
          high: one.high[row],
          low: one.low[row],
          close: one.close[row],
          volume: one.volume[row],
          basis: 'raw',
        })),
      ),
    )
    expect(
      await duckdb(
        `SELECT symbol, date::VARCHAR AS date, asset, year, month, day, volume FROM ${from(folder, numbers)} WHERE source = 'file'`,
      ),
    ).toEqual([{ symbol: '^GSPC', date: '2026-02-02', asset: 'index', year: 2026, month: 2, day: 2, volume: 2 ** 53 }])
    const wrong = await duckdb(
      `SELECT count(*) AS n FROM ${from(folder, numbers)} WHERE year(date) <> year OR month(date) <> month OR day(date) <> day`,
    )
    expect(wrong).toEqual([{ n: 0n }])
  })

  it('have times in UTC to the millisecond, before 1970 too, and null where there is no quote', async () => {
    const folder = join(root, 'intraday')
    const before1970 = Date.UTC(1965, 5, 1, 23, 59, 59, 999)
    const at = [before1970, MONDAY + 52_200_001]
    const quoted = bars('BTC-USD', at, [1.5, 2.5], {
      bid: Float64Array.of(1.4, Number.NaN),
      ask: Float64Array.of(1.6, Number.NaN),
    })
    await parquetBarArchive(folderObjectStore(folder)).merge({ source: 'yahoo', asset: 'crypto', interval: '1m' }, [
      quoted,
      bars('ÄÖ-USD', [before1970], [9]),
    ])

    expect(
      await duckdb(`SELECT symbol, typeof(time) AS type, strftime(time, '%Y-%m-%d %H:%M:%S.%g') AS time, bid, ask
        FROM ${from(folder, ', union_by_name = true')} ORDER BY symbol, time`),
    ).toEqual([
      { symbol: 'BTC-USD', type: 'TIMESTAMP WITH TIME ZONE', time: '1965-06-01 23:59:59.999', bid: 1.4, ask: 1.6 },
      { symbol: 'BTC-USD', type: 'TIMESTAMP WITH TIME ZONE', time: '2026-02-02 14:30:00.001', bid: null, ask: null },
      { symbol: 'ÄÖ-USD', type: 'TIMESTAMP WITH TIME ZONE', time: '1965-06-01 23:59:59.999', bid: null, ask: null },
    ])
  })

  it('carry the bounds of symbol and date, and say nothing of when or by which version they were written', async () => {
    const folder = join(root, 'metadata')
    await parquetBarArchive(folderObjectStore(folder)).merge(
      daily,
      madeBars({ symbols: 5, bars: 1, start: MONDAY, stepMs: DAY_MS }),
    )
    const file = `${folder}/market_data/source=yahoo/asset=equity/interval=1d/year=2026/month=02/day=02/market_data.parquet`

    expect(
      await duckdb(`SELECT path_in_schema AS name, stats_min_value AS min, stats_max_value AS max, compression
        FROM parquet_metadata('${file}') WHERE path_in_schema IN ('symbol', 'date') ORDER BY ALL`),
    ).toEqual([
      { name: 'date', min: '2026-02-02', max: '2026-02-02', compression: 'SNAPPY' },
      { name: 'symbol', min: 'S0000', max: 'S0004', compression: 'SNAPPY' },
    ])
    expect(await duckdb(`SELECT created_by FROM parquet_file_metadata('${file}')`)).toEqual([
      { created_by: 'edgefund' },
    ])
    expect(await duckdb(`SELECT * FROM parquet_kv_metadata('${file}')`)).toEqual([])
  })
})
