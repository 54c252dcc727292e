import { groupBy } from '../domain/group-by.ts'
import { JoinCompleted } from '../events/pipeline.ts'
import type { Database } from '../ports/database.ts'
import type { CoreParts } from './core-parts.ts'
import { hashId } from './ids.ts'
import type { Joined, JoinTrigger } from './step.ts'

/** A join, locked for this transaction, and whether it waits for the part that this is about. */
interface LockedJoin {
  readonly expects: boolean
  readonly parts: number
  readonly subjects: number
  readonly revision: number
  readonly completed_at: Date | null
}

/** A fan-out's parts, as one commit stamps them. */
export interface FanOut {
  readonly key: string
  readonly parts: readonly string[]
}

/**
 * Writes down who waits for these parts. Runs in the fan-out's own transaction. A later fan-out of the same join adds its parts; when the
 * join was complete without them, they open a new revision.
 */
export async function expectParts(core: CoreParts, run: string, fanOut: FanOut): Promise<void> {
  const { database, registry } = core
  for (const step of registry.joiners(fanOut.key)) {
    await database.write(
      `insert into pipeline.joins (run, step, key, expected, subjects, deadline)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
       on conflict (run, step, key) do update set
         expected = (select jsonb_agg(distinct part order by part)
                     from jsonb_array_elements_text(pipeline.joins.expected || excluded.expected) as added (part)),
         revision = pipeline.joins.revision + (pipeline.joins.completed_at is not null)::int,
         completed_at = null,
         deadline = greatest(pipeline.joins.deadline, excluded.deadline)
       where not pipeline.joins.expected @> excluded.expected`,
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

/** A part of a fan-out, as the joins of its run know it. */
interface Part {
  readonly run: string
  readonly key: string
  readonly part: string
}

export interface Arrival extends Part {
  readonly subject: string
  readonly eventId: string
}

/**
 * Notes that an event of a part has come, for every step that joins it, and wakes a step whose parts are all settled. Exactly one arrival
 * completes a join: the row is locked before it is counted. A part that had failed and now comes whole opens a new revision.
 * Answers whether a step was woken.
 */
export async function noteArrival(core: CoreParts, arrival: Arrival): Promise<boolean> {
  const { database, registry } = core
  let woken = false
  for (const step of registry.joiners(arrival.key)) {
    if (!step.on.of.some((type) => type.subject === arrival.subject)) continue
    const join = await lockJoin(database, step.name, arrival)
    if (!join?.expects) continue
    const { count } = await database.write(
      `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, event_id)
       values ($1, $2, $3, $4, $5, 'arrived', $6) on conflict do nothing`,
      [arrival.run, step.name, arrival.key, arrival.part, arrival.subject, arrival.eventId],
    )
    if (count === 0) continue
    const { whole, lost, settled } = await tally(database, step.name, arrival, join)
    // A join that has gone on is told again only of a part that came whole after all.
    if (!settled || (join.completed_at !== null && (lost || !whole))) continue
    await wake(core, arrival.run, step.name, arrival.key, join)
    woken = true
  }
  return woken
}

export interface LostPart extends Part {
  /** What gave the part up: a dead subscriber, a deadline. */
  readonly by: string
  readonly reason: string
}

/** Notes that a part cannot come any more (its delivery is dead), so that the join goes on without it. */
export async function noteLost(core: CoreParts, lost: LostPart): Promise<boolean> {
  const { database, registry } = core
  let woken = false
  for (const step of registry.joiners(lost.key)) {
    const join = await lockJoin(database, step.name, lost)
    if (!join?.expects) continue
    await database.write(
      `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, reason)
       values ($1, $2, $3, $4, $5, 'failed', $6) on conflict (run, step, key, part, subject) do update set reason = excluded.reason`,
      [lost.run, step.name, lost.key, lost.part, `dead:${lost.by}`, lost.reason],
    )
    if (join.completed_at || !(await tally(database, step.name, lost, join)).settled) continue
    await wake(core, lost.run, step.name, lost.key, join)
    woken = true
  }
  return woken
}

/**
 * Takes back that a part was lost to this subscriber, now that it has succeeded after all (a dead letter that was replayed). A join that
 * had gone on without the part is told with a new revision: at once when nothing of the part is missing, else when it is settled again.
 */
export async function noteRecovered(core: CoreParts, found: Part & { readonly by: string }): Promise<boolean> {
  const { database, registry } = core
  let woken = false
  for (const step of registry.joiners(found.key)) {
    const join = await lockJoin(database, step.name, found)
    if (!join) continue
    const { count } = await database.write(
      `delete from pipeline.join_arrivals where run = $1 and step = $2 and key = $3 and part = $4 and subject = $5`,
      [found.run, step.name, found.key, found.part, `dead:${found.by}`],
    )
    if (count === 0) continue
    const { whole, lost, settled } = await tally(database, step.name, found, join)
    if (whole && !lost && settled) {
      await wake(core, found.run, step.name, found.key, join)
      woken = true
    } else if (!lost && join.completed_at !== null) {
      await database.write(
        `update pipeline.joins set completed_at = null, revision = revision + 1,
           deadline = greatest(deadline, now() + $4 * interval '1 millisecond') where run = $1 and step = $2 and key = $3`,
        [found.run, step.name, found.key, step.on.deadlineMs],
      )
    }
  }
  return woken
}

/**
 * Gives up the missing parts of a join and wakes its step: after its deadline, or when nothing of its run is under way any more.
 * Answers whether the step was woken.
 */
export async function giveUpMissing(
  core: CoreParts,
  run: string,
  step: string,
  key: string,
  reason: string,
): Promise<boolean> {
  const { database } = core
  const join = await lockJoin(database, step, { run, key, part: '' })
  if (!join || join.completed_at) return false
  await database.write(
    `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, reason)
     select $1, $2, $3, part, 'deadline', 'failed', $5
     from pipeline.joins j, jsonb_array_elements_text(j.expected) as missing (part)
     where j.run = $1 and j.step = $2 and j.key = $3 and (select count(*) from pipeline.join_arrivals a
            where a.run = $1 and a.step = $2 and a.key = $3 and a.part = missing.part and outcome = 'arrived') < $4
       and not exists (select 1 from pipeline.join_arrivals a
            where a.run = $1 and a.step = $2 and a.key = $3 and a.part = missing.part and outcome = 'failed')
     on conflict do nothing`,
    [run, step, key, join.subjects, reason],
  )
  await wake(core, run, step, key, join)
  return true
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

/** Gathers what a joining step is told. A part that a later fan-out has added and that is still under way is left to the next revision. */
export async function readJoined(
  database: Database,
  run: string,
  step: string,
  trigger: JoinTrigger<unknown>,
): Promise<Joined<never>> {
  const [join] = await database.read<{ expected: string[]; subjects: string[]; revision: number }>(
    'select expected, subjects, revision from pipeline.joins where run = $1 and step = $2 and key = $3',
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
  const byPart = groupBy(rows, (row) => row.part)
  for (const part of join.expected) {
    const of = byPart.get(part) ?? []
    const lost = of.filter((row) => row.outcome === 'failed')
    const events = Object.fromEntries(
      of.filter((row) => row.outcome === 'arrived').map((row) => [row.subject, row.data]),
    )
    if (lost.length > 0) failed.push({ part, reason: lost.map((row) => row.reason ?? 'failed').join('; ') })
    else if (of.length >= join.subjects.length) parts.push({ part, events })
  }
  const expected = [...parts, ...failed].map(({ part }) => part).sort()
  return { revision: join.revision, expected, parts, failed } as unknown as Joined<never>
}

async function lockJoin(database: Database, step: string, { run, key, part }: Part): Promise<LockedJoin | undefined> {
  const { rows } = await database.write<LockedJoin>(
    `select expected ? $4 as expects, jsonb_array_length(expected) as parts, jsonb_array_length(subjects) as subjects,
            revision, completed_at
     from pipeline.joins where run = $1 and step = $2 and key = $3 for update`,
    [run, step, key, part],
  )
  return rows[0]
}

interface Tally {
  /** The part has brought everything. */
  readonly whole: boolean
  /** Something of the part cannot come any more. */
  readonly lost: boolean
  /** Every part has come or is lost. */
  readonly settled: boolean
}

/** Looks at one part of a join, and counts the join when this part may have been the last. */
async function tally(database: Database, step: string, about: Part, join: LockedJoin): Promise<Tally> {
  const { run, key, part } = about
  const [{ whole, dead, late }] = await database.read<{ whole: boolean; dead: boolean; late: boolean }>(
    `select count(*) filter (where outcome = 'arrived') >= $5 as whole,
            coalesce(bool_or(outcome = 'failed' and subject <> 'deadline'), false) as dead,
            coalesce(bool_or(subject = 'deadline'), false) as late
     from pipeline.join_arrivals where run = $1 and step = $2 and key = $3 and part = $4`,
    [run, step, key, part, join.subjects],
  )
  // A part that came whole after all is not late any more: what its deadline said is forgotten.
  if (late && whole) {
    await database.write(
      `delete from pipeline.join_arrivals where run = $1 and step = $2 and key = $3 and part = $4 and subject = 'deadline'`,
      [run, step, key, part],
    )
  }
  const lost = dead || (late && !whole)
  const settled = (whole || lost) && (await isSettled(database, step, about, join))
  return { whole, lost, settled }
}

/** Whether every part has come or is lost, asked when one has just been settled. */
async function isSettled(database: Database, step: string, { run, key }: Part, join: LockedJoin): Promise<boolean> {
  const { rows } = await database.write<{ settlings: number }>(
    `update pipeline.joins set settlings = settlings + 1 where run = $1 and step = $2 and key = $3 returning settlings`,
    [run, step, key],
  )
  // Every part is settled at least once before all of them are.
  if (rows[0].settlings < join.parts) return false
  const [{ settled }] = await database.read<{ settled: number }>(
    `select count(*) filter (where whole or gone)::int as settled
     from (select count(*) filter (where outcome = 'arrived') >= $4 as whole, bool_or(outcome = 'failed') as gone
           from pipeline.join_arrivals where run = $1 and step = $2 and key = $3 group by part) as parts`,
    [run, step, key, join.subjects],
  )
  return settled >= join.parts
}

/** Wakes the joining step; a join that was complete before is told again as a new revision. Its run is running again. */
async function wake(
  { database, local }: CoreParts,
  run: string,
  step: string,
  key: string,
  join: Pick<LockedJoin, 'revision' | 'completed_at'>,
): Promise<void> {
  const revision = join.completed_at === null ? join.revision : join.revision + 1
  const id = hashId(run, step, 'join', key, revision)
  const data = JoinCompleted.schema.parse({ step, key, revision })
  await database.write(
    `with woken as (
       update pipeline.joins set completed_at = now(), revision = $4, wake = $5 where run = $1 and step = $2 and key = $3),
     revived as (
       update pipeline.runs set state = 'running', ended = null, reason = null where run = $1 and state <> 'running'),
     said as (
       insert into pipeline.trail (event_id, run, step, subject, data, published_at)
       values ($5, $1, 'pipeline', $6, $7, case when $8 then now() end) on conflict do nothing)
     insert into pipeline.deliveries (event_id, subscriber, run) values ($5, $2, $1) on conflict do nothing`,
    [run, step, key, revision, id, JoinCompleted.subject, JSON.stringify(data), local],
  )
}
