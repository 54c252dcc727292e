import type { AttemptParts } from './attempt.ts'
import { closeRun, describe, offerWoken } from './attempt.ts'
import { giveUpMissing, overdueJoins } from './joins.ts'
import { publishEvents } from './publish.ts'

export interface Swept {
  readonly published: number
  readonly reoffered: number
  readonly deadlines: number
  readonly closed: number
}

/** Events younger than this are left to the step that said them. */
const SETTLED_AFTER_MS = 10_000
/** A delivery that has been ready, or without its holder, for this long was probably lost by the bus. */
const REOFFER_AFTER = '10 minutes'
const BATCH = 500

/**
 * Once a minute, in the bridge and in the local runtime: publishes what is unpublished, offers again what has been ready for long, fires
 * deadlines, closes runs. Each part stands alone, so that one failing does not stop the others; running it twice at once is harmless.
 */
export async function sweep<Ports>(parts: AttemptParts<Ports>): Promise<Swept> {
  const { database } = parts
  const each = async (name: string, work: () => Promise<number>) => {
    try {
      return await work()
    } catch (error) {
      parts.log.warn({ part: name, reason: describe(error) }, 'the sweeper could not finish a part')
      return 0
    }
  }
  const reoffered = await each('re-offer', async () => {
    // Clearing published_at has the event published again; the bus and the claim absorb doubles.
    if (!parts.publisher) return 0
    const { count } = await database.write(
      `with stale as (
         update pipeline.deliveries set offered_at = now()
         where offered_at < now() - interval '${REOFFER_AFTER}'
           and ((state = 'ready' and next_at <= now())
             or (state = 'running' and lease_until < now() - interval '${REOFFER_AFTER}')) returning event_id)
       update pipeline.trail set published_at = null where event_id in (select event_id from stale)`,
    )
    return count
  })
  const published = await each('publish', async () => {
    let all = 0
    for (;;) {
      const some = await publishEvents(parts, { olderThanMs: SETTLED_AFTER_MS, limit: BATCH })
      all += some
      // After an outage there may be many; when some of a batch were refused, the rest waits for the next sweep.
      if (some < BATCH) return all
    }
  })
  const deadlines = await each('deadlines', async () => {
    let woken = 0
    for (const { run, step, key } of await overdueJoins(database)) {
      if (await database.transaction(() => giveUpMissing(parts, run, step, key, 'the deadline passed'))) woken++
    }
    return woken
  })
  const closed = await each('close', async () => {
    const rows = await database.read<{ run: string }>(
      `select run from pipeline.runs r where state = 'running'
         and not exists (select 1 from pipeline.deliveries d where d.run = r.run and d.state in ('ready', 'running'))
       order by started limit ${BATCH}`,
    )
    let closings = 0
    for (const { run } of rows) {
      if (await closeRun(parts, run)) closings++
    }
    return closings
  })
  if (deadlines > 0) await each('offer', () => offerWoken(parts).then(() => deadlines))
  return { published, reoffered, deadlines, closed }
}
