import type { Database } from '../../shared/ports/database.ts'
import type { StreamPlace } from '../../shared/runtime/checkpoints.ts'

/** Where reading for a step goes on; undefined when nobody has read for it yet. */
export async function readPosition(database: Database, step: string): Promise<StreamPlace | undefined> {
  const [row] = await database.read<{ stream: string; sequence: string }>(
    'select stream, sequence from pipeline.stream_positions where step = $1',
    [step],
  )
  return row && { stream: row.stream, sequence: Number(row.sequence) }
}

/** Notes that everything up to here is done with. A bridge that has lost its lease and is late moves nothing back. */
export async function notePosition(database: Database, step: string, { stream, sequence }: StreamPlace): Promise<void> {
  await database.write(
    `insert into pipeline.stream_positions (step, stream, sequence) values ($1, $2, $3)
     on conflict (step) do update set stream = excluded.stream, sequence = excluded.sequence
     where pipeline.stream_positions.stream < excluded.stream
        or (pipeline.stream_positions.stream = excluded.stream and pipeline.stream_positions.sequence < excluded.sequence)`,
    [step, stream, sequence],
  )
}
