import type { Mandate } from '../mandate/mandate.ts'
import type { BarSeries } from '../market/bar.ts'
import type { Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { type Listing, listingOf } from './listing.ts'
import { measureListing, NOTHING_MEASURED } from './measure-listing.ts'
import type { Measures, Member } from './member.ts'

type Rules = Mandate['universe']
type Judgement = Rules['exclusions'][number]

/** Below this quality a longer look back would not help either. */
const LEAST_QUALITY = 0.5

/**
 * How many sessions the filters look at: enough that a name with just the demanded quality can still show the demanded history.
 */
export function filterLookback({
  minimumHistorySessions,
  dollarVolumeSessions,
  minimumQuality,
}: Rules['filters']): number {
  return Math.ceil(Math.max(minimumHistorySessions, dollarVolumeSessions) / Math.max(minimumQuality, LEAST_QUALITY))
}

/**
 * Every listing as a session's universe sees it, in order of symbol. Excluded from its date on, whatever its bars say; else filtered when
 * any measure falls short, a missing one included; else observed from its date on; else eligible. Each reason quotes what was found and
 * what was expected.
 * @param bars as traded, by symbol; bars after `asOf` count for nothing.
 */
export function applyFilters(rules: Rules, bars: ReadonlyMap<string, BarSeries>, asOf: Session): Member[] {
  const excluded = inForce(rules.exclusions, asOf)
  const observed = inForce(rules.observation, asOf)
  return rules.listings
    .map((rule): Member => {
      const listing = listingOf(rule)
      const exclusion = excluded.get(listing.symbol)
      if (exclusion) return { listing, status: 'excluded', reasons: [`excluded since ${because(exclusion)}`] }
      const measures = measured(listing, bars.get(listing.symbol), rules.filters, asOf)
      const observation = observed.get(listing.symbol)
      const noted = observation ? [`observed since ${because(observation)}`] : []
      const shortfalls = shortfallsOf(measures, rules.filters)
      if (shortfalls.length > 0) return { listing, status: 'filtered', reasons: [...shortfalls, ...noted], measures }
      return { listing, status: observation ? 'observed' : 'eligible', reasons: noted, measures }
    })
    .sort((a, b) => (a.listing.symbol < b.listing.symbol ? -1 : 1))
}

/** Whether a member takes part in the ranking. */
export function isRankable({ status }: Member): boolean {
  return status === 'eligible' || status === 'observed'
}

/** How many names of a day's universe are where. */
export function countMembers(rules: Rules, asOf: Session) {
  const excluded = inForce(rules.exclusions, asOf)
  const observed = [...inForce(rules.observation, asOf).keys()].filter((symbol) => !excluded.has(symbol))
  return { listed: rules.listings.length, excluded: excluded.size, observed: observed.length }
}

/** The judgements dated up to the session, by symbol; of several the first that took force. */
function inForce(judgements: readonly Judgement[], asOf: Session): Map<string, Judgement> {
  const dated = judgements.filter(({ date }) => date <= asOf).sort((a, b) => (a.date < b.date ? 1 : -1))
  return new Map(dated.map((judgement) => [judgement.symbol, judgement]))
}

function because({ date, reason, evidence }: Judgement): string {
  return `${date}: ${reason} (${evidence})`
}

function measured(listing: Listing, series: BarSeries | undefined, filters: Rules['filters'], asOf: Session): Measures {
  if (!series) return NOTHING_MEASURED
  const { dollarVolumeSessions } = filters
  const window = { asOf, lookback: filterLookback(filters), dollarVolumeSessions }
  return measureListing(series, tradingCalendar(listing.calendar), window)
}

function shortfallsOf(measures: Measures, filters: Rules['filters']): string[] {
  const { historySessions, medianDollarVolume, price, quality, ageSessions } = measures
  if (historySessions === 0) return [`no bars in the last ${filterLookback(filters)} sessions`]
  const { minimumHistorySessions, minimumMedianDollarVolume, minimumPrice, minimumQuality, maximumAgeSessions } =
    filters
  const found: string[] = []
  const expect = (met: boolean, text: string) => met || found.push(text)
  expect(
    historySessions >= minimumHistorySessions,
    `${historySessions} sessions of history, expected at least ${minimumHistorySessions}`,
  )
  expect(
    medianDollarVolume >= minimumMedianDollarVolume,
    `median dollar volume ${medianDollarVolume.toFixed(0)}, expected at least ${minimumMedianDollarVolume}`,
  )
  expect(price >= minimumPrice, `price ${price.toFixed(2)}, expected at least ${minimumPrice}`)
  expect(quality >= minimumQuality, `quality ${quality.toFixed(3)}, expected at least ${minimumQuality}`)
  expect(
    ageSessions <= maximumAgeSessions,
    `newest bar ${ageSessions} sessions old, expected at most ${maximumAgeSessions}`,
  )
  return found
}
