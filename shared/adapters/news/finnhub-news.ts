import { z } from 'zod'
import { instant, msToSession } from '../../domain/market/session.ts'
import type { Article } from '../../ports/data-provider.ts'
import { InputError } from '../../ports/errors.ts'
import type { NewsSource } from '../../ports/news-source.ts'
import { type PoliteFetchOptions, politeFetch } from '../http/polite-fetch.ts'
import { cleanPublisher, cleanTitle, webAddress } from './clean-text.ts'
import { newsOfEach, RefusedBySource } from './each-instrument.ts'
import { checkedKey, jsonOf } from './keyed-source.ts'
import { cappedFetch, recordedReply } from './recorded-reply.ts'

export interface FinnhubOptions extends PoliteFetchOptions {
  readonly key: string
}

const SOURCE = 'Finnhub'
const Story = z.looseObject({
  id: z.number(),
  headline: z.string(),
  source: z.string().catch(''),
  url: z.string(),
  datetime: z.number().positive(), // seconds
})

/**
 * Company news of Finnhub (`GET /api/v1/company-news`, by whole UTC days; 60 requests a minute without paying). The key goes in a header,
 * so that it stands in no address, and a redirection is not followed.
 * @throws InputError when there is no key, or (from `fetchNews`) when Finnhub does not accept it.
 */
export function finnhubNews({ key, ...options }: FinnhubOptions): NewsSource {
  const token = checkedKey(key, SOURCE)
  const polite = politeFetch({ requestsPerSecond: 1, ...options, fetch: cappedFetch(options.fetch) })
  return {
    name: 'finnhub',
    fetchNews: ({ instruments, from, to }, recorder) =>
      newsOfEach(SOURCE, instruments, async ({ symbol }) => {
        const url = new URL('https://finnhub.io/api/v1/company-news')
        url.search = new URLSearchParams({ symbol, from: msToSession(from), to: msToSession(to - 1) }).toString()
        const { bytes, provenance } = await recordedReply(
          { symbol, request: `finnhub-news-${from}-${to}`, recorder },
          () => polite(url, { headers: { 'x-finnhub-token': token }, redirect: 'error' }),
          (status) => {
            if (status === 401) throw new InputError(`${SOURCE} does not accept the key`)
            return `${SOURCE} answered ${status}`
          },
        )
        const stories = jsonOf(bytes, SOURCE)
        if (!Array.isArray(stories)) throw new RefusedBySource(`${SOURCE} answered with something else than a list`)
        const articles = stories
          .flatMap((story) => articleOf(story, symbol))
          .filter(({ publishedAt }) => from <= publishedAt && publishedAt < to)
        return { articles, provenance: [provenance] }
      }),
  }
}

/** A story without title, address or time is left out. `related` is not read: it repeats the symbol that was asked for. */
function articleOf(found: unknown, symbol: string): Article[] {
  const { success, data } = Story.safeParse(found)
  const title = cleanTitle(data?.headline ?? '')
  const url = webAddress(data?.url ?? '')
  if (!success || title === '' || !url) return []
  const { id, source, datetime } = data
  const publisher = cleanPublisher(source)
  return [{ id: `finnhub-${id}`, symbols: [symbol], title, publisher, url, publishedAt: instant(datetime * 1000) }]
}
