import { z } from 'zod'
import { findRun } from './find-run.ts'
import { operation } from './operation.ts'

export interface TrailLine {
  readonly said_at: string
  readonly event: string
  readonly subject: string
  readonly step: string
  readonly cause: string | null
  readonly part: string | null
  readonly data: unknown
}

export interface TrailPage {
  readonly run: string
  readonly events: readonly TrailLine[]
  /** Where the next page starts; null when this was the last. */
  readonly next: number | null
}

/** Few enough that a page stays well under the size of an answer that is comfortable to hold. */
const PAGE = 1_000

/** The events of a run in the order they were said, page by page. */
export const trail = operation(
  z.strictObject({ run: z.string().min(1), from: z.number().int().min(0).default(0) }),
  async ({ run: asked, from }, house): Promise<TrailPage> => {
    const { database } = house.parts
    const { run } = await findRun(database, asked)
    const rows = await database.read<Omit<TrailLine, 'said_at'> & { said_at: Date }>(
      `select said_at, event_id as event, subject, step, cause, part, data from pipeline.trail where run = $1
       order by said_at, subject, event_id offset $2 limit $3`,
      [run, from, PAGE],
    )
    const events = rows.map(({ said_at, ...rest }) => ({ said_at: said_at.toISOString(), ...rest }))
    return { run, events, next: rows.length < PAGE ? null : from + PAGE }
  },
)
