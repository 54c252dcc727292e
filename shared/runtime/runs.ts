import { RunEnded, RunOpened } from '../events/pipeline.ts'
import type { Database } from '../ports/database.ts'
import { InputError, UnavailableError } from '../ports/errors.ts'
import type { RunState } from '../ports/run-views.ts'
import type { Slot } from './clocks.ts'
import type { CoreParts } from './core-parts.ts'
import { hashId, isRevisionKey, runId } from './ids.ts'
import { issuesOf } from './issues.ts'
import { giveUpMissing, noteArrival, noteLost, noteRecovered, openJoins } from './joins.ts'

export type { RunState }

export interface RunRow {
  readonly run: string
  readonly workflow: string
  readonly key: string
  readonly revision: number
  readonly params: Record<string, unknown>
  readonly state: RunState
  readonly reason: string | null
  readonly code_version: string
  readonly config_hash: string
  readonly started: Date
  readonly ended: Date | null
}

export interface RunRequest {
  readonly workflow: string
  readonly key: string
  readonly params: Record<string, unknown>
  readonly slot?: Slot
  /** A new revision of a run that exists already. */
  readonly again?: boolean
  /** The run that waits for this one, and the part of its join that this one's end settles. */
  readonly parent?: { readonly run: string; readonly join: string; readonly part: string }
}

export interface OpenedRun {
  readonly run: string
  readonly state: RunState
  /** False: the run had been opened before; nothing was done. */
  readonly opened: boolean
}

export interface Provenance {
  readonly codeVersion: string
  readonly configHash: string
}

/**
 * Opens a run by its natural key and offers it to the step that starts its chain. Opening it twice is opening it once; the same key with
 * other parameters is refused, because the answer would not be what was asked for. A parent that asks for a run which is under way already
 * waits for that one; when it is over already, its state is the answer and nothing will arrive. When another run waits for it, it is an
 * `UnavailableError`: ask again later.
 */
export async function openRun(
  core: CoreParts,
  request: RunRequest,
  { codeVersion, configHash }: Provenance,
): Promise<OpenedRun> {
  const { database, registry, local } = core
  const opener = registry.opener(request.workflow)
  if (isRevisionKey(request.key)) throw new InputError(`Run key "${request.key}" ends like the name of a revision`)
  const params = opener.on.params?.safeParse(request.params)
  if (params && !params.success) {
    throw new InputError(`Parameters of ${request.workflow} are wrong: ${issuesOf(params.error, 'params')}`)
  }
  return database.transaction(async () => {
    // Two openers of one key wait for each other here, so a new revision is counted once.
    await database.write('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${request.workflow}:${request.key}`,
    ])
    const [last] = await database.read<RunRow & ParentColumns>(
      'select * from pipeline.runs where workflow = $1 and key = $2 order by revision desc limit 1',
      [request.workflow, request.key],
    )
    if (last && !request.again) {
      const [{ same }] = await database.read<{ same: boolean }>('select $1::jsonb = $2::jsonb as same', [
        JSON.stringify(last.params),
        JSON.stringify(request.params),
      ])
      if (!same)
        throw new InputError(
          `Run ${last.run} was opened with other parameters; ask for it --again to make a new revision`,
        )
      if (request.parent && last.state === 'running') await waitFor(database, last, request.parent)
      return { run: last.run, state: last.state, opened: false }
    }
    const revision = (last?.revision ?? 0) + 1
    const run = runId(request.workflow, request.key, revision)
    const { parent } = request
    await database.write(
      `insert into pipeline.runs (run, workflow, key, revision, params, parent, parent_join, parent_part, code_version, config_hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        run,
        request.workflow,
        request.key,
        revision,
        JSON.stringify(request.params),
        parent?.run ?? null,
        parent?.join ?? null,
        parent?.part ?? null,
        codeVersion,
        configHash,
      ],
    )
    const data = RunOpened.schema.parse({
      workflow: request.workflow,
      key: request.key,
      slot: request.slot,
      params: request.params,
    })
    const id = hashId(run, opener.name, 'opened')
    await database.write(
      `with said as (
         insert into pipeline.trail (event_id, run, step, subject, data, published_at) values ($1, $2, 'pipeline', $3, $4, case when $6 then now() end))
       insert into pipeline.deliveries (event_id, subscriber, run) values ($1, $5, $2)`,
      [id, run, RunOpened.subject, JSON.stringify(data), opener.name, local],
    )
    return { run, state: 'running', opened: true }
  })
}

interface ParentColumns {
  readonly parent: string | null
  readonly parent_join: string | null
  readonly parent_part: string | null
}

async function waitFor(
  database: Database,
  last: RunRow & ParentColumns,
  parent: NonNullable<RunRequest['parent']>,
): Promise<void> {
  const { count } = await database.write(
    `update pipeline.runs set parent = $2, parent_join = $3, parent_part = $4 where run = $1 and state = 'running'
       and (parent is null or (parent = $2 and parent_join = $3 and parent_part = $4))`,
    [last.run, parent.run, parent.join, parent.part],
  )
  if (count === 0) throw new UnavailableError(`Run ${last.run} is under way for ${last.parent}, which waits for it`)
}

/**
 * Closes a run when nothing of it is under way any more, once, and says so. Joins that still wait for parts that nothing can bring any
 * more are given up first, which may wake their steps. Answers the state it was closed in, if it was, and whether a step was woken.
 */
export async function closeRunIfOver(
  core: CoreParts,
  run: string,
): Promise<{ readonly closed?: 'ok' | 'partial' | 'failed'; readonly woken: boolean }> {
  const { database, local } = core
  // Mostly something is still under way; then one look is enough. Whoever commits last looks last.
  if (await isUnderWay(database, run)) return { woken: false }
  return database.transaction(async () => {
    const { rows } = await database.write<RunRow & ParentColumns>(
      `select * from pipeline.runs where run = $1 and state = 'running' for update`,
      [run],
    )
    const [row] = rows
    if (!row) return { woken: false }
    if (await isUnderWay(database, run)) return { woken: false }

    let woken = false
    for (const { step, key } of await openJoins(database, run)) {
      const reason = 'nothing of the run is under way that could bring it'
      woken = (await giveUpMissing(core, run, step, key, reason)) || woken
    }
    if (woken) return { woken: true }

    const { state, reason } = await judge(database, run)
    const data = RunEnded.schema.parse({ workflow: row.workflow, key: row.key, state, reason })
    await database.write('update pipeline.runs set state = $2, reason = $3, ended = now() where run = $1', [
      run,
      state,
      reason ?? null,
    ])
    const [{ endings }] = await database.read<{ endings: number }>(
      'select count(*)::int as endings from pipeline.trail where run = $1 and subject = $2',
      [run, RunEnded.subject],
    )
    const id = hashId(run, 'pipeline', 'ended', endings)
    await database.write(
      `insert into pipeline.trail (event_id, run, step, subject, data, published_at) values ($1, $2, 'pipeline', $3, $4, case when $5 then now() end)`,
      [id, run, RunEnded.subject, JSON.stringify(data), local],
    )
    if (row.parent && row.parent_join && row.parent_part) {
      const part = { run: row.parent, key: row.parent_join, part: row.parent_part }
      if (state === 'failed') woken = await noteLost(core, { ...part, by: run, reason: reason ?? 'failed' })
      else {
        const recovered = await noteRecovered(core, { ...part, by: run })
        woken = (await noteArrival(core, { ...part, subject: RunEnded.subject, eventId: id })) || recovered
      }
    }
    return { closed: state, woken }
  })
}

/** Whether a delivery of the run, or a run that it waits for, is not over. */
async function isUnderWay(database: Database, run: string): Promise<boolean> {
  const [{ busy }] = await database.read<{ busy: boolean }>(
    `select exists (select 1 from pipeline.deliveries where run = $1 and state in ('ready', 'running'))
         or exists (select 1 from pipeline.runs where parent = $1 and state = 'running') as busy`,
    [run],
  )
  return busy
}

/**
 * How a run ended. Failed: a step said so, or a delivery that no join waits for is dead. Partial: a step said it fell short, or a part of
 * a join is dead. What a joining step said in an earlier revision no longer counts.
 */
async function judge(
  database: Database,
  run: string,
): Promise<{ state: 'ok' | 'partial' | 'failed'; reason?: string }> {
  const effects = await database.read<{ effect: 'failed' | 'partial'; reason: string }>(
    `select effect, effect_reason as reason from pipeline.trail t
     where run = $1 and effect is not null
       and (not exists (select 1 from pipeline.joins j where j.run = t.run and j.step = t.step)
            or exists (select 1 from pipeline.joins j where j.run = t.run and j.step = t.step and j.wake = t.cause))
     order by said_at, event_id`,
    [run],
  )
  const dead = await database.read<{ subscriber: string; reason: string | null; part: string | null; joined: boolean }>(
    `select d.subscriber, d.reason, t.part,
            exists (select 1 from pipeline.joins j where j.run = d.run and j.key = t.join_key) as joined
     from pipeline.deliveries d left join pipeline.trail t on t.event_id = d.event_id
     where d.run = $1 and d.state = 'dead' order by d.subscriber, t.part`,
    [run],
  )
  const failures = [
    ...effects.filter((said) => said.effect === 'failed').map((said) => said.reason),
    ...dead.filter((row) => !row.joined).map((row) => `${row.subscriber} is dead: ${row.reason ?? 'no reason'}`),
  ]
  const shortfalls = [
    ...effects.filter((said) => said.effect === 'partial').map((said) => said.reason),
    ...dead
      .filter((row) => row.joined)
      .map((row) => `${row.subscriber} is dead for ${row.part}: ${row.reason ?? 'no reason'}`),
  ]
  if (failures.length > 0) return { state: 'failed', reason: failures.join('; ') }
  if (shortfalls.length > 0) return { state: 'partial', reason: shortfalls.join('; ') }
  return { state: 'ok' }
}

/** Takes a dead delivery out of the dead letters and offers it again; its run runs again. False when there is no such dead delivery. */
export async function replayDead(
  { database, local }: Pick<CoreParts, 'database' | 'local'>,
  eventId: string,
  subscriber: string,
): Promise<boolean> {
  return database.transaction(async () => {
    const { rows } = await database.write<{ run: string | null }>(
      `update pipeline.deliveries set state = 'ready', failures = 0, losses = 0, next_at = now(), offered_at = now(), ended_at = null
       where event_id = $1 and subscriber = $2 and state = 'dead' and original is null returning run`,
      [eventId, subscriber],
    )
    const [row] = rows
    if (!row?.run) return false
    await database.write(`update pipeline.runs set state = 'running', ended = null, reason = null where run = $1`, [
      row.run,
    ])
    // Where a bus delivers, the sweeper says the event again.
    if (!local) await database.write('update pipeline.trail set published_at = null where event_id = $1', [eventId])
    // A join that has not gone on without the part waits for it again; one that has is told when the part succeeds.
    await database.write(
      `delete from pipeline.join_arrivals a using pipeline.trail t, pipeline.joins j
       where t.event_id = $1 and a.run = t.run and a.key = t.join_key and a.part = t.part
         and j.run = a.run and j.step = a.step and j.key = a.key and j.completed_at is null
         and a.subject = 'dead:' || $2 and a.outcome = 'failed'`,
      [eventId, subscriber],
    )
    return true
  })
}

/** Offers every dead delivery of a run again. Answers how many. */
export async function retryRun(core: Pick<CoreParts, 'database' | 'local'>, run: string): Promise<number> {
  const dead = await core.database.read<{ event_id: string; subscriber: string }>(
    `select event_id, subscriber from pipeline.deliveries where run = $1 and state = 'dead' and original is null
     order by subscriber, event_id`,
    [run],
  )
  let replayed = 0
  for (const { event_id, subscriber } of dead) if (await replayDead(core, event_id, subscriber)) replayed++
  return replayed
}
