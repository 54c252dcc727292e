import type { Logger } from 'pino'
import type { Envelope } from '../events/envelope.ts'
import type { Database } from '../ports/database.ts'
import { UnavailableError } from '../ports/errors.ts'
import type { Publisher, PublishOptions } from '../ports/publisher.ts'

interface PublishParts {
  readonly database: Database
  readonly publisher: Publisher | undefined
  readonly log: Logger
}

export interface TrailRow {
  readonly event_id: string
  readonly run: string
  readonly step: string
  readonly subject: string
  readonly cause: string | null
  readonly join_key: string | null
  readonly part: string | null
  readonly partition_key: string | null
  readonly traceparent: string | null
  readonly data: unknown
  readonly said_at: Date
}

/** A row of the trail as a CloudEvent. */
export function toEnvelope(row: TrailRow): Envelope {
  return {
    specversion: '1.0',
    id: row.event_id,
    source: row.step,
    type: row.subject,
    time: row.said_at.toISOString(),
    datacontenttype: 'application/json',
    data: row.data,
    runid: row.run,
    ...(row.cause !== null && { causationid: row.cause }),
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
    ...(row.join_key !== null && { join: row.join_key }),
    ...(row.part !== null && { part: row.part }),
    ...(row.partition_key !== null && { partitionkey: row.partition_key }),
  }
}

/** What to publish: one step's answer to one event, what the runtime said of a run, or everything left over. */
export type Unpublished =
  | { readonly cause: string | undefined; readonly step: string; readonly run?: string }
  | { readonly olderThanMs: number; readonly limit: number }

/**
 * Publishes what has not been, and notes it once the bus has it. A bus that is away is no error here: the sweeper comes back to it.
 * Answers how many were published.
 */
export async function publishEvents({ database, publisher, log }: PublishParts, which: Unpublished): Promise<number> {
  if (!publisher) return 0
  const rows =
    'olderThanMs' in which
      ? await database.read<TrailRow>(
          `select * from pipeline.trail where published_at is null and said_at <= now() - $1 * interval '1 millisecond'
           order by said_at limit $2`,
          [which.olderThanMs, which.limit],
        )
      : await database.read<TrailRow>(
          `select * from pipeline.trail
           where published_at is null and ((cause = $1 and step = $2) or (step = 'pipeline' and ($3::text is null or run = $3)))
           order by said_at`,
          [which.cause ?? null, which.step, which.run ?? null],
        )
  // What was left over is said again whatever the bus remembers of it; the claim absorbs doubles.
  return publishAndNote({ database, publisher, log }, rows, { again: 'olderThanMs' in which })
}

/** Publishes rows that the caller knows, and notes those that the bus has. Answers how many. */
export async function publishAndNote(
  { database, publisher, log }: PublishParts,
  rows: readonly TrailRow[],
  options: PublishOptions = {},
): Promise<number> {
  if (!publisher || rows.length === 0) return 0
  const published = await publishRows(publisher, rows, options, log)
  if (published.length === 0) return 0
  await database.write('update pipeline.trail set published_at = now() where event_id = any($1)', [
    published.map((row) => row.event_id),
  ])
  return published.length
}

/** All at once; when the bus refuses them although it is there, one by one, so that one bad event does not hold up the others. */
async function publishRows(
  publisher: Publisher,
  rows: readonly TrailRow[],
  options: PublishOptions,
  log: Logger,
): Promise<readonly TrailRow[]> {
  try {
    await publisher.publish(rows.map(toEnvelope), options)
    return rows
  } catch (error) {
    if (error instanceof UnavailableError || rows.length === 1) {
      log.warn({ err: error, event: rows[0].event_id, events: rows.length }, 'not published; left to the sweeper')
      return []
    }
    const published: TrailRow[] = []
    for (const row of rows) published.push(...(await publishRows(publisher, [row], options, log)))
    return published
  }
}
