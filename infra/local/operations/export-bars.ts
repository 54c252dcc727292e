import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import { exportBarsParquet } from '../../../shared/adapters/parquet/export-bars.ts'
import { type BarSeries, countBars, type Dataset, type Interval } from '../../../shared/domain/market/bar.ts'
import { DAY_MS, type Instant, msToSession, type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { House } from '../house.ts'
import { operation } from './operation.ts'

const date = z.iso.date()
const interval = z.enum(['1d', '1h', '5m', '1m'])

export interface Exported {
  readonly file: string
  readonly source: string
  readonly rows: number
  readonly symbols: number
  readonly bytes: number
}

/** Before any bar there is, and after. */
const EARLIEST = Date.UTC(1900, 0, 1) as Instant
const LATEST = Date.UTC(2200, 0, 1) as Instant

/**
 * Writes stored bars into a file, raw or adjusted, in one rename when it is complete. CSV has `symbol,date|timestamp,open,high,low,close,
 * volume,basis` (and `bid,ask` where a bar has quotes); Parquet the same columns.
 */
export const exportBars = operation(
  z.strictObject({
    out: z.string().refine((path) => isAbsolute(path), 'expected an absolute path'),
    symbols: z.array(z.string().min(1)).min(1).optional(),
    from: date.optional(),
    to: date.optional(), // inclusive
    interval: interval.default('1d'),
    source: z.string().min(1).optional(),
    adjusted: z.enum(['none', 'split', 'total']).default('none'),
    asOf: date.optional(),
    /** ISO instant. */
    knownAt: z.iso.datetime({ offset: true }).optional(),
  }),
  async (asked, house): Promise<Exported> => {
    const datasets = await chooseDatasets(house, asked.interval, asked.source)
    const [{ source }] = datasets
    const series: BarSeries[] = []
    for (const dataset of datasets) {
      const found = await house.parts.ports.barHistory.read({
        dataset,
        ...(asked.symbols && { symbols: asked.symbols }),
        from: asked.from === undefined ? EARLIEST : sessionToMs(asked.from as Session),
        to: asked.to === undefined ? LATEST : ((sessionToMs(asked.to as Session) + DAY_MS) as Instant),
        adjusted: asked.adjusted,
        ...(asked.asOf !== undefined && { asOf: asked.asOf as Session }),
        ...(asked.knownAt !== undefined && { knownAt: Date.parse(asked.knownAt) as Instant }),
      })
      series.push(...found.filter(({ at }) => at.length > 0))
    }
    const present = new Set(series.map(({ symbol }) => symbol))
    const absent = asked.symbols?.filter((symbol) => !present.has(symbol)) ?? []
    if (absent.length > 0 || series.length === 0) {
      const what = absent.length > 0 ? absent.join(', ') : 'any symbol'
      throw new InputError(
        `There are no ${asked.interval} bars of ${what} from ${source} in the time asked for; nothing was written`,
      )
    }
    series.sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0))
    const write = asked.out.toLowerCase().endsWith('.parquet') ? exportBarsParquet : writeCsv
    const { rows, bytes } = await write(asked.out, asked.interval, series)
    return { file: asked.out, source, rows, symbols: present.size, bytes }
  },
)

/** The asset classes of one source. */
async function chooseDatasets(house: House, wanted: Interval, source: string | undefined): Promise<Dataset[]> {
  const { barStore, catalogue } = house.parts.ports
  const all = [...(await barStore.datasets()), ...(await catalogue.datasets())]
  const matching = all.filter((dataset) => dataset.interval === wanted)
  const sources = [...new Set(matching.map((dataset) => dataset.source))].sort()
  if (sources.length === 0) throw new InputError(`There are no ${wanted} bars stored yet; "run ingestion" brings some`)
  if (source === undefined && sources.length > 1) {
    throw new InputError(`There are ${wanted} bars of ${sources.join(', ')}; choose one with --source`)
  }
  const chosen = source ?? sources[0]
  if (!sources.includes(chosen)) {
    throw new InputError(`There are no ${wanted} bars of "${chosen}"; there are bars of ${sources.join(', ')}`)
  }
  const assets = new Map(
    matching.filter((dataset) => dataset.source === chosen).map((dataset) => [dataset.asset, dataset]),
  )
  return [...assets.values()]
}

async function writeCsv(path: string, wanted: Interval, series: readonly BarSeries[]) {
  await mkdir(dirname(path), { recursive: true })
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    const chunks = Readable.from(csvChunks(wanted, series))
    const file = createWriteStream(draft)
    if (path.toLowerCase().endsWith('.gz')) await pipeline(chunks, createGzip(), file)
    else await pipeline(chunks, file)
    const { size } = await stat(draft)
    await rename(draft, path)
    return { rows: countBars(series), bytes: size }
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function* csvChunks(wanted: Interval, series: readonly BarSeries[]): Iterable<string> {
  const quotes = series.some(({ bid, ask }) => bid && ask)
  const time = wanted === '1d' ? 'date' : 'timestamp'
  yield `symbol,${time},open,high,low,close,volume,basis${quotes ? ',bid,ask' : ''}\n`
  const timeText = (at: number) => (wanted === '1d' ? msToSession(at) : `${new Date(at).toISOString().slice(0, 19)}Z`)
  const number = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? '' : String(value))
  for (const bars of series) {
    let chunk = ''
    for (let i = 0; i < bars.at.length; i++) {
      const numbers = [bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]].map(number)
      chunk += `${bars.symbol},${timeText(bars.at[i])},${numbers.join(',')},${bars.basis}`
      chunk += quotes ? `,${number(bars.bid?.[i])},${number(bars.ask?.[i])}\n` : '\n'
    }
    yield chunk
  }
}
