import { z } from 'zod'
import { type Instant, instant } from '../../domain/market/session.ts'
import type { Article } from '../../ports/data-provider.ts'
import { RefusedByYahoo, spelled } from './yahoo-client.ts'

const MOST_TITLE = 1000

const Story = z.looseObject({
  uuid: z.string().min(1).max(200),
  title: z.string().min(1),
  publisher: z.string().catch(''),
  link: z.url({ protocol: /^https?$/ }).max(4000),
  providerPublishTime: z.number(), // seconds
  relatedTickers: z.array(z.string()).optional(),
})
const Search = z.looseObject({ news: z.array(z.unknown()) })

/**
 * Reads the stories a search for a symbol found, of which those about others are left out, and so are those without id, title, time or
 * web address. A story names the companies asked for in our spelling, others in Yahoo's.
 * @throws RefusedByYahoo when the body is another.
 */
export function readNews(json: unknown, symbol: string, from: Instant, to: Instant): Article[] {
  const checked = Search.safeParse(json)
  if (!checked.success) throw new RefusedByYahoo(`Yahoo's news are not as expected: ${checked.error.issues[0].message}`)
  return checked.data.news.flatMap((found): Article[] => {
    const story = Story.safeParse(found)
    if (!story.success) return []
    const { uuid, title, publisher, link, providerPublishTime, relatedTickers } = story.data
    const publishedAt = instant(providerPublishTime * 1000)
    if (publishedAt < from || publishedAt >= to) return []
    const symbols = (relatedTickers ?? [symbol]).map((ticker) => (ticker === spelled(symbol) ? symbol : ticker))
    if (!symbols.includes(symbol)) return []
    return [{ id: uuid, symbols, title: title.slice(0, MOST_TITLE), publisher, url: link, publishedAt }]
  })
}

/** Articles of several searches, each once, with every symbol under which it was found; ascending in time. */
export function mergeNews(found: readonly (readonly Article[])[]): Article[] {
  const articles = new Map<string, Article>()
  for (const article of found.flat()) {
    const symbols = new Set([...(articles.get(article.id)?.symbols ?? []), ...article.symbols])
    articles.set(article.id, { ...article, symbols: [...symbols].sort() })
  }
  return [...articles.values()].sort((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1))
}
