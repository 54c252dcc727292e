import { postgresNews } from '../../../shared/adapters/postgres/news.ts'
import { postgresUniverse } from '../../../shared/adapters/postgres/universe-store.ts'
import { type Instant, session } from '../../../shared/domain/market/session.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)
const STORIES = ['beats estimates as profit rises', 'cuts its outlook after a weak quarter', 'names a new chairman']

/** A database in which a day was ranked: `symbols` stocks with three headlines each, and the word that has them scored. */
export async function prepareRankedDay(database: StepDatabase, symbols: number): Promise<Record<string, string>> {
  await migrate(database, await readMigrations(MIGRATIONS))
  const data = { asOf: '2024-06-07', source: 'made', universe: 'a-ranked-day' }
  const names = Array.from({ length: symbols }, (_, i) => `S${i}`)
  await postgresUniverse(database).putRanking(
    { run: data.universe, asOf: session(data.asOf), source: data.source },
    names.map((symbol, i) => ({
      symbol,
      sector: 'Financials',
      measures: { momentum: { '21': 0.01 }, volatility: 0.2, rsi: 55, sharpe: 1 },
      values: { momentum: 0.1, lowVolatility: -0.2, rsi: 0, sharpe: 1 },
      zScores: { momentum: 0, lowVolatility: 0, rsi: 0, sharpe: 0 },
      score: -i,
      rank: i + 1,
      quintile: 1,
      observed: false,
    })),
  )
  const publishedAt = Date.parse(`${data.asOf}T14:00:00Z`) as Instant
  const articles = names.flatMap((symbol) =>
    STORIES.map((story, i) => ({
      id: `${symbol}-${i}`,
      symbols: [symbol],
      title: `${symbol} ${story}`,
      publisher: 'The Made Times',
      url: `https://news.example/${symbol}/${i}`,
      publishedAt,
    })),
  )
  await postgresNews(database).put(data.source, articles)
  return data
}
