import { groupBy } from '../../shared/domain/group-by.ts'
import type { StepOutline } from '../../shared/runtime/outline.ts'
import type { ServiceOutline } from '../../shared/runtime/service.ts'
import type { Resources } from '../../shared/runtime/step.ts'
import { NATIVE_MEMORY_MIB, nativePartsOf } from './native.ts'

/** How steps become functions: each its own, or folded by room into few enough for OpenFaaS' Community Edition. */
export type Packaging = 'each' | 'folded'

/** A function as it is deployed, with what is inside it. */
export interface PackagedFunction {
  readonly name: string
  /**
   * `step`: one step at `/`. `room`: each step at `/<step>`. `clock`: a tick opens whatever is due of all clock steps. `service`: one service
   * at `/`.
   */
  readonly kind: 'step' | 'room' | 'clock' | 'service'
  readonly steps: readonly StepOutline[]
  readonly services: readonly ServiceOutline[]
}

/** Opens whatever is due, every minute, in the folded packaging. */
export const CLOCK_FUNCTION = 'clock'

/** The functions of a packaging, in the order data moves; a service is one of its own in either. */
export function packagedFunctions(
  packaging: Packaging,
  outlines: readonly StepOutline[],
  services: readonly ServiceOutline[] = [],
): PackagedFunction[] {
  const serving = services.map(
    (one): PackagedFunction => ({ name: one.name, kind: 'service', steps: [], services: [one] }),
  )
  const holding = (name: string, kind: PackagedFunction['kind'], steps: readonly StepOutline[]): PackagedFunction => {
    return { name, kind, steps, services: [] }
  }
  if (packaging === 'each') return [...outlines.map((step) => holding(step.name, 'step', [step])), ...serving]
  const clocks = outlines.filter(({ on }) => on.kind === 'clock')
  const rooms = groupBy(outlines, ({ room }) => room)
  return [
    holding(CLOCK_FUNCTION, 'clock', clocks),
    ...[...rooms].map(([name, steps]) => holding(name, 'room', steps)),
    ...serving,
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

/** What a function may take and use: the most that anything in it asks for, and of memory what machine code needs at least. */
export function limitsOf(fn: PackagedFunction): { readonly timeoutMs: number; readonly resources: Resources } {
  const inside = [...fn.steps, ...fn.services]
  const most = (of: (one: Pick<ServiceOutline, 'resources' | 'timeoutMs'>) => number) => Math.max(...inside.map(of))
  const cpu = most(({ resources }) => Number(resources.cpu.replace(/m$/, '')))
  const asked = most(({ resources }) => Number(resources.memory.replace(/Mi$/, '')))
  const memory = nativePartsOf(fn) ? Math.max(NATIVE_MEMORY_MIB, asked) : asked
  return { timeoutMs: most(({ timeoutMs }) => timeoutMs), resources: { cpu: `${cpu}m`, memory: `${memory}Mi` } }
}
