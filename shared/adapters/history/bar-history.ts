import { adjustBars } from '../../domain/market/adjustment.ts'
import { type BarSeries, sliceBars } from '../../domain/market/bar.ts'
import { bySymbol } from '../../domain/market/by-symbol.ts'
import { rowAtOrAfter } from '../../domain/market/row-at-or-after.ts'
import { type Instant, LAST_DAY, msToSession, type Session } from '../../domain/market/session.ts'
import type {
  BarArchive,
  BarHistory,
  BarHistoryQuery,
  BarQuery,
  BarStore,
  ObjectCatalogue,
} from '../../ports/bar-store.ts'
import type { CorporateActions } from '../../ports/ingestion-stores.ts'
import { closedBefore } from './closed-before.ts'
import { type ReadBars, withPreviousCloses } from './later-closes.ts'
import { inOrder, overlayBars } from './overlay-bars.ts'

export interface HistoryStores {
  readonly hot: BarStore
  readonly cold: BarArchive
  readonly catalogue: ObjectCatalogue
  readonly actions: CorporateActions
}

/** The days that are written with four digits. */
const FIRST_MS = -62_135_596_800_000
const LAST_MS = 253_402_214_400_000

/**
 * The hot store and, for what it has let go, the cold one, as if nothing had ever been retired. Where both have a bar the hot one's counts.
 * Symbols in order, each ascending and unique; a symbol that holds bars of several bases answers one series for each.
 *
 * `knownAt`: a revision that was valid then counts before the bar that replaced it, retired or not. Bars that had not closed are left out.
 * `adjusted`: by the actions of the dataset's own source up to `asOf`, and never by one that lies after the date of `knownAt`. The same
 * numbers come back whatever part of the history is asked for: closes that a later dividend needs are read, too.
 */
export function barHistory({ hot, cold, catalogue, actions }: HistoryStores): BarHistory {
  const retired = async (query: BarQuery): Promise<BarSeries[]> => {
    const before = await hot.retiredBefore(query.dataset)
    if (before === undefined || query.from >= before) return []
    const to = Math.min(query.to, before) as Instant
    const partitions = await catalogue.partitions(query.dataset, dayOf(query.from), dayOf(to - 1))
    return partitions.length === 0 ? [] : cold.read({ ...query, to }, partitions)
  }

  const joined =
    (knownAt: Instant | undefined): ReadBars =>
    async (asked) => {
      const to = Math.min(asked.to, knownAt === undefined ? asked.to : closedBefore(asked.dataset, knownAt)) as Instant
      const query = { dataset: asked.dataset, symbols: asked.symbols, from: asked.from, to }
      if (!(query.from < to) || query.symbols?.length === 0) return []
      // Hot first: what is retired in between is then read twice instead of not at all.
      const upper = await (knownAt === undefined ? hot.read(query) : hot.readKnownAt(query, knownAt))
      return overlayBars(await retired(query), upper)
    }

  return {
    async read(query) {
      const { adjusted = 'none', dataset, knownAt, to } = query
      const read = joined(knownAt)
      const bars = await read(query)
      if (adjusted === 'none' || bars.length === 0) return bars

      const asOf = lastActing(query)
      const symbols = [...new Set(bars.map(({ symbol }) => symbol))]
      // Prices that the source restated for splits carry every later one, so cash is brought to the same share count.
      const through = bars.some(({ basis }) => basis === 'split-adjusted') ? LAST_DAY : asOf
      const acting = bySymbol(await actions.read(symbols, dataset.source, through))
      const longer = adjusted === 'total' ? await withPreviousCloses(read, query, bars, acting, asOf) : bars
      const restated = longer.map((series) =>
        adjustBars(series, acting.get(series.symbol) ?? [], { asOf, kind: adjusted }),
      )
      return inOrder(restated.map((series) => before(series, to)))
    },
  }
}

/** The last ex-date that acts. */
function lastActing({ asOf, knownAt, to }: BarHistoryQuery): Session {
  const wanted = asOf ?? dayOf(to - 1)
  return knownAt !== undefined && dayOf(knownAt) < wanted ? dayOf(knownAt) : wanted
}

function before(series: BarSeries, to: Instant): BarSeries {
  return sliceBars(series, 0, rowAtOrAfter(series.at, to))
}

function dayOf(at: number): Session {
  return msToSession(Math.min(Math.max(at, FIRST_MS), LAST_MS))
}
