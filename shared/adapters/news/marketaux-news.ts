import { z } from 'zod'
import { instantFromText } from '../../domain/market/instant-text.ts'
import type { Article } from '../../ports/data-provider.ts'
import { InputError } from '../../ports/errors.ts'
import type { NewsSource } from '../../ports/news-source.ts'
import { type PoliteFetchOptions, politeFetch } from '../http/polite-fetch.ts'
import { cleanPublisher, cleanTitle, webAddress } from './clean-text.ts'
import { newsOfEach, RefusedBySource } from './each-instrument.ts'
import { checkedKey, jsonOf } from './keyed-source.ts'
import { cappedFetch, recordedReply } from './recorded-reply.ts'

export interface MarketauxOptions extends PoliteFetchOptions {
  readonly key: string
  /** Articles a request: 3 without paying, the default. */
  readonly limit?: number
}

const SOURCE = 'Marketaux'
const USED_UP = 402
const Answer = z.looseObject({ data: z.array(z.unknown()) })
const Story = z.looseObject({
  uuid: z.string().min(1).max(200),
  title: z.string(),
  url: z.string(),
  source: z.string().catch(''),
  published_at: z.string(),
})

/**
 * News of Marketaux about a symbol (`GET /v1/news/all`; 100 requests a day of three articles each without paying). The key can only stand in
 * the address, which is never recorded, logged or named in a message. Once the day's requests are used up, the rest is not asked for.
 * @throws InputError when there is no key, or (from `fetchNews`) when Marketaux does not accept it.
 */
export function marketauxNews({ key, limit = 3, ...options }: MarketauxOptions): NewsSource {
  const token = checkedKey(key, SOURCE)
  const polite = politeFetch({ requestsPerSecond: 1, ...options, fetch: cappedFetch(options.fetch) })
  return {
    name: 'marketaux',
    fetchNews: ({ instruments, from, to }, recorder) => {
      let usedUp = false
      const ask = (symbol: string) => {
        if (usedUp) throw new RefusedBySource(`${SOURCE}'s requests of the day are used up`)
        const url = new URL('https://api.marketaux.com/v1/news/all')
        url.search = new URLSearchParams({
          ...{
            symbols: symbol,
            filter_entities: 'true',
            must_have_entities: 'true',
            language: 'en',
            limit: `${limit}`,
          },
          ...{ published_after: withoutZone(from - 1000), published_before: withoutZone(to), api_token: token },
        }).toString()
        return polite(url, { redirect: 'error' })
      }
      return newsOfEach(SOURCE, instruments, async ({ symbol }) => {
        const { bytes, provenance } = await recordedReply(
          { symbol, request: `marketaux-news-${from}-${to}`, recorder },
          async () => ask(symbol),
          (status) => {
            if (status === 401) throw new InputError(`${SOURCE} does not accept the key`)
            usedUp ||= status === USED_UP
            return status === USED_UP ? `${SOURCE}'s requests of the day are used up` : `${SOURCE} answered ${status}`
          },
        )
        const answer = Answer.safeParse(jsonOf(bytes, SOURCE))
        if (!answer.success) throw new RefusedBySource(`${SOURCE} answered without "data"`)
        const articles = answer.data.data
          .flatMap((story) => articleOf(story, symbol))
          .filter(({ publishedAt }) => from <= publishedAt && publishedAt < to)
        return { articles, provenance: [provenance] }
      })
    },
  }
}

/** A story without title, address or time is left out. */
function articleOf(found: unknown, symbol: string): Article[] {
  const { success, data } = Story.safeParse(found)
  const title = cleanTitle(data?.title ?? '')
  const url = webAddress(data?.url ?? '')
  if (!success || title === '' || !url) return []
  const publisher = cleanPublisher(data.source)
  try {
    return [
      {
        id: `marketaux-${data.uuid}`,
        symbols: [symbol],
        title,
        publisher,
        url,
        publishedAt: instantFromText(data.published_at),
      },
    ]
  } catch {
    return []
  }
}

/** Marketaux reads times in UTC and to the second. */
function withoutZone(at: number): string {
  return new Date(at).toISOString().slice(0, 19)
}
