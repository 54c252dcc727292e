import type { NewsSource } from '../../shared/ports/news-source.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import type { NewsSourceSpec } from '../../shared/runtime/news-settings.ts'
import type { NewsSources } from '../../shared/runtime/ports.ts'
import { oncePerProcess, type WiringParts } from './parts.ts'
import { providers } from './providers.ts'

type OwnSource = Exclude<NewsSourceSpec, { name: 'provider' }>

/** The sources that the settings name, each guarded, made once, and loaded only when it is first asked for. */
export const newsSources = oncePerProcess((parts: WiringParts): NewsSources => {
  const known = new Map<string, Promise<NewsSource>>()
  const own = (spec: OwnSource) => {
    const made = known.get(spec.name) ?? opened(spec, parts)
    known.set(spec.name, made)
    return made
  }
  return {
    of: (provider) =>
      Promise.all(
        parts.settings.news.map((spec) => (spec.name === 'provider' ? providers(parts).get(provider) : own(spec))),
      ),
  }
})

async function opened(spec: OwnSource, { newsKeys, database }: WiringParts): Promise<NewsSource> {
  return guardPort(await sourceOf(spec, newsKeys), spec.name, database)
}

async function sourceOf(spec: OwnSource, keys: WiringParts['newsKeys']): Promise<NewsSource> {
  switch (spec.name) {
    case 'rss': {
      const { rssNews, YAHOO_FEED } = await import('../../shared/adapters/news/rss-news.ts')
      return rssNews({ feeds: spec.feeds ?? [YAHOO_FEED] })
    }
    case 'file': {
      const { fileNews } = await import('../../shared/adapters/news/file-news.ts')
      return fileNews({ file: spec.data, ...(spec.timezone !== undefined && { timezone: spec.timezone }) })
    }
    case 'finnhub': {
      const { finnhubNews } = await import('../../shared/adapters/news/finnhub-news.ts')
      return finnhubNews({ key: keys.finnhub ?? '' })
    }
    case 'marketaux': {
      const { marketauxNews } = await import('../../shared/adapters/news/marketaux-news.ts')
      return marketauxNews({ key: keys.marketaux ?? '', ...(spec.limit !== undefined && { limit: spec.limit }) })
    }
  }
}
