import { groupBy } from '../../shared/domain/group-by.ts'
import type { StepOutline } from '../../shared/runtime/outline.ts'
import type { Resources } from '../../shared/runtime/step.ts'

/** How steps become functions: each its own, or folded by room into few enough for OpenFaaS' Community Edition. */
export type Packaging = 'each' | 'folded'

/** A function as it is deployed, with the steps inside it. */
export interface PackagedFunction {
  readonly name: string
  /** `step`: one step at `/`. `room`: each step at `/<step>`. `clock`: a tick opens whatever is due of all clock steps. */
  readonly kind: 'step' | 'room' | 'clock'
  readonly steps: readonly StepOutline[]
}

/** Opens whatever is due, every minute, in the folded packaging. */
export const CLOCK_FUNCTION = 'clock'

/** The functions of a packaging, in the order data moves. */
export function packagedFunctions(packaging: Packaging, outlines: readonly StepOutline[]): PackagedFunction[] {
  if (packaging === 'each') return outlines.map((step) => ({ name: step.name, kind: 'step', steps: [step] }))
  const clocks = outlines.filter(({ on }) => on.kind === 'clock')
  const rooms = groupBy(outlines, ({ room }) => room)
  return [
    { name: CLOCK_FUNCTION, kind: 'clock', steps: clocks },
    ...[...rooms].map(([name, steps]) => ({ name, kind: 'room' as const, steps })),
  ]
}

/** Where a step is called: the function, and the path behind its name. */
export function addressOf(
  packaging: Packaging,
  step: Pick<StepOutline, 'name' | 'room'>,
): { fn: string; path: string } {
  return packaging === 'each' ? { fn: step.name, path: '/' } : { fn: step.room, path: `/${step.name}` }
}

/** So many calls a function that holds a whole room takes at once: its database connections are few and its memory is shared. */
const MOST_IN_A_ROOM = 8

/** How many events the bridge hands to a function at once. */
export function mostInFlight({ kind, steps }: PackagedFunction): number {
  const sum = steps.reduce((total, { concurrency }) => total + concurrency, 0)
  return kind === 'step' ? sum : Math.min(MOST_IN_A_ROOM, sum)
}

/** What a function may take and use: the most that any of its steps asks for. */
export function limitsOf({ steps }: PackagedFunction): { readonly timeoutMs: number; readonly resources: Resources } {
  const most = (of: (step: StepOutline) => number) => Math.max(...steps.map(of))
  const cpu = most(({ resources }) => Number(resources.cpu.replace(/m$/, '')))
  const memory = most(({ resources }) => Number(resources.memory.replace(/Mi$/, '')))
  return { timeoutMs: most(({ timeoutMs }) => timeoutMs), resources: { cpu: `${cpu}m`, memory: `${memory}Mi` } }
}
