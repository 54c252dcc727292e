import { z } from 'zod'
import { postgresRunViews } from '../../../shared/adapters/postgres/run-views.ts'
import type { TrailLine } from '../../../shared/ports/run-views.ts'
import { findRun } from './find-run.ts'
import { operation } from './operation.ts'

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
    const events = await postgresRunViews(database).trail(run, from, PAGE)
    return { run, events, next: events.length < PAGE ? null : from + PAGE }
  },
)
