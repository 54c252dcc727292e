import { randomUUID } from 'node:crypto'
import { PermanentError } from '../../shared/ports/errors.ts'
import { header, readArrival } from '../../shared/runtime/envelope.ts'
import { bareEvent, receiveEvent } from '../../shared/runtime/receive.ts'
import { type Call, mayWake, type Reply, type ServeParts, serveStep } from '../../shared/runtime/serve.ts'
import { json } from '../../shared/runtime/service.ts'
import type { Step } from '../../shared/runtime/step.ts'

/**
 * Takes a call in to be worked on later: the event is in the trail and its delivery waits when this answers 202, so it outlives the
 * process. What cannot be taken in is answered as a direct call would be.
 */
export async function acceptStep<Ports>(parts: ServeParts<Ports>, step: Step<Ports>, call: Call): Promise<Reply> {
  // A clock step only opens a run, and a call that may not wake the step is refused: both are done at once.
  if (step.on.kind === 'clock' || !mayWake(parts, step, call)) {
    const reply = await serveStep(parts, step, call)
    return reply.status === 200 ? { ...reply, status: 202 } : reply
  }
  try {
    const arrival = readArrival(call.body, call.headers)
    const key = header(call.headers, 'idempotency-key') ?? randomUUID()
    const envelope = arrival.kind === 'event' ? arrival.envelope : bareEvent(step, arrival.data, key)
    await receiveEvent(parts, step, envelope, parts)
    parts.onOffered()
    return json(202, { event: envelope.id })
  } catch (error) {
    // It comes to nothing a second time either; serveStep keeps the bytes and finds the words.
    if (error instanceof PermanentError) return serveStep(parts, step, call)
    throw error
  }
}
