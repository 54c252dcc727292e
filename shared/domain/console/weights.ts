import { groupBy } from '../group-by.ts'
import type { PositionMark } from '../monitoring/snapshot.ts'

/** What is held beside what should be, as fractions of the fund's value. NaN where there is no target yet. */
export interface WeightPair {
  readonly name: string
  readonly weight: number
  readonly target: number
}

interface Target {
  readonly symbol: string
  readonly sector: string
  readonly weight: number
}

type Mark = Pick<PositionMark, 'symbol' | 'sector' | 'weight'>

/** Every name that is held or targeted, the largest weight first. Once there are targets, a name that is in none has zero. */
export function weightsAndTargets(marks: readonly Mark[], targets: readonly Target[]): WeightPair[] {
  return pairs(marks, targets, ({ symbol }) => symbol)
}

/** The same by sector. */
export function sectorWeights(marks: readonly Mark[], targets: readonly Target[]): WeightPair[] {
  return pairs(marks, targets, ({ sector }) => sector)
}

function pairs(
  marks: readonly Mark[],
  targets: readonly Target[],
  nameOf: (of: { readonly symbol: string; readonly sector: string }) => string,
): WeightPair[] {
  const held = groupBy(marks, nameOf)
  const wanted = groupBy(targets, nameOf)
  const total = (some: readonly { readonly weight: number }[] = []) => some.reduce((sum, { weight }) => sum + weight, 0)
  return [...new Set([...held.keys(), ...wanted.keys()])]
    .map((name) => ({
      name,
      weight: total(held.get(name)),
      target: targets.length > 0 ? total(wanted.get(name)) : Number.NaN,
    }))
    .filter(({ weight, target }) => weight !== 0 || target !== 0)
    .sort((a, b) => b.weight - a.weight || b.target - a.target || (a.name < b.name ? -1 : 1))
}
