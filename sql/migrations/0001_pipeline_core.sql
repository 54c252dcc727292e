-- The event core: how an event becomes an effect exactly once. Written by the runtime alone.
create schema if not exists pipeline;
comment on schema pipeline is 'The event core: runs, trail, deliveries, joins, clocks and the catalogue of objects. Written by the runtime alone.';

create table pipeline.runs (
  run           text primary key,
  workflow      text not null,
  key           text not null,
  revision      integer not null default 1 check (revision >= 1),
  params        jsonb not null default '{}',
  state         text not null default 'running' check (state in ('running', 'ok', 'partial', 'failed')),
  reason        text,
  parent        text references pipeline.runs,
  parent_join   text,
  parent_part   text,
  code_version  text not null,
  config_hash   text not null,
  started       timestamptz not null default now(),
  ended         timestamptz,
  unique (workflow, key, revision)
);
create index runs_started on pipeline.runs (started desc);
create index runs_open on pipeline.runs (started) where state = 'running';
comment on table pipeline.runs is 'One pass of a chain. Opening the same (workflow, key, revision) twice is the same run.';
comment on column pipeline.runs.workflow is 'the chain, by the name its clock step gives it';
comment on column pipeline.runs.state is 'running until none of its deliveries is ready or running';
comment on column pipeline.runs.parent_join is 'the join of the parent that this run''s end settles a part of';
comment on column pipeline.runs.parent_part is 'that part';
comment on column pipeline.runs.run is 'workflow, key and revision in one name; part of every event id of the run';
comment on column pipeline.runs.key is 'natural key: a session, a range, a month, or the Idempotency-Key of an HTTP start';
comment on column pipeline.runs.revision is 'raised by "run … --again"';
comment on column pipeline.runs.params is 'what the opener asked for';
comment on column pipeline.runs.reason is 'why the run ended partial or failed';
comment on column pipeline.runs.parent is 'the run whose step opened this one and waits for its end at (parent_join, parent_part)';
comment on column pipeline.runs.code_version is 'version of the code that opened the run';
comment on column pipeline.runs.config_hash is 'hash of the settings that the run was opened with';
comment on column pipeline.runs.started is 'wall time (volatile)';
comment on column pipeline.runs.ended is 'wall time (volatile)';

create table pipeline.trail (
  event_id       text primary key,
  run            text not null,
  step           text not null,
  subject        text not null,
  cause          text,
  join_key       text,
  part           text,
  partition_key  text,
  traceparent    text,
  data           jsonb not null,
  effect         text check (effect in ('failed', 'partial')),
  effect_reason  text,
  said_at        timestamptz not null default now(),
  published_at   timestamptz
);
create index trail_run on pipeline.trail (run, said_at);
create index trail_unpublished on pipeline.trail (said_at) where published_at is null;
comment on table pipeline.trail is 'Every event once, append-only: the answer to what happened and why.';
comment on column pipeline.trail.event_id is 'hash(run, step, cause, subject, ordinal); a second attempt says the same ids';
comment on column pipeline.trail.run is 'the run it was said in';
comment on column pipeline.trail.subject is 'the word, as declared in shared/events (CloudEvents type)';
comment on column pipeline.trail.data is 'the event''s data, by the schema of its subject';
comment on column pipeline.trail.part is 'which part of the fan-out';
comment on column pipeline.trail.partition_key is 'events of one key keep their order, where a stream carries them';
comment on column pipeline.trail.traceparent is 'W3C trace context that came with the cause';
comment on column pipeline.trail.effect_reason is 'why, in words';
comment on column pipeline.trail.step is 'the step that said it (CloudEvents source)';
comment on column pipeline.trail.cause is 'the event that woke the step';
comment on column pipeline.trail.join_key is 'the join that this part of a fan-out belongs to';
comment on column pipeline.trail.effect is 'what saying this means for the run';
comment on column pipeline.trail.said_at is 'wall time (volatile)';
comment on column pipeline.trail.published_at is 'when the bus acknowledged it (volatile)';

create table pipeline.deliveries (
  event_id     text not null,
  subscriber   text not null,
  run          text,
  state        text not null default 'ready' check (state in ('ready', 'running', 'done', 'dead')),
  attempt      integer not null default 0,
  failures     integer not null default 0,
  losses       integer not null default 0,
  owner        text,
  lease_until  timestamptz,
  serial_key   text,
  next_at      timestamptz not null default now(),
  offered_at   timestamptz not null default now(),
  ended_at     timestamptz,
  reason       text,
  original     bytea,
  primary key (event_id, subscriber)
);
create index deliveries_ready on pipeline.deliveries (next_at, event_id) where state = 'ready';
create index deliveries_running on pipeline.deliveries (lease_until) where state = 'running';
create index deliveries_run on pipeline.deliveries (run, state);
create index deliveries_dead on pipeline.deliveries (ended_at desc) where state = 'dead';
create unique index deliveries_serial on pipeline.deliveries (subscriber, serial_key) where state = 'running' and serial_key is not null;
comment on table pipeline.deliveries is 'One row per event and subscriber: outbox and inbox in one.';
comment on column pipeline.deliveries.event_id is 'the event; the hash of its bytes when it could not be read';
comment on column pipeline.deliveries.subscriber is 'the step it is for';
comment on column pipeline.deliveries.run is 'the event''s run; null when it could not be read';
comment on column pipeline.deliveries.state is 'ready to be claimed, running under a lease, done, or dead until a person replays it';
comment on column pipeline.deliveries.reason is 'what went wrong last; null once it is done';
comment on column pipeline.deliveries.offered_at is 'when it was last offered to the bus (volatile)';
comment on column pipeline.deliveries.ended_at is 'when it was done or died (volatile)';
comment on column pipeline.deliveries.attempt is 'counts claims and is the fence: only the attempt that holds it can commit (volatile)';
comment on column pipeline.deliveries.failures is 'counted attempts that failed; at the step''s limit the delivery is dead (volatile)';
comment on column pipeline.deliveries.losses is 'attempts that ended without a word: killed, or stalled past their lease (volatile)';
comment on column pipeline.deliveries.owner is 'the process that holds the lease (volatile)';
comment on column pipeline.deliveries.lease_until is 'the step''s timeout plus 5 seconds after the claim, by this database''s clock (volatile)';
comment on column pipeline.deliveries.serial_key is 'at most one running delivery per subscriber and key';
comment on column pipeline.deliveries.next_at is 'not before (volatile)';
comment on column pipeline.deliveries.original is 'the bytes of an event that could not be parsed';

create table pipeline.joins (
  run           text not null,
  step          text not null,
  key           text not null,
  expected      jsonb not null,
  subjects      jsonb not null,
  revision      integer not null default 1,
  wake          text,
  deadline      timestamptz not null,
  completed_at  timestamptz,
  primary key (run, step, key)
);
create index joins_open on pipeline.joins (deadline) where completed_at is null;
comment on table pipeline.joins is 'A fan-in: who waits for which parts. The row is locked before an arrival is noted, so exactly one arrival completes it.';
comment on column pipeline.joins.expected is 'names of the parts, sorted';
comment on column pipeline.joins.subjects is 'the events that each part must bring';
comment on column pipeline.joins.revision is 'raised when a part that had failed arrives after the join was complete';
comment on column pipeline.joins.wake is 'event id that woke the joining step last';
comment on column pipeline.joins.run is 'the run of the fan-out';
comment on column pipeline.joins.step is 'the joining step';
comment on column pipeline.joins.key is 'name of the join, as the fan-out stamps it';
comment on column pipeline.joins.deadline is 'when the missing parts are given up (volatile)';
comment on column pipeline.joins.completed_at is 'when the last part was settled (volatile)';

create table pipeline.join_arrivals (
  run       text not null,
  step      text not null,
  key       text not null,
  part      text not null,
  subject   text not null,
  outcome   text not null check (outcome in ('arrived', 'failed')),
  event_id  text,
  reason    text,
  primary key (run, step, key, part, subject)
);
comment on table pipeline.join_arrivals is 'The parts that came, and those that cannot come any more.';
comment on column pipeline.join_arrivals.run is 'as in pipeline.joins';
comment on column pipeline.join_arrivals.step is 'as in pipeline.joins';
comment on column pipeline.join_arrivals.key is 'as in pipeline.joins';
comment on column pipeline.join_arrivals.part is 'the part that this is about';
comment on column pipeline.join_arrivals.subject is 'the event that came; "dead:<subscriber>" or "deadline" for what gave the part up';
comment on column pipeline.join_arrivals.outcome is 'arrived, or failed for good unless a replay brings it';
comment on column pipeline.join_arrivals.event_id is 'the event that came';
comment on column pipeline.join_arrivals.reason is 'why the part failed';

create table pipeline.clocks (
  step       text primary key,
  last_tick  timestamptz not null,
  last_slot  text not null
);
comment on table pipeline.clocks is 'How far each clock step has been opened; a late, early or doubled tick opens the same run or none.';
comment on column pipeline.clocks.step is 'the clock step';
comment on column pipeline.clocks.last_tick is 'the scheduled time it was last opened for';
comment on column pipeline.clocks.last_slot is 'the newest slot it was opened for';

create table pipeline.objects (
  key          text primary key,
  source       text not null,
  asset        text not null,
  interval     text not null,
  session      date not null,
  sha256       text not null,
  bytes        bigint not null,
  rows         bigint not null,
  run          text,
  recorded_at  timestamptz not null default now()
);
create index objects_dataset on pipeline.objects (source, asset, interval, session);
comment on table pipeline.objects is 'The files whose content is committed; readers trust these hashes and nothing else.';
comment on column pipeline.objects.key is 'the object''s key';
comment on column pipeline.objects.source is 'the provider of the bars';
comment on column pipeline.objects.asset is 'equity, index, rate or crypto';
comment on column pipeline.objects.interval is 'length of the bars';
comment on column pipeline.objects.sha256 is 'of the bytes, in hex';
comment on column pipeline.objects.bytes is 'size of the file';
comment on column pipeline.objects.session is 'the day the partition holds';
comment on column pipeline.objects.rows is 'bars in the file';
comment on column pipeline.objects.run is 'the run that wrote it last';
comment on column pipeline.objects.recorded_at is 'wall time (volatile)';
