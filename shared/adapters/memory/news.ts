import type { Article } from '../../ports/data-provider.ts'
import type { NewsStore } from '../../ports/ingestion-stores.ts'
import { keyOf } from '../history/last-by.ts'

/** Articles in this process. An article gains symbols and never loses one. */
export function memoryNews(): NewsStore {
  const stored = new Map<string, { readonly source: string; readonly article: Article }>()
  return {
    async put(source, articles) {
      for (const article of articles) {
        const key = keyOf(source, article.id)
        const symbols = new Set([...(stored.get(key)?.article.symbols ?? []), ...article.symbols])
        stored.set(key, { source, article: { ...article, symbols: [...symbols].sort() } })
      }
    },
    async read(symbols, source, fromMs, toMs) {
      const isAsked = (article: Article) => article.symbols.some((symbol) => symbols.includes(symbol))
      return [...stored.values()]
        .filter((entry) => entry.source === source)
        .map(({ article }) => article)
        .filter((article) => article.publishedAt >= fromMs && article.publishedAt < toMs && isAsked(article))
        .sort((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1))
    },
  }
}
