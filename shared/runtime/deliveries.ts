import type { Database } from '../ports/database.ts'
import { isRecordOf } from './sql-rows.ts'

/** A delivery this process holds, with the event that is delivered. `attempt` is the fence. */
export interface Claimed {
  readonly eventId: string
  readonly subscriber: string
  readonly attempt: number
  readonly failures: number
  /** Attempts that ended without a word. */
  readonly losses: number
  readonly run: string
  readonly subject: string
  readonly data: unknown
  readonly join: string | undefined
  readonly part: string | undefined
  readonly partitionKey: string | undefined
  readonly traceparent: string | undefined
}

export type Claim =
  | { readonly state: 'claimed'; readonly delivery: Claimed }
  | { readonly state: 'busy' | 'done' | 'dead' | 'unknown' }

const SERIAL_INDEX = 'deliveries_serial'

/**
 * Claims a delivery in one statement: ready, or running under a lease that has expired, which counts as a failure of the attempt that
 * held it. Another running delivery with the same serial key makes it busy. All times are the database's.
 */
export async function claim(
  database: Database,
  eventId: string,
  subscriber: string,
  owner: string,
  leaseMs: number,
): Promise<Claim> {
  const claimed = await tryClaim(database, eventId, subscriber, owner, leaseMs)
  if (claimed === 'serial') {
    // The holder of the key may be dead: hand its delivery back, then it is anybody's turn.
    const { count } = await database.write(
      `update pipeline.deliveries set state = 'ready', losses = losses + 1, owner = null, lease_until = null
       where state = 'running' and lease_until < now() and subscriber = $2
         and serial_key = (select serial_key from pipeline.deliveries where event_id = $1 and subscriber = $2)`,
      [eventId, subscriber],
    )
    const again = count > 0 ? await tryClaim(database, eventId, subscriber, owner, leaseMs) : 'serial'
    if (again === 'serial') return { state: 'busy' }
    if (again) return { state: 'claimed', delivery: again }
  } else if (claimed) return { state: 'claimed', delivery: claimed }

  const [row] = await database.read<{ state: string }>(
    'select state from pipeline.deliveries where event_id = $1 and subscriber = $2',
    [eventId, subscriber],
  )
  if (!row) return { state: 'unknown' }
  return { state: row.state === 'done' || row.state === 'dead' ? row.state : 'busy' }
}

interface ClaimRow {
  attempt: number
  failures: number
  losses: number
  run: string
  subject: string
  data: unknown
  join_key: string | null
  part: string | null
  partition_key: string | null
  traceparent: string | null
}

async function tryClaim(database: Database, eventId: string, subscriber: string, owner: string, leaseMs: number) {
  try {
    const { rows } = await database.write<ClaimRow>(
      `update pipeline.deliveries d
       set state = 'running', attempt = d.attempt + 1, losses = d.losses + (d.state = 'running')::int, owner = $3,
           lease_until = now() + $4 * interval '1 millisecond'
       from pipeline.trail t
       where d.event_id = $1 and d.subscriber = $2 and t.event_id = d.event_id
         and (d.state = 'ready' or (d.state = 'running' and d.lease_until < now()))
       returning d.attempt, d.failures, d.losses, d.run, t.subject, t.data, t.join_key, t.part, t.partition_key, t.traceparent`,
      [eventId, subscriber, owner, leaseMs],
    )
    const [row] = rows
    if (!row) return undefined
    const delivery: Claimed = {
      eventId,
      subscriber,
      attempt: row.attempt,
      failures: row.failures,
      losses: row.losses,
      run: row.run,
      subject: row.subject,
      data: row.data,
      join: row.join_key ?? undefined,
      part: row.part ?? undefined,
      partitionKey: row.partition_key ?? undefined,
      traceparent: row.traceparent ?? undefined,
    }
    return delivery
  } catch (error) {
    if (isRecordOf(error, { code: '23505', constraint: SERIAL_INDEX })) return 'serial'
    throw error
  }
}

/** Hands a delivery back to be tried again after a while; `counted` failures lead to the dead letters. False when it is no longer ours. */
export async function handBack(
  database: Database,
  delivery: Claimed,
  options: { readonly counted: boolean; readonly delayMs: number; readonly reason: string },
): Promise<boolean> {
  const { count } = await database.write(
    `update pipeline.deliveries
     set state = 'ready', owner = null, lease_until = null, reason = $4, failures = failures + $5,
         next_at = now() + $6 * interval '1 millisecond', offered_at = now()
     where event_id = $1 and subscriber = $2 and attempt = $3 and state = 'running'`,
    [
      delivery.eventId,
      delivery.subscriber,
      delivery.attempt,
      storableText(options.reason),
      options.counted ? 1 : 0,
      options.delayMs,
    ],
  )
  return count === 1
}

/** Ends a delivery in the dead letters. False when it is no longer ours. */
export async function bury(database: Database, delivery: Claimed, reason: string, counted: boolean): Promise<boolean> {
  const { count } = await database.write(
    `update pipeline.deliveries
     set state = 'dead', owner = null, lease_until = null, reason = $4, failures = failures + $5, ended_at = now()
     where event_id = $1 and subscriber = $2 and attempt = $3 and state = 'running'`,
    [delivery.eventId, delivery.subscriber, delivery.attempt, storableText(reason), counted ? 1 : 0],
  )
  return count === 1
}

/** Keeps what could not even be read, with its bytes, so that a person can look. Doubles are one. */
export async function buryUnreadable(
  database: Database,
  id: string,
  subscriber: string,
  original: Uint8Array,
  reason: string,
): Promise<void> {
  await database.write(
    `insert into pipeline.deliveries (event_id, subscriber, state, reason, original, ended_at)
     values ($1, $2, 'dead', $3, $4, now()) on conflict do nothing`,
    [id, subscriber, storableText(reason), Buffer.from(original)],
  )
}

const LONGEST_REASON = 4_000

/** What PostgreSQL takes as text (no zero bytes), and no longer than a person reads. */
export function storableText(text: string): string {
  return text.slice(0, LONGEST_REASON).replaceAll('\0', '\\0')
}

/** Gives back what dead processes of this owner's family held, e.g. after a restart of the local runtime. Each counts as a loss. */
export async function releaseOwners(database: Database, prefix: string): Promise<number> {
  const { count } = await database.write(
    `update pipeline.deliveries
     set state = 'ready', losses = losses + 1, owner = null, lease_until = null, next_at = now()
     where state = 'running' and starts_with(owner, $1)`,
    [prefix],
  )
  return count
}

export interface Offer {
  readonly eventId: string
  readonly subscriber: string
}

/** Deliveries that can be claimed now, oldest first, without those whose serial key is taken. */
export async function claimable(database: Database, limit: number, subscribers?: readonly string[]): Promise<Offer[]> {
  // Two ordered walks along two small indexes, each as short as the limit, however many wait and however many are done.
  const free = `($2::text[] is null or subscriber = any($2))
       and (serial_key is null or not exists (
         select 1 from pipeline.deliveries o
         where o.subscriber = d.subscriber and o.serial_key = d.serial_key and o.state = 'running'
           and o.lease_until >= now() and o.event_id <> d.event_id))`
  const rows = await database.read<{ event_id: string; subscriber: string }>(
    `select event_id, subscriber from (
       (select next_at as due, event_id, subscriber from pipeline.deliveries d
        where state = 'ready' and next_at <= now() and ${free} order by next_at, event_id limit $1)
       union all
       (select lease_until, event_id, subscriber from pipeline.deliveries d
        where state = 'running' and lease_until < now() and ${free} order by lease_until limit $1)) as offers
     order by due, event_id limit $1`,
    [limit, subscribers ?? null],
  )
  return rows.map((row) => ({ eventId: row.event_id, subscriber: row.subscriber }))
}

/** Milliseconds until something can be claimed that cannot be now; undefined when nothing waits. */
export async function nextClaimable(database: Database): Promise<number | undefined> {
  const [row] = await database.read<{ ms: number | null }>(
    `select extract(epoch from least((select min(next_at) from pipeline.deliveries where state = 'ready'),
                                     (select min(lease_until) from pipeline.deliveries where state = 'running'))
                               - now())::float8 * 1000 as ms`,
  )
  return row?.ms ?? undefined
}
