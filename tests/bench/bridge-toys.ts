import { z } from 'zod'
import { event } from '../../shared/events/event.ts'
import { lastCompletedSession } from '../../shared/runtime/clocks.ts'
import { outlineOf } from '../../shared/runtime/outline.ts'
import { clock, customStep, type Step } from '../../shared/runtime/step.ts'

const params = z.strictObject({ count: z.number().int(), inFlight: z.number().int() })
const left = z.object({ left: z.number() })
export const Passed = event('relay.ball.passed', left)

/** A ball that a step throws to itself: each hop is one event through commit, bus, bridge, function and claim. */
const throwBall = customStep({
  name: 'relay-throw',
  on: clock({
    schedule: '0 6 * * *',
    workflow: 'relay',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'latest',
    params,
  }),
  emits: [Passed],
  run: ({ params: { count } }) => [Passed.of({ left: count })],
})
const pass = customStep({
  name: 'relay-pass',
  on: Passed,
  emits: [Passed],
  run: ({ left }) => (left === 0 ? [] : [Passed.of({ left: left - 1 })]),
})

/** Many events at once for a step that does nothing, so many in flight. */
function flood(inFlight: number): Step<never>[] {
  const Dropped = event(`${floodRoom(inFlight)}.drop.fallen`, z.object({ n: z.number() }))
  const open = customStep({
    name: `${floodRoom(inFlight)}-open`,
    on: clock({
      schedule: '0 6 * * *',
      workflow: `flood${inFlight}`,
      calendar: 'XNYS',
      slot: lastCompletedSession,
      catchUp: 'latest',
      params,
    }),
    emits: [Dropped],
    run: ({ params: { count } }) => Array.from({ length: count }, (_, n) => Dropped.of({ n })),
  })
  const empty = customStep({
    name: `${floodRoom(inFlight)}-empty`,
    on: Dropped,
    emits: [],
    concurrency: inFlight,
    run: () => [],
  })
  return [open, empty] as Step<never>[]
}

/** Step names have no digits in their room. */
function letters(digits: string): string {
  return [...digits].map((digit) => 'abcdefghij'[Number(digit)]).join('')
}

export const FLOODS = [1, 8, 32] as const
export const floodRoom = (inFlight: number) => `flood${letters(String(inFlight))}`
export const benchToys: readonly Step<never>[] = [
  throwBall as Step<never>,
  pass as Step<never>,
  ...FLOODS.flatMap(flood),
]
export const benchOutlines = benchToys.map(outlineOf)
