import { JoinCompleted } from '../events/pipeline.ts'
import type { Database } from '../ports/database.ts'
import type { CoreParts } from './core-parts.ts'
import { hashId } from './ids.ts'
import type { Joined, JoinTrigger } from './step.ts'

interface JoinRow {
  expected: string[]
  subjects: string[]
  revision: number
  completed_at: Date | null
}

/** A fan-out's parts, as one commit stamps them. */
export interface FanOut {
  readonly key: string
  readonly parts: readonly string[]
}

/** Writes down who waits for these parts. Runs in the fan-out's own transaction; a later fan-out of the same join adds its parts. */
export async function expectParts<P>(core: CoreParts<P>, run: string, fanOut: FanOut): Promise<void> {
  const { database, registry } = core
  for (const step of registry.joiners(fanOut.key)) {
    await database.write(
      `insert into pipeline.joins (run, step, key, expected, subjects, deadline)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
       on conflict (run, step, key) do update set
         expected = (select jsonb_agg(distinct part order by part)
                     from jsonb_array_elements_text(pipeline.joins.expected || excluded.expected) as part),
         deadline = greatest(pipeline.joins.deadline, excluded.deadline)`,
      [
        run,
        step.name,
        fanOut.key,
        JSON.stringify([...new Set(fanOut.parts)].sort()),
        JSON.stringify(step.on.of.map((type) => type.subject)),
        step.on.deadlineMs,
      ],
    )
  }
}

export interface Arrival {
  readonly run: string
  readonly key: string
  readonly part: string
  readonly subject: string
  readonly eventId: string
}

/**
 * Notes that an event of a part has come, for every step that joins it, and wakes a step whose parts are all settled. Exactly one arrival
 * completes a join: the row is locked before it is counted. A part that had failed and now comes whole opens a new revision.
 * Answers whether a step was woken.
 */
export async function noteArrival<P>(core: CoreParts<P>, arrival: Arrival): Promise<boolean> {
  const { database, registry } = core
  let woken = false
  for (const step of registry.joiners(arrival.key)) {
    if (!step.on.of.some((type) => type.subject === arrival.subject)) continue
    const join = await lockJoin(database, arrival.run, step.name, arrival.key)
    if (!join) continue
    const { count } = await database.write(
      `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, event_id)
       values ($1, $2, $3, $4, $5, 'arrived', $6) on conflict do nothing`,
      [arrival.run, step.name, arrival.key, arrival.part, arrival.subject, arrival.eventId],
    )
    if (count === 0) continue
    // A part that came whole after all is not late any more.
    const { rows } = await database.write<{ whole: boolean }>(
      `with whole as (
         select count(*) filter (where outcome = 'arrived') >= $5 as whole from pipeline.join_arrivals
         where run = $1 and step = $2 and key = $3 and part = $4),
       forgiven as (
         delete from pipeline.join_arrivals a using whole
         where whole.whole and a.run = $1 and a.step = $2 and a.key = $3 and a.part = $4 and a.subject = 'deadline')
       select whole from whole`,
      [arrival.run, step.name, arrival.key, arrival.part, join.subjects.length],
    )
    const reopened = join.completed_at !== null && rows[0].whole
    if (join.completed_at !== null && !reopened) continue
    woken = (await wakeIfSettled(core, arrival.run, step.name, arrival.key, join, reopened)) || woken
  }
  return woken
}

export interface LostPart {
  readonly run: string
  readonly key: string
  readonly part: string
  /** What gave the part up: a dead subscriber, a deadline. */
  readonly by: string
  readonly reason: string
}

/** Notes that a part cannot come any more (its delivery is dead), so that the join goes on without it. */
export async function noteLost<P>(core: CoreParts<P>, lost: LostPart): Promise<boolean> {
  const { database, registry } = core
  let woken = false
  for (const step of registry.joiners(lost.key)) {
    const join = await lockJoin(database, lost.run, step.name, lost.key)
    if (!join) continue
    await database.write(
      `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, reason)
       values ($1, $2, $3, $4, $5, 'failed', $6) on conflict (run, step, key, part, subject) do update set reason = excluded.reason`,
      [lost.run, step.name, lost.key, lost.part, `dead:${lost.by}`, lost.reason],
    )
    if (join.completed_at) continue
    woken = (await wakeIfSettled(core, lost.run, step.name, lost.key, join, false)) || woken
  }
  return woken
}

/**
 * Gives up the missing parts of a join and wakes its step: after its deadline, or when nothing of its run is under way any more.
 * Answers whether the step was woken.
 */
export async function giveUpMissing<P>(
  core: CoreParts<P>,
  run: string,
  step: string,
  key: string,
  reason: string,
): Promise<boolean> {
  const { database } = core
  const join = await lockJoin(database, run, step, key)
  if (!join || join.completed_at) return false
  await database.write(
    `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, reason)
     select $1, $2, $3, part, 'deadline', 'failed', $6
     from jsonb_array_elements_text($4::jsonb) as part
     where (select count(*) from pipeline.join_arrivals a
            where a.run = $1 and a.step = $2 and a.key = $3 and a.part = part.part and outcome = 'arrived') < $5
       and not exists (select 1 from pipeline.join_arrivals a
            where a.run = $1 and a.step = $2 and a.key = $3 and a.part = part.part and outcome = 'failed')
     on conflict do nothing`,
    [run, step, key, JSON.stringify(join.expected), join.subjects.length, reason],
  )
  return wakeIfSettled(core, run, step, key, join, false)
}

/** Joins whose deadline has passed. */
export async function overdueJoins(database: Database): Promise<{ run: string; step: string; key: string }[]> {
  return database.read(`select run, step, key from pipeline.joins where completed_at is null and deadline < now()`)
}

/** Joins of a run that still wait. */
export async function openJoins(database: Database, run: string): Promise<{ step: string; key: string }[]> {
  return database.read(
    `select step, key from pipeline.joins where run = $1 and completed_at is null order by step, key`,
    [run],
  )
}

/** Gathers what a joining step is told. */
export async function readJoined(
  database: Database,
  run: string,
  step: string,
  trigger: JoinTrigger<unknown>,
): Promise<Joined<never>> {
  const [join] = await database.read<JoinRow>(
    'select expected, subjects, revision, completed_at from pipeline.joins where run = $1 and step = $2 and key = $3',
    [run, step, trigger.key],
  )
  if (!join) throw new Error(`Run ${run} has no join "${trigger.key}" for ${step}`)
  const rows = await database.read<{
    part: string
    subject: string
    outcome: string
    reason: string | null
    data: unknown
  }>(
    `select a.part, a.subject, a.outcome, a.reason, t.data from pipeline.join_arrivals a
     left join pipeline.trail t on t.event_id = a.event_id
     where a.run = $1 and a.step = $2 and a.key = $3 order by a.part, a.subject`,
    [run, step, trigger.key],
  )
  const parts: { part: string; events: Record<string, unknown> }[] = []
  const failed: { part: string; reason: string }[] = []
  for (const part of join.expected) {
    const of = rows.filter((row) => row.part === part)
    const lost = of.filter((row) => row.outcome === 'failed')
    const events = Object.fromEntries(
      of.filter((row) => row.outcome === 'arrived').map((row) => [row.subject, row.data]),
    )
    if (lost.length > 0) failed.push({ part, reason: lost.map((row) => row.reason ?? 'failed').join('; ') })
    else parts.push({ part, events })
  }
  return { revision: join.revision, expected: join.expected, parts, failed } as unknown as Joined<never>
}

async function lockJoin(database: Database, run: string, step: string, key: string): Promise<JoinRow | undefined> {
  const { rows } = await database.write<JoinRow>(
    `select expected, subjects, revision, completed_at from pipeline.joins
     where run = $1 and step = $2 and key = $3 for update`,
    [run, step, key],
  )
  return rows[0]
}

async function wakeIfSettled<P>(
  { database, local }: CoreParts<P>,
  run: string,
  step: string,
  key: string,
  join: JoinRow,
  reopened: boolean,
): Promise<boolean> {
  const [{ settled }] = await database.read<{ settled: number }>(
    `select count(*)::int as settled from (
       select part from pipeline.join_arrivals where run = $1 and step = $2 and key = $3 and $4::jsonb ? part
       group by part
       having bool_or(outcome = 'failed') or count(*) filter (where outcome = 'arrived') >= $5) as parts`,
    [run, step, key, JSON.stringify(join.expected), join.subjects.length],
  )
  if (settled < join.expected.length) return false
  const revision = reopened ? join.revision + 1 : join.revision
  const wake = hashId(run, step, 'join', key, revision)
  const data = JoinCompleted.schema.parse({ step, key, revision })
  await database.write(
    `with woken as (
       update pipeline.joins set completed_at = now(), revision = $4, wake = $5 where run = $1 and step = $2 and key = $3),
     said as (
       insert into pipeline.trail (event_id, run, step, subject, data, published_at)
       values ($5, $1, 'pipeline', $6, $7, case when $8 then now() end) on conflict do nothing)
     insert into pipeline.deliveries (event_id, subscriber, run) values ($5, $2, $1) on conflict do nothing`,
    [run, step, key, revision, wake, JoinCompleted.subject, JSON.stringify(data), local],
  )
  return true
}
