import { z } from 'zod'
import { event } from './event.ts'

/** A run was opened by a clock, a person or another run; wakes the step that starts its chain. */
export const RunOpened = event(
  'pipeline.run.opened',
  z.object({
    workflow: z.string(),
    key: z.string(),
    /** What the clock fell due for, when a clock opened it. */
    slot: z.object({ key: z.string(), from: z.string(), to: z.string() }).optional(),
    params: z.record(z.string(), z.unknown()),
  }),
)

/** All parts of a fan-out have come or failed; wakes the joining step. */
export const JoinCompleted = event(
  'pipeline.join.completed',
  z.object({ step: z.string(), key: z.string(), revision: z.number().int().positive() }),
)

/** A run is over: none of its deliveries is ready or running. */
export const RunEnded = event(
  'pipeline.run.ended',
  z.object({
    workflow: z.string(),
    key: z.string(),
    state: z.enum(['ok', 'partial', 'failed']),
    reason: z.string().optional(),
  }),
  { final: true },
)
