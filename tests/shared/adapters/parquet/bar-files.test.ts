import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportBarsParquet } from '../../../../shared/adapters/parquet/export-bars.ts'
import { readBarsParquet } from '../../../../shared/adapters/parquet/read-bars.ts'
import { type BarSeries, takeBars } from '../../../../shared/domain/market/bar.ts'
import { DAY_MS } from '../../../../shared/domain/market/session.ts'
import { InputError } from '../../../../shared/ports/errors.ts'
import { duckdb } from './duckdb.ts'
import { madeBars } from './made-bars.ts'

const MONDAY = Date.UTC(2026, 1, 2)
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edgefund-files-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe('export', () => {
  it('gives back the series it wrote, daily and intraday', async () => {
    for (const [interval, stepMs] of [
      ['1d', DAY_MS],
      ['1m', 60_000],
    ] as const) {
      const path = join(home, 'deep', interval, 'bars.parquet')
      const series = madeBars({
        symbols: 5,
        bars: 50,
        start: MONDAY - 1_000 * DAY_MS,
        stepMs,
        quotes: interval === '1m',
      })
      const { rows } = await exportBarsParquet(path, interval, series)

      expect(rows).toBe(250)
      expect(await readBarsParquet(path)).toEqual(series)
      expect(await readdir(join(home, 'deep', interval))).toEqual(['bars.parquet'])
    }
  })

  it('takes series one by one and writes many row groups that DuckDB reads', async () => {
    const path = join(home, 'streamed.parquet')
    const series = madeBars({ symbols: 30, bars: 10_000, start: MONDAY, stepMs: 60_000 })
    async function* oneByOne() {
      for (const bars of series) yield bars
    }
    const { rows, bytes } = await exportBarsParquet(path, '1m', oneByOne())
    const volume = series.reduce((sum, bars) => bars.volume.reduce((total, one) => total + one, sum), 0)

    expect(rows).toBe(300_000)
    expect(
      await duckdb(
        `SELECT count(*) AS n, sum(volume) AS volume, min(time)::VARCHAR AS first FROM read_parquet('${path}')`,
      ),
    ).toEqual([{ n: 300_000n, volume, first: '2026-02-02 00:00:00+00' }])
    expect(await duckdb(`SELECT num_row_groups, file_size_bytes FROM parquet_file_metadata('${path}')`)).toEqual([
      { num_row_groups: 3n, file_size_bytes: BigInt(bytes) },
    ])
    const last = Float64Array.of(...series[29].at.slice(-2))
    expect(await readBarsParquet(path, { symbols: new Set(['S0029']), from: last[0] })).toEqual([
      takeBars(series[29], [9_998, 9_999]),
    ])
  })

  it('writes an empty file for no bars', async () => {
    const path = join(home, 'empty.parquet')
    await exportBarsParquet(path, '1d', [])

    expect(await readBarsParquet(path)).toEqual([])
    expect(await duckdb(`SELECT count(*) AS n FROM read_parquet('${path}')`)).toEqual([{ n: 0n }])
  })

  it('leaves the old file, and nothing else, when the bars end in an error', async () => {
    const folder = join(home, 'failed')
    const path = join(folder, 'bars.parquet')
    const [bars] = madeBars({ symbols: 1, bars: 3, start: MONDAY, stepMs: DAY_MS })
    await exportBarsParquet(path, '1d', [bars])
    async function* broken(): AsyncIterable<BarSeries> {
      yield { ...bars, symbol: 'NEW' }
      throw new Error('the database went away')
    }

    await expect(exportBarsParquet(path, '1d', broken())).rejects.toThrow('the database went away')
    expect(await readBarsParquet(path)).toEqual([bars])
    expect(await readdir(folder)).toEqual(['bars.parquet'])
  })

  it('refuses what the columns cannot hold', async () => {
    const [quoted] = madeBars({ symbols: 1, bars: 3, start: MONDAY, stepMs: 60_000, quotes: true })
    const path = join(home, 'refused.parquet')

    await expect(exportBarsParquet(path, '1m', [quoted], { quotes: false })).rejects.toThrow(InputError)
    await expect(exportBarsParquet(path, '1d', [quoted])).rejects.toThrow(/expected a date at 00:00 UTC/)
  })
})

describe('reading files of others', () => {
  const foreign = `SELECT 'B' AS symbol, DATE '1969-12-31' + i::INT AS date, 1.5 + i AS open, 2.5::FLOAT AS high, 1 AS low,
    CASE WHEN i = 1 THEN NULL ELSE 2.25 END::DECIMAL(10, 2) AS close, (1000000 * i)::BIGINT AS volume, 'x' AS note FROM range(3) t(i)`

  it.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw', 'uncompressed'])(
    'reads %s, numbers of any kind, and null as missing',
    async (codec) => {
      const path = join(home, `${codec}.parquet`)
      await duckdb(`COPY (${foreign}) TO '${path}' (FORMAT parquet, COMPRESSION ${codec})`)

      expect(await readBarsParquet(path)).toEqual([
        {
          symbol: 'B',
          basis: 'raw',
          at: Float64Array.of(-DAY_MS, 0, DAY_MS),
          open: Float64Array.of(1.5, 2.5, 3.5),
          high: Float64Array.of(2.5, 2.5, 2.5),
          low: Float64Array.of(1, 1, 1),
          close: Float64Array.of(2.25, Number.NaN, 2.25),
          volume: Float64Array.of(0, 1e6, 2e6),
        },
      ])
    },
  )

  it.each(['TIMESTAMP_MS', 'TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMPTZ', 'VARCHAR'])(
    'reads times of type %s',
    async (type) => {
      const path = join(home, `time-${type}.parquet`)
      const text = type === 'VARCHAR' ? "'1969-07-20T20:17:40.123Z'" : `'1969-07-20 20:17:40.123+00'::TIMESTAMPTZ`
      const cast = type === 'VARCHAR' ? text : `(${text})::${type === 'TIMESTAMPTZ' ? type : `TIMESTAMP::${type}`}`
      await duckdb(`COPY (SELECT 'A' AS symbol, ${cast} AS time, 1.0 AS open, 1.0 AS high, 1.0 AS low, 1.0 AS close, 0 AS volume,
      'adjusted' AS basis) TO '${path}' (FORMAT parquet)`)

      const [{ at, basis }] = await readBarsParquet(path)
      expect([...at]).toEqual([Date.UTC(1969, 6, 20, 20, 17, 40, 123)])
      expect(basis).toBe('adjusted')
    },
  )

  it('keeps disorder and duplicates for the checks behind it, and takes the basis it is told', async () => {
    const path = join(home, 'disorder.parquet')
    await duckdb(`COPY (SELECT * FROM (VALUES ('B', 2), ('A', 1), ('B', 1), ('B', 2)) v(symbol, d),
      LATERAL (SELECT DATE '1970-01-01' + d AS date, 1.0 AS open, 1.0 AS high, 1.0 AS low, 1.0 AS close, 1.0 AS volume)) TO '${path}' (FORMAT parquet)`)

    const read = await readBarsParquet(path, { basis: 'split-adjusted' })
    expect(read.map(({ symbol, at, basis }) => [symbol, [...at].map((one) => one / DAY_MS), basis])).toEqual([
      ['A', [1], 'split-adjusted'],
      ['B', [2, 1, 2], 'split-adjusted'],
    ])
  })

  it.each([
    [
      'lacks a column',
      "SELECT 'A' AS symbol, DATE '2026-01-02' AS date, 1.0 AS open",
      /Column "high" is missing \(found symbol, date, open\)/,
    ],
    [
      'holds text for a price',
      "SELECT 'A' AS symbol, DATE '2026-01-02' AS date, 'one' AS open, 1 AS high, 1 AS low, 1 AS close, 1 AS volume",
      /Column "open" holds "one"/,
    ],
    [
      'has no symbol in a row',
      "SELECT NULL::VARCHAR AS symbol, DATE '2026-01-02' AS date, 1 AS open, 1 AS high, 1 AS low, 1 AS close, 1 AS volume",
      /Column "symbol" holds (null|undefined)/,
    ],
    [
      'has no date in a row',
      "SELECT 'A' AS symbol, NULL::DATE AS date, 1 AS open, 1 AS high, 1 AS low, 1 AS close, 1 AS volume",
      /Column "date" holds/,
    ],
    [
      'names an unknown basis',
      "SELECT 'A' AS symbol, DATE '2026-01-02' AS date, 1 AS open, 1 AS high, 1 AS low, 1 AS close, 1 AS volume, 'total' AS basis",
      /Column "basis" holds "total"/,
    ],
  ])('refuses a file that %s', async (what, sql, message) => {
    const path = join(home, `bad ${what}.parquet`)
    await duckdb(`COPY (${sql}) TO '${path}' (FORMAT parquet)`)

    await expect(readBarsParquet(path)).rejects.toThrow(InputError)
    await expect(readBarsParquet(path)).rejects.toThrow(message)
  })

  it('refuses what is not Parquet, and what is not there', async () => {
    const path = join(home, 'text.parquet')
    await writeFile(path, 'symbol,date,open\n'.repeat(10))

    await expect(readBarsParquet(path)).rejects.toThrow(InputError)
    await expect(readBarsParquet(join(home, 'absent.parquet'))).rejects.toThrow(/absent\.parquet.*ENOENT/)
  })
})
