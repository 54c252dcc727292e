/** The most that may be held, as fractions of the fund (cash included). */
export interface Caps {
  /** Of one asset. */
  readonly maxWeight?: number
  /** Of all assets of one sector; needs `sectors`. */
  readonly maxSector?: number
  /** By asset. */
  readonly sectors?: readonly string[]
}

/** Caps in numbers for n assets: without a cap infinite, without a sector cap no sectors. */
export interface NumberedCaps {
  readonly maxWeight: number
  readonly maxSector: number
  /** By asset, the number of its sector; −1 for none. */
  readonly sectorOf: Int32Array
  readonly sectors: number
}

/** @throws RangeError for a cap that is not above 0, or a sector cap without a sector for each asset. */
export function numberCaps(n: number, { maxWeight, maxSector, sectors }: Caps): NumberedCaps {
  for (const [name, cap] of Object.entries({ maxWeight, maxSector })) {
    if (cap !== undefined && !(cap > 0)) throw new RangeError(`${name} is ${cap}, expected more than 0`)
  }
  const uncapped = { maxWeight: maxWeight ?? Number.POSITIVE_INFINITY, maxSector: Number.POSITIVE_INFINITY }
  if (maxSector === undefined) return { ...uncapped, sectorOf: new Int32Array(n).fill(-1), sectors: 0 }
  if (sectors?.length !== n) {
    throw new RangeError(`A sector cap with ${sectors?.length ?? 'no'} sectors, expected one for each of ${n} assets`)
  }
  const names = [...new Set(sectors)]
  const numbers = new Map(names.map((name, i) => [name, i]))
  const sectorOf = Int32Array.from(sectors, (name) => numbers.get(name)!)
  return { ...uncapped, maxSector, sectorOf, sectors: names.length }
}
