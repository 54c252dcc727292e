import { randomUUID } from 'node:crypto'
import { type Instant, instant } from '../domain/market/session.ts'
import { tradingCalendar } from '../domain/market/trading-calendar.ts'
import type { Envelope } from '../events/envelope.ts'
import { PermanentError } from '../ports/errors.ts'
import type { AttemptParts } from './attempt.ts'
import { dueSlot } from './clocks.ts'
import { hashId, safeKey } from './ids.ts'
import { issuesOf } from './issues.ts'
import { serialKey } from './outline.ts'
import { type OpenedRun, openRun, type Provenance, type RunState } from './runs.ts'
import type { ClockTrigger, Step } from './step.ts'

/**
 * Takes in an event that was born outside (a connector, a person): its run, its place in the trail and its delivery, once however often it
 * arrives. An event of ours that is already in the trail changes nothing.
 */
export async function receiveEvent<Ports>(
  parts: AttemptParts<Ports>,
  step: Step<Ports>,
  envelope: Envelope,
  { codeVersion, configHash }: Provenance,
): Promise<void> {
  if (step.on.kind !== 'event' || step.on.subject !== envelope.type) {
    const expected =
      step.on.kind === 'event' ? step.on.subject : `nothing from outside (it is woken by a ${step.on.kind})`
    throw new PermanentError(`${step.name} hears ${expected}, not "${envelope.type}"`)
  }
  const parsed = step.on.schema.safeParse(envelope.data)
  if (!parsed.success) {
    const issues = issuesOf(parsed.error, 'data')
    throw new PermanentError(`${envelope.type} ${envelope.id} does not fit its schema: ${issues}`)
  }
  const run = envelope.runid ?? `${step.room}:${safeKey(envelope.id)}`
  const { database } = parts
  const takeIn = async () => {
    const { count } = await database.write(
      `insert into pipeline.trail (event_id, run, step, subject, cause, join_key, part, partition_key, traceparent, data, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now()) on conflict do nothing`,
      [
        envelope.id,
        run,
        envelope.source,
        envelope.type,
        envelope.causationid ?? null,
        envelope.join ?? null,
        envelope.part ?? null,
        envelope.partitionkey ?? null,
        envelope.traceparent ?? null,
        JSON.stringify(parsed.data),
      ],
    )
    const { count: offered } = await database.write(
      `insert into pipeline.deliveries (event_id, subscriber, run, serial_key)
       select event_id, $2, run, $3 from pipeline.trail where event_id = $1 on conflict do nothing`,
      [envelope.id, step.name, serialKey(step, parsed.data)],
    )
    if (count + offered === 0) return
    await database.write(
      `insert into pipeline.runs (run, workflow, key, params, code_version, config_hash) values ($1, $2, $1, '{}', $3, $4)
       on conflict (run) do update set state = 'running', ended = null, reason = null`,
      [run, step.room, codeVersion, configHash],
    )
  }
  await database.transaction(takeIn).catch((error) => {
    if (!isUnstorable(error)) throw error
    throw new PermanentError(`${envelope.type} ${envelope.id} cannot be stored: ${(error as Error).message}`, {
      cause: error,
    })
  })
}

/** PostgreSQL refuses some data for good: zero bytes and half characters in text, numbers out of range, nesting too deep. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof Error && /^(22...|54001)$/.test((error as Error & { code?: string }).code ?? '')
}

/** The event that bare data stands for: what `curl -d` posts to a step. The same Idempotency-Key is the same event. */
export function bareEvent<Ports>(step: Step<Ports>, data: unknown, idempotencyKey: string | undefined): Envelope {
  if (step.on.kind !== 'event') throw new PermanentError(`${step.name} is woken by a ${step.on.kind}, not by data`)
  return {
    specversion: '1.0',
    id: idempotencyKey === undefined ? randomUUID() : hashId(step.name, 'idempotency', idempotencyKey),
    source: 'http',
    type: step.on.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  }
}

/**
 * Opens what a clock step is due for, if anything. A late, early or doubled tick opens the same run or none. A run of the same key that a
 * person opened with parameters of their own does not stand for the clock's: that one is opened as its next revision.
 */
export async function tick<Ports>(
  parts: AttemptParts<Ports>,
  step: Step<Ports> & { readonly on: ClockTrigger<unknown> },
  now: Instant,
  provenance: Provenance,
): Promise<OpenedRun | undefined> {
  const { database } = parts
  if (step.on.enabled && !step.on.enabled(parts.ports)) return undefined
  return database.transaction(async () => {
    // Also a first start's two ticks at once wait for each other.
    await database.write('select pg_advisory_xact_lock(hashtextextended($1, 1))', [step.name])
    const rows = await database.read<{ last_tick: Date; last_slot: string }>(
      'select last_tick, last_slot from pipeline.clocks where step = $1',
      [step.name],
    )
    const last = rows[0] && { tick: instant(rows[0].last_tick), slot: rows[0].last_slot }
    const due = dueSlot(step.on, tradingCalendar(step.on.calendar), last, now)
    if (!due) return undefined
    const { slot, position } = due
    const { workflow } = step.on
    const before = await database.read<{ run: string; state: RunState; plain: boolean }>(
      `select run, state, params = '{}' as plain from pipeline.runs where workflow = $1 and key = $2 order by revision`,
      [workflow, slot.key],
    )
    const same = before.find(({ plain }) => plain)
    const opened = same
      ? { run: same.run, state: same.state, opened: false }
      : await openRun(parts, { workflow, key: slot.key, params: {}, slot, again: before.length > 0 }, provenance)
    await database.write(
      `insert into pipeline.clocks (step, last_tick, last_slot) values ($1, $2, $3)
       on conflict (step) do update set last_tick = excluded.last_tick, last_slot = excluded.last_slot`,
      [step.name, new Date(position.tick), position.slot],
    )
    return opened
  })
}
