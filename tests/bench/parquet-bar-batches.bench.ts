/**
 * Three ways to hand 120,000 bars (500 symbols x 240 days) from one step to the next: columns as they lie in memory (what is used),
 * `node:v8` serialisation, Parquet. Run it with `npx tsx tests/bench/parquet-bar-batches.bench.ts`.
 */
import { cpus } from 'node:os'
import { deserialize, serialize } from 'node:v8'
import { decodeBarBatches, encodeBarBatches } from '../../shared/adapters/objects/bar-batch-format.ts'
import { sha256Hex } from '../../shared/adapters/objects/sha256.ts'
import { encodeBars } from '../../shared/adapters/parquet/bar-schema.ts'
import { blankTable, copyBars } from '../../shared/adapters/parquet/bar-table.ts'
import { bufferOf } from '../../shared/adapters/parquet/buffer-of.ts'
import { scanBars } from '../../shared/adapters/parquet/scan-bars.ts'
import { joinTables, seriesOf } from '../../shared/adapters/parquet/table-series.ts'
import { DAY_MS } from '../../shared/domain/market/session.ts'
import { madeBars } from '../shared/adapters/parquet/made-bars.ts'

const RUNS = 11
const series = madeBars({ symbols: 500, bars: 240, start: Date.UTC(2024, 0, 1), stepMs: DAY_MS })
const rows = 120_000
const batches = [{ dataset: { source: 'bench', asset: 'equity', interval: '1d' } as const, series }]

async function median(work: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]
}

async function toParquet(): Promise<Uint8Array> {
  const table = blankTable(rows, false)
  series.forEach((bars, index) => {
    copyBars(bars, 0, bars.at.length, table, index * 240)
  })
  return encodeBars(table, '1d')
}

async function fromParquet(bytes: Uint8Array) {
  const tables = []
  for await (const table of scanBars(bufferOf(bytes), {})) tables.push(table)
  return seriesOf([joinTables(tables)])
}

async function main(): Promise<void> {
  console.log(
    `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; hashed once more on writing, as a store does`,
  )
  const ways = [
    { name: 'columns, checksum inside', write: () => encodeBarBatches(batches), read: decodeBarBatches },
    {
      name: 'node:v8',
      write: () => new Uint8Array(serialize(batches)),
      read: (bytes: Uint8Array) => deserialize(bytes),
    },
    { name: 'Parquet, Snappy', write: toParquet, read: fromParquet },
  ]
  for (const { name, write, read } of ways) {
    const bytes = await write()
    const writing = await median(async () => sha256Hex(await write()))
    const reading = await median(() => read(bytes))
    console.log(
      `${name.padEnd(26)} ${(bytes.length / 1e6).toFixed(2)} MB, write ${writing.toFixed(1)} ms, read ${reading.toFixed(1)} ms`,
    )
  }
}

await main()
