import type { Envelope } from '../events/envelope.ts'
import type { Database } from '../ports/database.ts'
import type { Fence } from './commit.ts'

/** Whose place it is. */
export interface CheckpointKey {
  readonly run: string
  readonly step: string
  readonly partition: string
}

/** How far a step has come in a partition of a run. */
export interface Checkpoint {
  /** Undefined before the first batch. */
  readonly place: StreamPlace | undefined
  /** The highest number heard, by producer. */
  readonly heard: Readonly<Record<string, number>>
  readonly saidCount: number
  /** Committed, and not known to be published. */
  readonly said: readonly Envelope[]
}

export interface StreamPlace {
  readonly stream: string
  readonly sequence: number
}

interface CheckpointRow {
  readonly stream: string
  readonly sequence: string
  readonly heard: Record<string, number>
  readonly said_count: string
  readonly said: Envelope[] | null
}

export async function readCheckpoint(database: Database, key: CheckpointKey): Promise<Checkpoint> {
  const [row] = await database.read<CheckpointRow>(
    `select stream, sequence, heard, said_count, said from pipeline.checkpoints
     where run = $1 and step = $2 and partition = $3`,
    [key.run, key.step, key.partition],
  )
  if (!row) return { place: undefined, heard: {}, saidCount: 0, said: [] }
  return {
    place: { stream: row.stream, sequence: Number(row.sequence) },
    heard: row.heard,
    saidCount: Number(row.said_count),
    said: row.said ?? [],
  }
}

/**
 * Moves a checkpoint as part of a commit, if it is still where it was read: somebody else's move means that the effect is theirs. Of two
 * who make the first, one waits for the other and comes too late.
 */
export function moveFence(
  key: CheckpointKey,
  from: Checkpoint,
  to: Checkpoint & { readonly place: StreamPlace },
): Fence {
  return {
    sql: `insert into pipeline.checkpoints (run, step, partition, stream, sequence, heard, said_count, said)
          values ($7, $2, $8, $9, $10, $11, $12, $13)
          on conflict (run, step, partition) do update
            set stream = excluded.stream, sequence = excluded.sequence, heard = excluded.heard,
                said_count = excluded.said_count, said = excluded.said, advanced_at = now()
            where pipeline.checkpoints.stream = $14 and pipeline.checkpoints.sequence = $15
          returning run`,
    values: [
      key.run,
      key.partition,
      to.place.stream,
      to.place.sequence,
      JSON.stringify(to.heard),
      to.saidCount,
      to.said.length === 0 ? null : JSON.stringify(to.said),
      from.place?.stream ?? null,
      from.place?.sequence ?? null,
    ],
    late: `${key.step} has gone on in ${key.run}/${key.partition} meanwhile`,
  }
}

/** Notes that what was said on the way to this place is published. Whoever has gone on since has published it as well. */
export async function clearSaid(
  database: Database,
  key: CheckpointKey,
  { stream, sequence }: StreamPlace,
): Promise<void> {
  await database.write(
    `update pipeline.checkpoints set said = null
     where run = $1 and step = $2 and partition = $3 and stream = $4 and sequence = $5`,
    [key.run, key.step, key.partition, stream, sequence],
  )
}
