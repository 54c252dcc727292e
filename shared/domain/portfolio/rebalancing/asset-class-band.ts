import { groupBy } from '../../group-by.ts'
import type { AssetClass } from '../../market/instrument.ts'
import { applyCaps } from '../construction/apply-caps.ts'
import type { Caps } from '../construction/caps.ts'
import { percentText } from './words.ts'

export interface ClassMember {
  readonly asset: AssetClass
  readonly sector: string
  readonly weight: number
}

export interface ClassBand {
  /** How far a class may drift from its target before it is brought back, as a share of the fund. */
  readonly band: number
  /** What the classes weigh now, as drifted. */
  readonly current: ReadonlyMap<string, number>
  readonly caps: Omit<Caps, 'sectors'>
  /** The most that may be invested. */
  readonly invest: number
}

/**
 * The strategic weights, or the drifted ones where a class is still within its band: then its names keep their proportions and share what
 * the class weighs now, so that prices that moved a whole class cause no trade. With one class there is nothing to balance, and the weights
 * stay. Answers the weights in the order given, with a note for each class that is left where it is.
 * @see Norges Bank's advice of 2018 on rebalancing the Government Pension Fund Global: a band of two percentage points.
 */
export function withinClassBands(
  members: readonly ClassMember[],
  { band, current, caps, invest }: ClassBand,
): { readonly weights: Float64Array; readonly notes: ReadonlyMap<string, string> } {
  const weights = Float64Array.from(members, ({ weight }) => weight)
  const notes = new Map<string, string>()
  const classes = groupBy(members.keys(), (i) => members[i].asset)
  if (new Set([...classes.keys(), ...current.keys()]).size < 2) return { weights, notes }

  const strategic = new Map([...classes].map(([asset, rows]) => [asset, sumOf(rows, weights)]))
  let room = invest
  for (const [asset, weight] of strategic) room -= drifted(asset, weight)
  for (const [asset, rows] of classes) {
    const target = strategic.get(asset) ?? 0
    const now = drifted(asset, target)
    if (now === target) continue
    // Several classes above their targets must not ask for more than there is.
    const total = now > target ? Math.max(target, now + Math.min(0, room)) : now
    room += now - total
    const placed = applyCaps(
      Float64Array.from(rows, (i) => weights[i]),
      { ...caps, sectors: rows.map((i) => members[i].sector), total },
    )
    for (const [k, i] of rows.entries()) weights[i] = placed.weights[k]
    notes.set(asset, `${asset} is left at ${percentText(total)}, within ${percentText(band)} of ${percentText(target)}`)
  }
  return { weights, notes }

  function drifted(asset: string, target: number): number {
    const now = current.get(asset) ?? 0
    return target > 0 && Math.abs(now - target) <= band ? now : target
  }
}

function sumOf(rows: readonly number[], weights: Float64Array): number {
  return rows.reduce((sum, i) => sum + weights[i], 0)
}
