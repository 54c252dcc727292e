import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { DAY_MS, type Instant, msToSession } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { CHARACTERS } from './characters.ts'
import type { EquityPath } from './daily-path.ts'
import { headline, type Tone } from './headlines.ts'
import { type Random, randomStream } from './random.ts'

export interface SimulatedArticle {
  readonly id: string
  readonly symbol: string
  readonly title: string
  readonly publisher: string
  readonly url: string
  readonly publishedAt: Instant
  /** What the sentence was meant to say. */
  readonly tone: Tone
}

export const SIMULATED_PUBLISHER = 'Simulated Wire'

const HOUR_MS = 3_600_000
/** The wire's day begins late in the session, so that its headlines tell of the day's move rather than foretell it. */
const AFTER_OPEN_MS = 4 * HOUR_MS
const WIRE_DAY_MS = 5 * HOUR_MS

/**
 * A company's articles published in [`from`, `to`), ascending. On about one session in four there is one, sometimes two, and always one
 * on the day of results. The tone leans on the company's own shock of the day (correlation about 0.5) and, barely, on that of the next
 * session (about 0.08): a weak, real signal.
 */
export function articlesOf(seed: number, path: EquityPath, from: number, to: number): SimulatedArticle[] {
  const calendar = tradingCalendar('XNYS')
  const articles: SimulatedArticle[] = []
  const reports = new Set(path.reports)
  // The wire's day lies within the UTC day of its session's date.
  const first = rowAtOrAfter(path.at, from - DAY_MS)
  for (let row = first; row < path.at.length && path.at[row] < to; row++) {
    const session = msToSession(path.at[row])
    const random = randomStream(seed, 'news', path.symbol, session)
    const draw = random.uniform()
    const chance = draw < 0.04 ? 2 : draw < 0.26 ? 1 : 0
    const results = row > 0 && reports.has(row)
    const count = results ? Math.max(chance, 1) : chance
    const start = count > 0 ? calendar.openAt(session) + AFTER_OPEN_MS : 0
    for (let n = 0; n < count; n++) {
      const article = write(seed, path, row, { session, n, start, results: results && n === 0 }, random)
      if (article.publishedAt >= from && article.publishedAt < to) articles.push(article)
    }
  }
  return articles.sort((a, b) => a.publishedAt - b.publishedAt)
}

interface Occasion {
  readonly session: string
  readonly n: number
  readonly start: number
  readonly results: boolean
}

function write(seed: number, path: EquityPath, row: number, occasion: Occasion, random: Random): SimulatedArticle {
  const { name, sector } = CHARACTERS.get(path.symbol)!
  const today = limited(path.ownShock[row])
  const tomorrow = row + 1 < path.at.length ? limited(path.ownShock[row + 1]) : 0
  const mood = 0.5 * today + 0.08 * tomorrow + 0.86 * random.normal()
  const tone = mood > 0.55 ? 'positive' : mood < -0.55 ? 'negative' : 'neutral'
  const id = `simulated-${seed}-${path.symbol}-${occasion.session}-${occasion.n}`
  return {
    id,
    symbol: path.symbol,
    title: headline({ name, sector, tone, results: occasion.results }, random.uniform(), random.uniform()),
    publisher: SIMULATED_PUBLISHER,
    url: `https://simulated.invalid/${id}`,
    publishedAt: (Math.floor((occasion.start + random.uniform() * WIRE_DAY_MS) / 1000) * 1000) as Instant,
    tone,
  }
}

function limited(shock: number): number {
  return Math.max(-3, Math.min(3, shock))
}
