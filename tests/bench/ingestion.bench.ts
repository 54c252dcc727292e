/**
 * WF1 over 505 symbols x 5 years: file in, checked, PostgreSQL and Parquet out, against two bare loads of the same rows into the same table,
 * in the same run: from the file as WF1 does (read, COPY, nothing else), and COPY alone of text that lies ready in memory. Needs a real server: `EDGEFUND_TEST_DATABASE_URL=… npx tsx tests/bench/ingestion.bench.ts [rounds]`. Reads the
 * S&P 500 file beside the repository where there is one, else a simulated market of the same size.
 */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { fileProvider } from '../../shared/adapters/file/file-provider.ts'
import { openDatabase } from '../../shared/adapters/postgres/database.ts'
import type { BarSeries } from '../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../shared/domain/market/instrument.ts'
import { msToSession, session } from '../../shared/domain/market/session.ts'
import { migrate, readMigrations } from '../../shared/runtime/migrations.ts'
import { makeDatabase } from '../make-database.ts'

const REAL = fileURLToPath(
  new URL('../../../shared/market-data/normalized/sp500-daily-2013-2018.csv.gz', import.meta.url),
)
const WORKER = fileURLToPath(new URL('ingestion-worker.ts', import.meta.url))
const RANGE = { from: '2013-02-08', to: '2018-02-07' }
const LIMIT_MIB = 512

async function main(): Promise<void> {
  const server = process.env.EDGEFUND_TEST_DATABASE_URL
  if (!server) throw new Error('This bench needs a real PostgreSQL: set EDGEFUND_TEST_DATABASE_URL')
  const rounds = Number(process.argv[2] ?? 3)
  const home = await mkdtemp(join(tmpdir(), 'edgefund-bench-'))
  const data = existsSync(REAL) ? REAL : await simulatedFile(home)
  const { symbols, series } = await readFile(data)
  const rows = series.reduce((sum, { at }) => sum + at.length, 0)
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`)
  console.log(`${rows} bars of ${symbols.length} symbols${data === REAL ? '' : ' (simulated)'}, ${rounds} rounds`)

  const ready = series.map(copyText)
  const copied: number[] = []
  const bare: number[] = []
  const full: number[] = []
  let peakMiB = 0
  for (let round = 0; round < rounds; round++) {
    copied.push(await inNewDatabase(server, (url) => bareLoad(url, () => ready)))
    bare.push(
      await inNewDatabase(server, (url) => bareLoad(url, async () => (await readFile(data)).series.map(copyText))),
    )
    const result = await inNewDatabase(server, async (url) =>
      runWorker(url, join(home, `home-${round}`), data, symbols),
    )
    full.push(result.ms)
    peakMiB = Math.max(peakMiB, result.peakMiB)
  }
  const [copyMs, bareMs, fullMs] = [median(copied), median(bare), median(full)]
  const ratio = (ms: number) => (ms / fullMs).toFixed(2)
  console.log(`COPY alone, its text ready in memory: ${copyMs} ms, ${rate(rows, copyMs)} bars/s`)
  console.log(`bare load, file to table: ${bareMs} ms, ${rate(rows, bareMs)} bars/s`)
  console.log(`WF1: ${fullMs} ms, ${rate(rows, fullMs)} bars/s (to reach: 60,000)`)
  console.log(`  ${ratio(bareMs)} x the bare load (to reach: 0.6), ${ratio(copyMs)} x COPY alone`)
  console.log(`peak memory beside the server: ${peakMiB} MiB (limit: ${LIMIT_MIB})`)
  await rm(home, { recursive: true })
}

interface WorkerResult {
  readonly ms: number
  readonly peakMiB: number
}

function runWorker(url: string, home: string, data: string, symbols: readonly string[]): WorkerResult {
  const child = spawnSync(process.execPath, ['--import', 'tsx', WORKER], {
    input: JSON.stringify({ home, data, symbols, ...RANGE }),
    env: { ...process.env, DATABASE_URL: url },
    encoding: 'utf8',
  })
  if (child.status !== 0) throw new Error(`The worker ended with ${child.status}: ${child.stderr}`)
  return JSON.parse(child.stdout) as WorkerResult
}

async function readFile(data: string) {
  const provider = await fileProvider({ data, basis: 'split-adjusted' })
  const symbols = (await provider.fileRange())?.symbols ?? []
  const request = { instruments: symbols.map(instrumentOf), from: session(RANGE.from), to: session(RANGE.to) }
  const { series } = await provider.fetchEod(request, { payload: (_symbol, _request, fetch) => fetch() })
  return { symbols, series }
}

/** The same rows in one COPY and one transaction, into partitions made beforehand; timed from before the rows are read. */
async function bareLoad(url: string, read: () => Iterable<string> | Promise<Iterable<string>>): Promise<number> {
  const database = openDatabase({ url })
  await migrate(database, await readMigrations(new URL('../../sql/migrations/', import.meta.url)))
  await database.write(
    `select ingestion.ensure_months('market_data', array_agg(day::date))
     from generate_series('${RANGE.from}'::date, '${RANGE.to}'::date, '1 day') as day`,
  )
  await database.close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const begun = performance.now()
  const columns = 'symbol, date, source, asset, basis, open, high, low, close, volume'
  await pipeline(await read(), client.query(copyFrom(`copy ingestion.market_data (${columns}) from stdin`)))
  const ms = Math.round(performance.now() - begun)
  await client.end()
  return ms
}

function copyText({ symbol, basis, at, open, high, low, close, volume }: BarSeries): string {
  let text = ''
  for (let i = 0; i < at.length; i++) {
    // What has a missing price cannot be loaded; WF1 quarantines it.
    if (Number.isNaN(open[i] + high[i] + low[i] + close[i] + volume[i])) continue
    const numbers = `${open[i]}\t${high[i]}\t${low[i]}\t${close[i]}\t${volume[i]}`
    text += `${symbol}\t${msToSession(at[i])}\tfile\tequity\t${basis}\t${numbers}\n`
  }
  return text
}

async function inNewDatabase<T>(server: string, work: (url: string) => Promise<T>): Promise<T> {
  const { url, drop } = await makeDatabase(server)
  try {
    return await work(url)
  } finally {
    await drop()
  }
}

/** A random walk a symbol, for machines without the real file. */
async function simulatedFile(folder: string): Promise<string> {
  const { tradingCalendar } = await import('../../shared/domain/market/trading-calendar.ts')
  const sessions = tradingCalendar('XNYS').sessions(session(RANGE.from), session(RANGE.to))
  let state = 1
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  let text = 'symbol,date,open,high,low,close,volume\n'
  for (let i = 0; i < 505; i++) {
    let price = 20 + random() * 200
    for (const date of sessions) {
      const open = price
      price *= 1 + (random() - 0.5) * 0.03
      const cells = [open, Math.max(open, price) * 1.003, Math.min(open, price) * 0.997, price].map((value) =>
        value.toFixed(2),
      )
      text += `S${i},${date},${cells.join(',')},${Math.round(random() * 1e7)}\n`
    }
  }
  const file = join(folder, 'simulated.csv')
  await writeFile(file, text)
  return file
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

function rate(rows: number, ms: number): string {
  return Math.round((rows / ms) * 1000).toLocaleString('en-US')
}

await main()
