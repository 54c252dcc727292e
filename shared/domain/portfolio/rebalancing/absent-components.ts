import { COMPONENTS, type Component, type Signal } from '../../signals/signal.ts'

/** A component that some names were judged without. */
export interface AbsentComponent {
  readonly component: Component
  readonly names: number
  /** The reason that most of them give. */
  readonly reason: string
}

/** Which components of the signal were missing, of how many names and mostly why; in the order of the components. */
export function absentComponents(signals: readonly Signal[]): AbsentComponent[] {
  return COMPONENTS.flatMap((component) => {
    const reasons = new Map<string, number>()
    for (const { absent } of signals) {
      for (const { component: missing, reason } of absent) {
        if (missing === component) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    const [most] = [...reasons].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    if (!most) return []
    const names = [...reasons.values()].reduce((sum, count) => sum + count, 0)
    return [{ component, names, reason: most[0] }]
  })
}
