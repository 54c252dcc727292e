import type { BarSeries, Dataset } from '../../domain/market/bar.ts'
import { DAY_MS, type Instant, msToSession } from '../../domain/market/session.ts'
import type { BarArchive, BarStore, ColdCheck, ObjectCatalogue } from '../../ports/bar-store.ts'
import { PermanentError, UnavailableError } from '../../ports/errors.ts'

/** Days compared at a time, so that memory stays small. */
const DAYS_AT_ONCE = 31

/**
 * Compares the hot rows with the committed partitions, number by number. A partition that cannot be read, or is not what the catalogue
 * says, is a difference too: it keeps its own dataset in the hot store, not the others.
 */
export function coldCheck(stores: {
  readonly hot: BarStore
  readonly cold: BarArchive
  readonly catalogue: ObjectCatalogue
}): ColdCheck {
  const { hot, cold, catalogue } = stores
  return {
    async firstDifference(dataset: Dataset, before: Instant) {
      const oldest = await hot.oldest(dataset)
      if (oldest === undefined) return undefined
      for (let from = oldest; from < before; from = (from + DAYS_AT_ONCE * DAY_MS) as Instant) {
        const to = Math.min(before, from + DAYS_AT_ONCE * DAY_MS) as Instant
        const query = { dataset, from, to }
        const wanted = await hot.read(query)
        const partitions = await catalogue.partitions(dataset, msToSession(from), msToSession(to - 1))
        const found = await cold.read(query, partitions).catch(whyUnreadable)
        if (typeof found === 'string') return found
        const held = new Map(found.map((series) => [nameOf(series), series]))
        for (const series of wanted) {
          const difference = compare(series, held.get(nameOf(series)))
          if (difference !== undefined) return difference
        }
      }
      return undefined
    },
  }
}

/** A symbol whose bars have several bases has a series for each. */
function nameOf({ symbol, basis }: BarSeries): string {
  return `${symbol}\0${basis}`
}

function whyUnreadable(error: unknown): string {
  if (error instanceof UnavailableError || error instanceof PermanentError) return error.message
  throw error
}

const NUMBERS = ['open', 'high', 'low', 'close', 'volume', 'bid', 'ask'] as const

function compare(wanted: BarSeries, held: BarSeries | undefined): string | undefined {
  let row = 0
  for (let i = 0; i < wanted.at.length; i++) {
    const at = wanted.at[i]
    while (held && row < held.at.length && held.at[row] < at) row++
    const bar = () => `${wanted.symbol} ${new Date(at).toISOString()}`
    if (!held || held.at[row] !== at) return `${bar()} (${wanted.basis}) is not in the cold store`
    const column = NUMBERS.find((name) => !sameNumber(wanted[name]?.[i], held[name]?.[row]))
    if (column) return `${bar()} has ${column} ${wanted[column]?.[i]}, in the cold store ${held[column]?.[row]}`
  }
  return undefined
}

/** A number that is missing, with its column or without, is the same as another that is. */
function sameNumber(a = Number.NaN, b = Number.NaN): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}
