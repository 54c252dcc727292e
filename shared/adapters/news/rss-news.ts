import type { Article } from '../../ports/data-provider.ts'
import { InputError } from '../../ports/errors.ts'
import type { NewsSource } from '../../ports/news-source.ts'
import { type PoliteFetchOptions, politeFetch } from '../http/polite-fetch.ts'
import { sha256Hex } from '../objects/sha256.ts'
import { type FoundNews, mergedArticles, newsOfEach, RefusedBySource } from './each-instrument.ts'
import { readFeed } from './read-feed.ts'
import { cappedFetch, recordedReply } from './recorded-reply.ts'

/** An address that holds `{symbol}`, or one of a single company with its symbol. */
export interface Feed {
  readonly url: string
  readonly symbol?: string
}

export interface RssNewsOptions extends PoliteFetchOptions {
  readonly feeds: readonly Feed[]
}

const PLACE = '{symbol}'
const ACCEPT = 'application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8'
const USER_AGENT = 'edgefund (RSS reader)'

/** Yahoo's feed of a company's headlines, about the last twenty. */
export const YAHOO_FEED: Feed = {
  url: 'https://feeds.finance.yahoo.com/rss/2.0/headline?s={symbol}&region=US&lang=en-US',
}

/**
 * Headlines of RSS and Atom feeds, asked politely. Feeds hold what is new and no history, so what was fetched is all that there will be.
 * An article's symbols are those whose feeds brought it. A feed that fails does not cost a symbol the articles of another.
 * @throws InputError when an address is not of the web, or does not say which company it is about.
 */
export function rssNews({ feeds, ...options }: RssNewsOptions): NewsSource {
  if (feeds.length === 0) throw new InputError('No feed is named, expected at least one address')
  feeds.forEach(checkFeed)
  const polite = politeFetch({ ...options, fetch: cappedFetch(options.fetch) })

  const itemsOf = async (
    url: string,
    request: string,
    symbol: string,
    recorder: Parameters<NewsSource['fetchNews']>[1],
  ) => {
    const { bytes, provenance } = await recordedReply(
      { symbol, request, recorder },
      () => polite(url, { headers: { accept: ACCEPT, 'user-agent': USER_AGENT } }),
      (status) => `${new URL(url).host} answered ${status}`,
    )
    return { items: readFeed(bytes), provenance }
  }

  return {
    name: 'rss',
    fetchNews: ({ instruments, from, to }, recorder) =>
      newsOfEach('RSS', instruments, async ({ symbol }) => {
        const urls = feeds
          .filter((feed) => feed.symbol === undefined || feed.symbol === symbol)
          .map(({ url }) => url.replaceAll(PLACE, encodeURIComponent(symbol)))
        if (urls.length === 0) throw new RefusedBySource('No feed is about it')
        const found: FoundNews[] = []
        const refusals: string[] = []
        for (const url of urls) {
          const request = `rss-${sha256Hex(Buffer.from(url)).slice(0, 16)}-${from}-${to}`
          try {
            const { items, provenance } = await itemsOf(url, request, symbol, recorder)
            const articles = items
              .filter(({ publishedAt }) => from <= publishedAt && publishedAt < to)
              .map(({ id, ...item }): Article => ({ ...item, id: articleId(id), symbols: [symbol] }))
            found.push({ articles, provenance: [provenance] })
          } catch (error) {
            if (!(error instanceof RefusedBySource)) throw error
            refusals.push(error.message)
          }
        }
        if (found.length === 0) throw new RefusedBySource(refusals.join('; '))
        return {
          articles: mergedArticles(found.flatMap(({ articles }) => articles)),
          provenance: found.flatMap(({ provenance }) => provenance),
        }
      }),
  }
}

/** What feeds call their items may be of any length and hold anything. */
function articleId(id: string): string {
  return `rss-${sha256Hex(Buffer.from(id)).slice(0, 32)}`
}

function checkFeed({ url, symbol }: Feed): void {
  const address = url.replaceAll(PLACE, 'X')
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new InputError(`The feed ${JSON.stringify(url)} is no web address`)
  }
  if (url.includes(PLACE) === (symbol !== undefined)) {
    throw new InputError(`The feed ${url} must either hold ${PLACE} or be of one company and name its symbol`)
  }
}
