import type { Instant } from '../../domain/market/session.ts'
import type { Article } from '../../ports/data-provider.ts'
import type { Database } from '../../ports/database.ts'
import type { NewsStore } from '../../ports/ingestion-stores.ts'
import { keyOf, lastBy } from '../history/last-by.ts'

/** Articles in `ingestion.news`, their symbols in `ingestion.news_symbols`, where an article gains symbols and never loses one. */
export function postgresNews(database: Database): NewsStore {
  return {
    async put(source, given) {
      const articles = lastBy(given, ({ id }) => id)
      const links = lastBy(
        given.flatMap(({ id, symbols }) => symbols.map((symbol) => ({ id, symbol }))),
        ({ id, symbol }) => keyOf(id, symbol),
      )
      await database.transaction(async () => {
        await database.write(
          `insert into ingestion.news as article (source, id, title, publisher, url, published_at)
           select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
             as a (id, title, publisher, url, published_at)
           order by id
           on conflict (source, id) do update
           set title = excluded.title, publisher = excluded.publisher, url = excluded.url, published_at = excluded.published_at,
             known_from = now()
           where (article.title, article.publisher, article.url, article.published_at)
             is distinct from (excluded.title, excluded.publisher, excluded.url, excluded.published_at)`,
          [
            source,
            articles.map(({ id }) => id),
            articles.map(({ title }) => text(title)),
            articles.map(({ publisher }) => text(publisher)),
            articles.map(({ url }) => text(url)),
            articles.map(({ publishedAt }) => new Date(publishedAt).toISOString()),
          ],
        )
        await database.write(
          `insert into ingestion.news_symbols (source, symbol, id, published_at)
           select $1, symbol, id, published_at
           from unnest($2::text[], $3::text[]) as link (symbol, id) join ingestion.news using (id)
           where news.source = $1
           order by id, symbol
           on conflict (source, id, symbol) do update set published_at = excluded.published_at
           where news_symbols.published_at <> excluded.published_at`,
          [source, links.map(({ symbol }) => symbol), links.map(({ id }) => id)],
        )
        // A corrected time moves the article for all of its symbols.
        await database.write(
          `update ingestion.news_symbols as link set published_at = news.published_at from ingestion.news
           where news.source = $1 and news.id = any($2) and link.source = $1 and link.id = news.id
             and link.published_at <> news.published_at`,
          [source, articles.map(({ id }) => id)],
        )
      })
    },

    async read(symbols, source, fromMs, toMs) {
      const rows = await database.read<Omit<Article, 'publishedAt'> & { readonly published_at: Date }>(
        `select news.id, title, publisher, url, news.published_at,
           (select array_agg(symbol order by symbol) from ingestion.news_symbols as link
            where link.source = news.source and link.id = news.id) as symbols
         from ingestion.news
         where source = $1 and id in (
           select id from ingestion.news_symbols
           where source = $1 and symbol = any($2) and published_at >= $3 and published_at < $4)
         order by news.published_at, news.id`,
        [source, symbols, new Date(fromMs), new Date(toMs)],
      )
      return rows.map(({ published_at, ...article }) => ({
        ...article,
        publishedAt: published_at.getTime() as Instant,
      }))
    },
  }
}

/** PostgreSQL has no place for the character NUL. */
function text(untrusted: string): string {
  return untrusted.replaceAll('\0', '')
}
