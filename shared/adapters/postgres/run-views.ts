import { JoinCompleted } from '../../events/pipeline.ts'
import type { Database } from '../../ports/database.ts'
import type {
  BarOrigin,
  DeadLetter,
  RunEdge,
  RunJoin,
  RunLine,
  RunOpening,
  RunStep,
  RunViews,
  TrailLine,
} from '../../ports/run-views.ts'

interface RunRow extends Omit<RunOpening, 'started' | 'ended' | 'seconds' | 'codeVersion' | 'configHash'> {
  readonly code_version: string
  readonly config_hash: string
  readonly started: Date
  readonly ended: Date | null
}

/** As many missing parts of a join as tell what is wrong with it. */
const MISSING_SHOWN = 10

/** Reads the schema `pipeline`. */
export function postgresRunViews(database: Database): RunViews {
  return {
    async list({ workflow, state, limit, offset = 0 }) {
      const rows = await database.read<RunRow>(
        `select * from pipeline.runs where ($1::text is null or workflow = $1) and ($2::text is null or state = $2)
         order by started desc, run desc limit $3 offset $4`,
        [workflow ?? null, state ?? null, limit, offset],
      )
      return rows.map(lineOf)
    },

    async newest() {
      // There are a handful of workflows and thousands of runs: from name to name by the index, not over all of them.
      const rows = await database.read<RunRow>(
        `with recursive names as (
           (select workflow from pipeline.runs order by workflow limit 1)
           union all
           select (select r.workflow from pipeline.runs r where r.workflow > n.workflow order by r.workflow limit 1)
           from names n where n.workflow is not null)
         select newest.* from names n cross join lateral (
           select * from pipeline.runs r where r.workflow = n.workflow order by r.started desc, r.run desc limit 1) newest
         order by newest.workflow`,
      )
      return rows.map(lineOf)
    },

    async find(name) {
      const [row] = await database.read<RunRow>(
        'select * from pipeline.runs where run = $1 or key = $1 order by run = $1 desc, started desc limit 1',
        [name],
      )
      if (!row) return undefined
      const { params, parent, code_version, config_hash } = row
      return { ...lineOf(row), params, parent, codeVersion: code_version, configHash: config_hash }
    },

    async newestOf(workflow, key) {
      const [row] = await database.read<RunRow>(
        'select * from pipeline.runs where workflow = $1 and key = $2 order by revision desc limit 1',
        [workflow, key],
      )
      return row && lineOf(row)
    },

    steps: (run) =>
      database.read<RunStep>(
        `select d.subscriber as step,
                count(*) filter (where d.state = 'done')::int as done, count(*) filter (where d.state = 'ready')::int as waiting,
                count(*) filter (where d.state = 'running')::int as running, count(*) filter (where d.state = 'dead')::int as dead,
                sum(d.attempt)::int as attempts,
                case when bool_and(d.state in ('done', 'dead')) then extract(epoch from max(d.ended_at) - min(t.said_at))::float8 end as seconds,
                coalesce(jsonb_agg(distinct d.reason) filter (where d.reason is not null), '[]') as reasons
         from pipeline.deliveries d left join pipeline.trail t on t.event_id = d.event_id
         where d.run = $1 group by d.subscriber order by min(t.said_at), d.subscriber`,
        [run],
      ),

    // The runtime says that a join is complete; what people want to see is whose words the join waited for.
    edges: (run) =>
      database.read<RunEdge>(
        `select t.step as "from", t.subject, d.subscriber as "to", count(*)::int as count
         from pipeline.deliveries d join pipeline.trail t on t.event_id = d.event_id
         where d.run = $1 and t.subject <> $2 group by 1, 2, 3
         union all
         select t.step, t.subject, a.step, count(*)::int
         from pipeline.join_arrivals a join pipeline.trail t on t.event_id = a.event_id
         where a.run = $1 group by 1, 2, 3 order by 1, 2, 3`,
        [run, JoinCompleted.subject],
      ),

    joins: (run) =>
      database.read<RunJoin>(
        `with parts as (
           select j.step, j.key, e.part,
                  count(*) filter (where a.outcome = 'arrived') >= jsonb_array_length(j.subjects) as whole,
                  string_agg(a.reason, '; ' order by a.subject) filter (where a.outcome = 'failed') as reason,
                  coalesce(bool_or(a.outcome = 'failed'), false) as failed
           from pipeline.joins j cross join jsonb_array_elements_text(j.expected) as e (part)
             left join pipeline.join_arrivals a on a.run = j.run and a.step = j.step and a.key = j.key and a.part = e.part
           where j.run = $1 group by j.run, j.step, j.key, e.part)
         select j.step, j.key, j.revision, jsonb_array_length(j.expected) as expected, j.completed_at is not null as complete,
                coalesce((select jsonb_agg(part) from (
                   select part from parts p where p.step = j.step and p.key = j.key and not whole and not failed
                   order by part limit $2) as m), '[]') as missing,
                coalesce((select jsonb_agg(jsonb_build_object('part', part, 'reason', coalesce(reason, 'failed')) order by part)
                   from parts p where p.step = j.step and p.key = j.key and failed), '[]') as failed
         from pipeline.joins j where j.run = $1 order by j.step, j.key`,
        [run, MISSING_SHOWN],
      ),

    events: (run) =>
      database.read(
        'select subject, count(*)::int as count from pipeline.trail where run = $1 group by subject order by min(said_at), subject',
        [run],
      ),

    async trail(run, from, limit, step) {
      const rows = await database.read<Omit<TrailLine, 'said_at'> & { said_at: Date }>(
        `select said_at, event_id as event, subject, step, cause, part, data from pipeline.trail where run = $1
           and ($4::text is null or step = $4
             or event_id in (select event_id from pipeline.deliveries where run = $1 and subscriber = $4)
             or event_id in (select event_id from pipeline.join_arrivals where run = $1 and step = $4))
         order by said_at, subject, event_id offset $2 limit $3`,
        [run, from, limit, step ?? null],
      )
      return rows.map(({ said_at, ...rest }) => ({ said_at: said_at.toISOString(), ...rest }))
    },

    async children(run, limit) {
      const rows = await database.read<RunRow>(
        'select * from pipeline.runs where parent = $1 order by started, run limit $2',
        [run, limit],
      )
      return rows.map(lineOf)
    },

    async deadLetters({ run, limit }) {
      const rows = await database.read<Omit<DeadLetter, 'died'> & { died: Date }>(
        `select d.event_id as event, d.subscriber, d.run, t.subject, t.part, d.reason, d.attempt as attempts, d.ended_at as died,
                d.original is null as replayable
         from pipeline.deliveries d left join pipeline.trail t on t.event_id = d.event_id
         where d.state = 'dead' and ($1::text is null or d.run = $1)
         order by d.ended_at desc, d.event_id, d.subscriber limit $2`,
        [run ?? null, limit],
      )
      return rows.map(({ died, ...letter }) => ({ ...letter, died: died.toISOString() }))
    },

    async countDeadLetters() {
      const [{ dead }] = await database.read<{ dead: number }>(
        `select count(*)::int as dead from pipeline.deliveries where state = 'dead'`,
      )
      return dead
    },

    async said(run, subject) {
      const [row] = await database.read<{ data: Record<string, unknown> }>(
        'select data from pipeline.trail where run = $1 and subject = $2 order by said_at, event_id limit 1',
        [run, subject],
      )
      return row?.data
    },

    barOrigins: (symbol, source, session) =>
      database.read<BarOrigin>(
        `with brought as (
           select r.run from ingestion.quality_reports r
           where r.source = $2 and r.interval = '1d' and $3::date between r.from_session and r.to_session
             and exists (select 1 from ingestion.payloads p where p.run = r.run and p.symbol = $1)
           order by r.reported_at desc, r.run limit 1)
         select p.run, p.request, p.sha256 from ingestion.payloads p join brought on brought.run = p.run
         where p.symbol = $1 order by p.request`,
        [symbol, source, session],
      ),
  }
}

function lineOf(row: RunRow): RunLine {
  const { run, workflow, key, revision, state, reason, started, ended } = row
  const seconds = ended === null ? null : (ended.getTime() - started.getTime()) / 1000
  return {
    run,
    workflow,
    key,
    revision,
    state,
    reason,
    started: started.toISOString(),
    ended: ended?.toISOString() ?? null,
    seconds,
  }
}
