import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { join, type Step, type StepContext, customStep as step } from '../../../shared/runtime/step.ts'
import { leaveEffect, opens, type ToyPorts } from './harness.ts'

const part = z.object({ part: z.string() })

export const PartAsked = event('toys.part.asked', part)
export const LeftDone = event('toys.left.done', part)
export const RightDone = event('toys.right.done', part)
export const Gathered = event(
  'toys.parts.gathered',
  z.object({ revision: z.number(), came: z.array(z.string()), failed: z.array(z.string()), reasons: z.string() }),
  {
    fails: ({ came }) => (came.length === 0 ? 'no part came' : undefined),
    shortfall: ({ came, failed }) =>
      failed.length > 0 ? `${came.length} of ${came.length + failed.length}` : undefined,
  },
)
export const Noted = event('toys.sum.noted', z.object({ came: z.number() }), { final: true })

/** What a toy step should do wrong: called before its work with the step's name and the part. */
export type Trouble = (step: string, part: string, context: StepContext) => Promise<void> | void

export interface ToyChain {
  readonly steps: Step<ToyPorts>[]
  trouble: Trouble
}

/**
 * A fan-out into parts; each is worked on by two steps side by side, and a third that nobody waits for; a join of both; a step after it.
 *
 *     start → part.asked ─┬→ left  → left.done  ─┐
 *                         ├→ right → right.done ─┴→ gather → parts.gathered → note → sum.noted
 *                         └→ watch
 */
export function toyChain(options: { deadlineMs?: number; maxAttempts?: number; timeoutMs?: number } = {}): ToyChain {
  const { deadlineMs = 3_600_000, maxAttempts = 2, timeoutMs } = options
  const common = { maxAttempts, timeoutMs }
  const chain: ToyChain = { steps: [], trouble: () => {} }
  const start = step({
    name: 'toys-start',
    on: opens('toys'),
    emits: [PartAsked],
    ...common,
    async run({ params }, ports: ToyPorts, context) {
      await chain.trouble('toys-start', '', context)
      await leaveEffect(ports, context)
      return (params.parts ?? ['A', 'B', 'C']).map((part) => PartAsked.of({ part }, { join: 'things', part }))
    },
  })
  const left = step({
    name: 'toys-left',
    on: PartAsked,
    emits: [LeftDone],
    ...common,
    async run({ part }, ports: ToyPorts, context) {
      await chain.trouble('toys-left', part, context)
      await leaveEffect(ports, context)
      return [LeftDone.of({ part })]
    },
  })
  const right = step({
    name: 'toys-right',
    on: PartAsked,
    emits: [RightDone],
    ...common,
    async run({ part }, ports: ToyPorts, context) {
      await chain.trouble('toys-right', part, context)
      await leaveEffect(ports, context)
      return [RightDone.of({ part })]
    },
  })
  const watch = step({
    name: 'toys-watch',
    on: PartAsked,
    emits: [],
    ...common,
    async run({ part }, ports: ToyPorts, context) {
      await chain.trouble('toys-watch', part, context)
      await leaveEffect(ports, context)
      return []
    },
  })
  const gather = step({
    name: 'toys-gather',
    on: join('things', [LeftDone, RightDone], { deadlineMs }),
    emits: [Gathered],
    ...common,
    async run({ revision, parts, failed }, ports: ToyPorts, context) {
      await chain.trouble('toys-gather', '', context)
      await leaveEffect(ports, context)
      const came = parts.map(({ part, events }) => {
        if (events['toys.left.done'].part !== part || events['toys.right.done'].part !== part)
          throw new Error('mixed up')
        return part
      })
      const reasons = failed.map(({ part, reason }) => `${part}: ${reason}`).join(', ')
      return [Gathered.of({ revision, came, failed: failed.map(({ part }) => part), reasons })]
    },
  })
  const note = step({
    name: 'toys-note',
    on: Gathered,
    emits: [Noted],
    ...common,
    async run({ came }, ports: ToyPorts, context) {
      await chain.trouble('toys-note', '', context)
      await leaveEffect(ports, context)
      return [Noted.of({ came: came.length })]
    },
  })
  chain.steps.push(start, left, right, watch, gather, note)
  return chain
}

/** Trouble for these `step:part` pairs until it is lifted. */
export function troubleAt(places: Iterable<string>, error: () => Error = () => new Error('bad luck')) {
  const at = new Set(places)
  const trouble: Trouble = (step, part) => {
    if (at.has(`${step}:${part}`)) throw error()
  }
  return { at, trouble }
}
