import type { Dataset } from '../../domain/market/bar.ts'
import { DAY_MS, type Session, sessionToMs } from '../../domain/market/session.ts'
import type { BarArchive, Partition } from '../../ports/bar-store.ts'
import { PermanentError, UnavailableError } from '../../ports/errors.ts'
import type { ObjectStore } from '../../ports/object-store.ts'
import { concurrently } from '../objects/concurrently.ts'
import { sha256Hex } from '../objects/sha256.ts'
import { encodeBars } from './bar-schema.ts'
import { type BarTable, inOrder } from './bar-table.ts'
import { bufferOf } from './buffer-of.ts'
import { mergeTables } from './merge-tables.ts'
import { partitionKey } from './partition-key.ts'
import { type BarSelection, scanBars } from './scan-bars.ts'
import { joinTables, seriesOf } from './table-series.ts'
import { tablesByDay } from './tables-by-day.ts'

/** So many partitions are in flight at once: while some wait for the disk or the network, another is encoded. */
const IN_FLIGHT = 8

/**
 * Hive-partitioned Parquet in an object store, one file a UTC day of a dataset (`partitionKey`), columns symbol, date or time, open, high,
 * low, close, volume, basis, and bid, ask where a row has them. A partition that gains nothing is not written again.
 */
export function parquetBarArchive(objects: ObjectStore): BarArchive {
  return {
    async merge(dataset, series) {
      const days = [...tablesByDay(series, dataset.interval)]
      return concurrently(days, IN_FLIGHT, ([session, table]) => mergeDay(objects, dataset, session, table))
    },

    async read({ dataset, symbols, from, to }, partitions) {
      const selection = { from, to, ...(symbols ? { symbols: new Set(symbols) } : {}) }
      const wanted = partitions
        .filter(({ session }) => sessionToMs(session) < to && sessionToMs(session) + DAY_MS > from)
        .sort((a, b) => (a.session < b.session ? -1 : 1))
      for (const { key, session } of wanted) {
        if (key === partitionKey(dataset, session)) continue
        throw new PermanentError(
          `${key} is not the partition of ${session} (expected ${partitionKey(dataset, session)})`,
        )
      }
      const tables = await concurrently(wanted, IN_FLIGHT, async (partition) =>
        decode(partition.key, await verifiedBody(objects, partition), selection),
      )
      return seriesOf(tables)
    },
  }
}

async function mergeDay(objects: ObjectStore, dataset: Dataset, session: Session, newer: BarTable): Promise<Partition> {
  const key = partitionKey(dataset, session)
  const stored = await objects.get(key)
  const before = stored && inOrder(await decode(key, stored.body, {}))
  const table = before ? mergeTables(before, newer) : newer
  if (stored && table === before) return describe(key, session, stored.body, table)

  const bytes = encodeBars(table, dataset.interval)
  if (stored && Buffer.compare(stored.body, bytes) === 0) return describe(key, session, bytes, table)
  const etag = await objects.put(key, bytes, stored ? { ifMatch: stored.etag } : { ifAbsent: true })
  if (etag === undefined) throw new UnavailableError(`Another writer changed ${key} meanwhile`)
  return describe(key, session, bytes, table)
}

function describe(key: string, session: Session, bytes: Uint8Array, { at }: BarTable): Partition {
  return { key, session, sha256: sha256Hex(bytes), bytes: bytes.length, rows: at.length }
}

async function decode(key: string, body: Uint8Array, selection: BarSelection): Promise<BarTable> {
  try {
    const tables: BarTable[] = []
    for await (const table of scanBars(bufferOf(body), selection)) tables.push(table)
    return joinTables(tables)
  } catch (error) {
    throw new PermanentError(`${key} is not a Parquet file of bars: ${(error as Error).message}`, { cause: error })
  }
}

/** The bytes the catalogue speaks of. A writer may just have replaced them and not committed yet, or be about to: so look twice. */
async function verifiedBody(objects: ObjectStore, { key, sha256 }: Partition): Promise<Uint8Array> {
  let found: string | undefined
  for (let look = 1; look <= 2; look++) {
    const body = (await objects.get(key))?.body
    found = body && sha256Hex(body)
    if (body && found === sha256) return body
  }
  throw new UnavailableError(
    found === undefined
      ? `${key} is in the catalogue but not in the object store`
      : `${key} is not what the catalogue says (expected SHA-256 ${sha256}, found ${found})`,
  )
}
