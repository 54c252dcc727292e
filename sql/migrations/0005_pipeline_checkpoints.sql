-- Ephemeral events are in no trail and have no deliveries: what a step has done of them is noted by its place in the bus's stream.
create table pipeline.checkpoints (
  run          text not null,
  step         text not null,
  partition    text not null,
  stream       text collate "C" not null,
  sequence     bigint not null,
  heard        jsonb not null default '{}',
  said_count   bigint not null default 0,
  said         jsonb,
  advanced_at  timestamptz not null default now(),
  primary key (run, step, partition)
);
comment on table pipeline.checkpoints is 'How far a step that takes batches has come. Moved in the transaction of the batch''s effect, so that each event takes effect once.';
comment on column pipeline.checkpoints.run is 'the run of the events';
comment on column pipeline.checkpoints.step is 'the step that takes them';
comment on column pipeline.checkpoints.partition is 'their partition key; empty when they have none';
comment on column pipeline.checkpoints.stream is 'the bus''s stream as <name>@<time it was made>: one that is lost and made anew counts from 1 again';
comment on column pipeline.checkpoints.sequence is 'the last place in that stream that is done with: taken, or set aside among the dead letters';
comment on column pipeline.checkpoints.heard is 'the highest running number heard, by producer: what a producer says again is told by it, wherever it lies';
comment on column pipeline.checkpoints.said_count is 'how many events the step has said here; the running number of the last of them';
comment on column pipeline.checkpoints.said is 'ephemeral events that are committed and not known to be published; null when there are none (volatile)';
comment on column pipeline.checkpoints.advanced_at is 'when it last moved (volatile)';

create table pipeline.stream_positions (
  step      text primary key,
  stream    text collate "C" not null,
  sequence  bigint not null
);
comment on table pipeline.stream_positions is 'Where the bridge goes on reading after a start: at or below it everything is done with. A hint; the checkpoints decide.';
comment on column pipeline.stream_positions.step is 'the step that is read for';
comment on column pipeline.stream_positions.stream is 'as in pipeline.checkpoints';
comment on column pipeline.stream_positions.sequence is 'the place below the lowest that is not done with (volatile)';
