import { z } from 'zod'
import { postgresRunViews } from '../../../shared/adapters/postgres/run-views.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { DeadLetter } from '../../../shared/ports/run-views.ts'
import { replayDead } from '../../../shared/runtime/runs.ts'
import type { House } from '../house.ts'
import { operation } from './operation.ts'

export interface DeadLetterShown extends DeadLetter {
  readonly cause: string | null
  readonly data: unknown
  /** What came, when it could not be read. */
  readonly original: string | null
}

interface DeadRow extends Omit<DeadLetterShown, 'died' | 'original'> {
  readonly died: Date
  readonly original: Uint8Array | null
}

const DEAD = `select d.event_id as event, d.subscriber, d.run, t.subject, t.part, d.reason, d.attempt as attempts, d.ended_at as died,
         d.original is null as replayable, t.cause, t.data, d.original
  from pipeline.deliveries d left join pipeline.trail t on t.event_id = d.event_id where d.state = 'dead'`

/** What an unreadable letter is shown of. */
const ORIGINAL_CHARACTERS = 2_000

export const listDeadLetters = operation(
  z.strictObject({ run: z.string().optional(), limit: z.number().int().min(1).max(100_000).default(50) }),
  (filter, house): Promise<DeadLetter[]> => postgresRunViews(house.parts.database).deadLetters(filter),
)

/** Every dead delivery of an event. */
export const showDeadLetter = operation(z.strictObject({ event: z.string().min(1) }), async ({ event }, house) => {
  const rows = await house.parts.database.read<DeadRow>(`${DEAD} and d.event_id = $1 order by d.subscriber`, [event])
  if (rows.length === 0) throw new InputError(`There is no dead letter "${event}"; "dead-letters list" shows them`)
  return rows.map(
    (row): DeadLetterShown => ({
      ...row,
      died: row.died.toISOString(),
      original: row.original && Buffer.from(row.original).toString('utf8').slice(0, ORIGINAL_CHARACTERS),
    }),
  )
})

export interface Replayed {
  readonly replayed: readonly { readonly event: string; readonly subscriber: string }[]
  /** Left where they are, because they could not be read. */
  readonly unreadable: number
  readonly runs: readonly string[]
}

/** Offers dead letters again: one event's, one subscriber's, or both; nothing named means all of them. */
export const replayDeadLetters = operation(
  z.strictObject({
    event: z.string().min(1).optional(),
    subscriber: z.string().min(1).optional(),
    /** Without it an event that is dead for several subscribers is refused. */
    all: z.boolean().default(false),
  }),
  async ({ event, subscriber, all }, house): Promise<Replayed> => {
    const rows = await deadOf(house, event, subscriber)
    if (event !== undefined && rows.length === 0) {
      const whose = subscriber === undefined ? '' : ` of ${subscriber}`
      throw new InputError(`There is no dead letter "${event}"${whose}; "dead-letters list" shows them`)
    }
    if (!all && rows.length > 1) {
      const names = rows.map((row) => row.subscriber).join(', ')
      throw new InputError(`Event ${event} is dead for ${names}; choose one with --subscriber, or --all`)
    }
    const readable = rows.filter((row) => row.replayable)
    if (event !== undefined && readable.length === 0) {
      throw new InputError(`Dead letter "${event}" could not be read when it came, so there is nothing to try again`)
    }
    const replayed: { event: string; subscriber: string }[] = []
    for (const row of readable) {
      if (await replayDead(house.parts, row.event, row.subscriber)) {
        replayed.push({ event: row.event, subscriber: row.subscriber })
      }
    }
    house.parts.onOffered()
    const runs = [...new Set(readable.flatMap((row) => (row.run === null ? [] : [row.run])))]
    return { replayed, unreadable: rows.length - readable.length, runs }
  },
)

function deadOf(house: House, event: string | undefined, subscriber: string | undefined): Promise<DeadRow[]> {
  return house.parts.database.read<DeadRow>(
    `${DEAD} and ($1::text is null or d.event_id = $1) and ($2::text is null or d.subscriber = $2)
     order by d.ended_at, d.event_id, d.subscriber`,
    [event ?? null, subscriber ?? null],
  )
}
