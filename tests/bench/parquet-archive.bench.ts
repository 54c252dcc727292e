/**
 * The archive on a backfill window: 500 symbols x 250 days into 250 partitions, then again unchanged, then read back. Run it with
 * `npx tsx tests/bench/parquet-archive.bench.ts`. The floor beside it is what the Parquet library takes to encode the same 250 files with
 * nothing around it, and what the disk takes to keep them.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderObjectStore } from '../../shared/adapters/folder/object-store.ts'
import { memoryObjectStore } from '../../shared/adapters/memory/object-store.ts'
import { parquetBarArchive } from '../../shared/adapters/parquet/bar-archive.ts'
import { encodeBars } from '../../shared/adapters/parquet/bar-schema.ts'
import { tablesByDay } from '../../shared/adapters/parquet/tables-by-day.ts'
import type { BarSeries, Dataset } from '../../shared/domain/market/bar.ts'
import { DAY_MS, type Instant } from '../../shared/domain/market/session.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import { madeBars } from '../shared/adapters/parquet/made-bars.ts'

const RUNS = 5
const dataset: Dataset = { source: 'bench', asset: 'equity', interval: '1d' }
const start = Date.UTC(2024, 0, 1)

async function median(work: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]
}

function tell(what: string, ms: number, rows: number, files: number): void {
  const rate = Math.round((rows / ms) * 1000).toLocaleString('en')
  console.log(
    `${what.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms ${rate.padStart(12)} rows/s ${(ms / files).toFixed(2).padStart(6)} ms a file`,
  )
}

async function onStore(
  name: string,
  open: () => ObjectStore,
  series: readonly BarSeries[],
  rows: number,
): Promise<void> {
  let store = open()
  const fresh = await median(() => {
    store = open()
    return parquetBarArchive(store).merge(dataset, series)
  })
  const archive = parquetBarArchive(store)
  const partitions = await archive.merge(dataset, series)
  const files = partitions.length
  tell(`${name}: merge into nothing`, fresh, rows, files)
  tell(`${name}: merge the same again`, await median(() => archive.merge(dataset, series)), rows, files)
  let nudge = 0
  const other = () => series.map((bars) => ({ ...bars, close: bars.close.map((price) => price + nudge) }))
  const changed = await median(() => {
    nudge += 0.01
    return archive.merge(dataset, other())
  })
  tell(`${name}: merge with every row changed`, changed, rows, files)
  const now = await archive.merge(dataset, other())
  const query = { dataset, from: start as Instant, to: (start + 400 * DAY_MS) as Instant }
  tell(`${name}: read all symbols`, await median(() => archive.read(query, now)), rows, files)
  tell(
    `${name}: read one symbol`,
    await median(() => archive.read({ ...query, symbols: ['S0250'] }, now)),
    files,
    files,
  )
}

async function main(): Promise<void> {
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`)
  for (const [symbols, days] of [
    [500, 250],
    [50, 250],
    [5, 250],
  ]) {
    const series = madeBars({ symbols, bars: days, start, stepMs: DAY_MS })
    const rows = symbols * days
    console.log(`\n${symbols} symbols x ${days} days = ${rows.toLocaleString('en')} rows`)
    tell('dealing out to days alone', await median(() => [...tablesByDay(series, '1d')]), rows, days)
    const tables = [...tablesByDay(series, '1d')].map(([, table]) => table)
    let bytes = 0
    const floor = await median(() => {
      bytes = tables.reduce((sum, table) => sum + encodeBars(table, '1d').length, 0)
    })
    tell(`encoding alone (${Math.round(bytes / days)} bytes a file)`, floor, rows, days)
    await onStore('memory', memoryObjectStore, series, rows)
    const home = await mkdtemp(join(tmpdir(), 'edgefund-bench-'))
    let opened = 0
    await onStore('folder', () => folderObjectStore(join(home, String(opened++))), series, rows)
    await onStore(
      'folder, not durable',
      () => folderObjectStore(join(home, String(opened++)), { durable: false }),
      series,
      rows,
    )
    await rm(home, { recursive: true, force: true })
  }
}

await main()
