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

/**
 * Checks what a step returned and gives each event its id and place: ids count per subject in the order returned, so the same work says
 * the same ids. An event outside `emits` or its schema is a bug of the step.
 */
export function sayEvents<P>(step: Step<P>, delivery: Claimed, drafts: readonly EventDraft[]): SaidEvent[] {
  const ordinals = new Map<string, number>()
  const inherits = step.on.kind === 'event'
  return drafts.map((draft) => {
    const type = step.emits.find((emitted) => emitted.subject === draft.subject)
    if (!type) throw new Error(`${step.name} said "${draft.subject}", which it does not declare`)
    const parsed = type.schema.safeParse(draft.data)
    if (!parsed.success)
      throw new Error(`${step.name} said "${draft.subject}" with wrong data: ${parsed.error.message}`)
    if ((draft.join === undefined) !== (draft.part === undefined)) {
      throw new Error(`${step.name} said "${draft.subject}" with a join but no part, or a part but no join`)
    }
    const ordinal = ordinals.get(draft.subject) ?? 0
    ordinals.set(draft.subject, ordinal + 1)
    const effect = type.effect(parsed.data)
    return {
      id: eventId(delivery.run, step.name, delivery.eventId, draft.subject, ordinal),
      subject: draft.subject,
      data: parsed.data,
      join: draft.join ?? (inherits ? delivery.join : undefined),
      part: draft.part ?? (inherits ? delivery.part : undefined),
      partitionKey: draft.partitionKey ?? (inherits ? delivery.partitionKey : undefined),
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
  const { database, registry, local } = core
  const offers = events.flatMap((event) =>
    registry.subscribers(event.subject).map((subscriber) => ({
      event_id: event.id,
      subscriber: subscriber.name,
      serial_key: serialKey(subscriber, event.data),
    })),
  )
  const { rows } = await database.write<{ mine: number; said_at: Date }>(
    `with mine as (
       update pipeline.deliveries set state = 'done', owner = null, lease_until = null, reason = null, ended_at = now()
       where event_id = $1 and subscriber = $2 and attempt = $3 and state = 'running' returning run),
     said as (
       insert into pipeline.trail (event_id, run, step, subject, cause, join_key, part, partition_key, traceparent, data,
                                   effect, effect_reason, published_at)
       select e.id, mine.run, $2, e.subject, $1, e.join, e.part, e."partitionKey", $6, e.data,
              e.effect, e."effectReason", case when $7 then now() end
       from mine, jsonb_to_recordset($4) as e(id text, subject text, "join" text, part text, "partitionKey" text, data jsonb,
                                              effect text, "effectReason" text)
       on conflict (event_id) do nothing),
     offered as (
       insert into pipeline.deliveries (event_id, subscriber, run, serial_key)
       select o.event_id, o.subscriber, mine.run, o.serial_key
       from mine, jsonb_to_recordset($5) as o(event_id text, subscriber text, serial_key text)
       on conflict do nothing)
     select count(*)::int as mine, now() as said_at from mine`,
    [
      delivery.eventId,
      delivery.subscriber,
      delivery.attempt,
      JSON.stringify(events),
      JSON.stringify(offers),
      delivery.traceparent ?? null,
      local,
    ],
  )
  if (rows[0].mine === 0)
    throw new FencedError(`Attempt ${delivery.attempt} of ${delivery.eventId} at ${step.name} came too late`)

  const fanOuts = new Map<string, string[]>()
  for (const draft of drafts) {
    if (draft.join !== undefined && draft.part !== undefined) {
      fanOuts.set(draft.join, [...(fanOuts.get(draft.join) ?? []), draft.part])
    }
  }
  // In a fixed order, so that two commits never wait for each other's joins.
  for (const [key, parts] of [...fanOuts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await expectParts(core, delivery.run, { key, parts })
  }
  let woken = false
  if (delivery.attempt > 1 && delivery.join !== undefined && delivery.part !== undefined) {
    const { run, join: key, part } = delivery
    woken = await noteRecovered(core, { run, key, part, by: step.name })
  }
  for (const event of [...events].sort(byJoin)) {
    if (event.join === undefined || event.part === undefined) continue
    const { join: key, part, subject, id } = event
    woken = (await noteArrival(core, { run: delivery.run, key, part, subject, eventId: id })) || woken
  }
  return { offered: woken || offers.length > 0, woken, saidAt: rows[0].said_at }
}
