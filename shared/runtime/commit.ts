import type { EventDraft } from '../events/event.ts'
import type { CoreParts } from './core-parts.ts'
import type { Claimed } from './deliveries.ts'
import { eventId } from './ids.ts'
import { expectParts, noteArrival, noteRecovered } from './joins.ts'
import { serialKey } from './outline.ts'
import type { Step } from './step.ts'

/** A late attempt: another one has taken the delivery over, so nothing of this one is kept. */
export class FencedError extends Error {
  override readonly name = 'FencedError'
}

/** An event on its way into the trail. */
export interface SaidEvent {
  readonly id: string
  readonly subject: string
  readonly data: unknown
  readonly join: string | undefined
  readonly part: string | undefined
  readonly partitionKey: string | undefined
  readonly effect: string | undefined
  readonly effectReason: string | undefined
}

/** What a step speaks for: events inherit their place from it. */
export interface Occasion {
  readonly run: string
  /** The event that woke the step. */
  readonly eventId: string
  readonly join?: string | undefined
  readonly part?: string | undefined
  readonly partitionKey?: string | undefined
  readonly traceparent?: string | undefined
}

/** Running numbers instead of a cause: a batch is cut in another place each time, and what is said about its events must not change. */
export interface Numbering {
  readonly within: string
  /** The number before the first. */
  readonly after: number
}

/**
 * Checks what a step returned and gives each event its id and place: ids count per subject in the order returned, so the same work says
 * the same ids. An event outside `emits` or its schema is a bug of the step.
 */
export function sayEvents<P>(
  step: Step<P>,
  occasion: Occasion,
  drafts: readonly EventDraft[],
  numbering?: Numbering,
): SaidEvent[] {
  const ordinals = new Map<string, number>()
  const inherits = step.on.kind === 'event' || step.on.kind === 'batch'
  return drafts.map((draft, i) => {
    const type = step.emits.find((emitted) => emitted.subject === draft.subject)
    if (!type) throw new Error(`${step.name} said "${draft.subject}", which it does not declare`)
    const parsed = type.schema.safeParse(draft.data)
    if (!parsed.success)
      throw new Error(`${step.name} said "${draft.subject}" with wrong data: ${parsed.error.message}`)
    if ((draft.join === undefined) !== (draft.part === undefined)) {
      throw new Error(`${step.name} said "${draft.subject}" with a join but no part, or a part but no join`)
    }
    if (type.ephemeral && draft.join !== undefined) {
      throw new Error(`${step.name} said "${draft.subject}" as part of a join, and it is ephemeral`)
    }
    const ordinal = ordinals.get(draft.subject) ?? 0
    ordinals.set(draft.subject, ordinal + 1)
    const [cause, place] = numbering ? [numbering.within, numbering.after + 1 + i] : [occasion.eventId, ordinal]
    const effect = type.effect(parsed.data)
    return {
      id: eventId(occasion.run, step.name, cause, draft.subject, place),
      subject: draft.subject,
      data: parsed.data,
      join: draft.join ?? (inherits ? occasion.join : undefined),
      part: draft.part ?? (inherits ? occasion.part : undefined),
      partitionKey: draft.partitionKey ?? (inherits ? occasion.partitionKey : undefined),
      effect: effect?.effect,
      effectReason: effect?.reason,
    }
  })
}

/** An order of joins that every commit keeps to. */
function byJoin({ join: a = '' }: SaidEvent, { join: b = '' }: SaidEvent): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export interface Committed {
  /** Whether this commit made new deliveries. */
  readonly offered: boolean
  /** Whether it completed a join, so that the runtime has something to say as well. */
  readonly woken: boolean
  /** When its events were said, by the database's clock. */
  readonly saidAt: Date
}

/** What a commit stands and falls by: a statement that answers the run, or nothing when somebody else has come first. */
export interface Fence {
  /** $1 is the cause, $2 the step; its own values begin at $7. */
  readonly sql: string
  readonly values: readonly unknown[]
  /** Why it fell. */
  readonly late: string
}

/**
 * The effect, in the step's transaction: the events join the trail, their deliveries wait, and the delivery is done — if this attempt
 * still holds it, else everything rolls back with a `FencedError`. `local` marks events as published at once, where there is no bus.
 */
export async function commitEvents<P>(
  core: CoreParts,
  step: Step<P>,
  delivery: Claimed,
  drafts: readonly EventDraft[],
  events: readonly SaidEvent[],
): Promise<Committed> {
  const appended = await appendEvents(core, step, delivery, events, {
    sql: `update pipeline.deliveries set state = 'done', owner = null, lease_until = null, reason = null, ended_at = now()
          where event_id = $1 and subscriber = $2 and attempt = $7 and state = 'running' returning run`,
    values: [delivery.attempt],
    late: `Attempt ${delivery.attempt} of ${delivery.eventId} at ${step.name} came too late`,
  })
  await expectFanOuts(core, delivery.run, drafts)
  let woken = false
  if (delivery.attempt > 1 && delivery.join !== undefined && delivery.part !== undefined) {
    const { run, join: key, part } = delivery
    woken = await noteRecovered(core, { run, key, part, by: step.name })
  }
  woken = (await noteArrivals(core, delivery.run, events)) || woken
  return { offered: woken || appended.offered, woken, saidAt: appended.saidAt }
}

/** As `commitEvents`, for a batch: what it stands and falls by is its checkpoint. A run that had been closed is open again. */
export async function commitBatch<P>(
  core: CoreParts,
  step: Step<P>,
  occasion: Occasion,
  drafts: readonly EventDraft[],
  events: readonly SaidEvent[],
  fence: Fence,
): Promise<Committed> {
  const { run } = occasion
  const { saidAt, ...appended } = await appendEvents(core, step, occasion, events, fence)
  await expectFanOuts(core, run, drafts)
  const woken = await noteArrivals(core, run, events)
  const offered = woken || appended.offered
  if (offered) {
    await core.database.write(
      `update pipeline.runs set state = 'running', ended = null, reason = null where run = $1`,
      [run],
    )
  }
  return { offered, woken, saidAt }
}

async function appendEvents<P>(
  core: CoreParts,
  step: Step<P>,
  { eventId: cause, traceparent }: Occasion,
  events: readonly SaidEvent[],
  fence: Fence,
): Promise<Pick<Committed, 'offered' | 'saidAt'>> {
  const { database, registry, local } = core
  const offers = events.flatMap((event) =>
    registry.subscribers(event.subject).map((subscriber) => ({
      event_id: event.id,
      subscriber: subscriber.name,
      serial_key: serialKey(subscriber, event.data),
    })),
  )
  const { rows } = await database.write<{ mine: number; said_at: Date; offered: number }>(
    `with mine as (${fence.sql}),
     said as (
       insert into pipeline.trail (event_id, run, step, subject, cause, join_key, part, partition_key, traceparent, data,
                                   effect, effect_reason, published_at)
       select e.id, mine.run, $2, e.subject, $1, e.join, e.part, e."partitionKey", $5, e.data,
              e.effect, e."effectReason", case when $6 then now() end
       from mine, jsonb_to_recordset($3) as e(id text, subject text, "join" text, part text, "partitionKey" text, data jsonb,
                                              effect text, "effectReason" text)
       on conflict (event_id) do nothing),
     offered as (
       insert into pipeline.deliveries (event_id, subscriber, run, serial_key)
       select o.event_id, o.subscriber, mine.run, o.serial_key
       from mine, jsonb_to_recordset($4) as o(event_id text, subscriber text, serial_key text)
       on conflict do nothing returning 1)
     select count(*)::int as mine, now() as said_at, (select count(*)::int from offered) as offered from mine`,
    [cause, step.name, JSON.stringify(events), JSON.stringify(offers), traceparent ?? null, local, ...fence.values],
  )
  const [{ mine, said_at: saidAt, offered }] = rows
  if (mine === 0) throw new FencedError(fence.late)
  return { offered: offered > 0, saidAt }
}

/** Writes down who waits for the parts of the fan-outs. */
async function expectFanOuts(core: CoreParts, run: string, drafts: readonly EventDraft[]): Promise<void> {
  const fanOuts = new Map<string, string[]>()
  for (const draft of drafts) {
    if (draft.join !== undefined && draft.part !== undefined) {
      fanOuts.set(draft.join, [...(fanOuts.get(draft.join) ?? []), draft.part])
    }
  }
  // In a fixed order, so that two commits never wait for each other's joins.
  for (const [key, parts] of [...fanOuts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await expectParts(core, run, { key, parts })
  }
}

/** Notes the parts that have come with these events. Answers whether a step was woken. */
async function noteArrivals(core: CoreParts, run: string, events: readonly SaidEvent[]): Promise<boolean> {
  let woken = false
  for (const event of [...events].sort(byJoin)) {
    if (event.join === undefined || event.part === undefined) continue
    const { join: key, part, subject, id } = event
    woken = (await noteArrival(core, { run, key, part, subject, eventId: id })) || woken
  }
  return woken
}
