import { describe } from '../../shared/runtime/attempt.ts'
import { nextTick } from '../../shared/runtime/clocks.ts'
import { tick } from '../../shared/runtime/receive.ts'
import type { ServeParts } from '../../shared/runtime/serve.ts'

/** A timer cannot sleep longer than this; waking early only finds nothing due. */
const LONGEST_SLEEP_MS = 3_600_000
const AFTER_FAILURE_MS = 30_000

/**
 * Fires every clock step at its times, and at once for what fell due while nothing ran. Answers how to stop it: no clock is half-way
 * through opening a run then.
 */
export function startScheduler<Ports>(parts: ServeParts<Ports>): () => Promise<void> {
  const timers = new Map<string, NodeJS.Timeout>()
  const firing = new Map<string, Promise<void>>()
  let stopped = false
  for (const step of parts.registry.clocks) {
    const open = async () => {
      let sleepMs = AFTER_FAILURE_MS
      try {
        const opened = await tick(parts, step, parts.clock.now(), parts)
        if (opened?.opened) {
          parts.log.info({ step: step.name, run: opened.run }, 'the clock opened a run')
          parts.onOffered()
        }
        sleepMs = nextTick(step.on.schedule, parts.clock.now()) - parts.clock.now()
      } catch (error) {
        parts.log.error({ step: step.name, reason: describe(error) }, 'the clock could not open its run')
      }
      if (!stopped) timers.set(step.name, setTimeout(fire, Math.min(sleepMs, LONGEST_SLEEP_MS)))
    }
    const fire = () => firing.set(step.name, open())
    timers.set(step.name, setTimeout(fire, 0))
  }
  return async () => {
    stopped = true
    for (const timer of timers.values()) clearTimeout(timer)
    await Promise.all(firing.values())
  }
}
