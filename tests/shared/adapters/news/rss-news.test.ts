import { afterEach, describe, expect, it } from 'vitest'
import { readFeed } from '../../../../shared/adapters/news/read-feed.ts'
import { rssNews, YAHOO_FEED } from '../../../../shared/adapters/news/rss-news.ts'
import { InputError, UnavailableError } from '../../../../shared/ports/errors.ts'
import { memoryRecorder } from '../yahoo/yahoo-server.ts'
import { type NewsAnswer, newsServer, weekOf } from './news-server.ts'

let close = async () => {}
afterEach(() => close())

async function serve(answer: (url: URL) => NewsAnswer) {
  const server = await newsServer(answer)
  close = server.close
  return server
}

const item = (title: string, link: string, date: string, more = '') =>
  `<item><title>${title}</title><link>${link}</link><pubDate>${date}</pubDate>${more}</item>`
const rss = (...items: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="m" xmlns:atom="a"><channel><title>The Wire</title>
   <atom:link href="https://wire.test/feed" rel="self"/>${items.join('')}</channel></rss>`
const FRIDAY = 'Fri, 20 Nov 2026 16:05:00 -0500'
const bytes = (text: string) => new Uint8Array(Buffer.from(text))

describe('a feed', () => {
  it('is read as RSS 2.0, titles as plain text', () => {
    const feed = rss(
      item(
        '<![CDATA[Ford &amp; <b>GM</b>]]>',
        'https://wire.test/1?a=1&amp;b=2',
        FRIDAY,
        '<guid isPermaLink="false">g1</guid><source url="u">Reuters</source>',
      ),
      item('Ford &amp; GM &lt;fall&gt;', 'https://wire.test/2', FRIDAY, '<media:title>Other</media:title>'),
    )
    expect(readFeed(bytes(feed))).toEqual([
      {
        id: 'g1',
        title: 'Ford & GM',
        publisher: 'Reuters',
        url: 'https://wire.test/1?a=1&b=2',
        publishedAt: Date.UTC(2026, 10, 20, 21, 5),
      },
      {
        id: 'https://wire.test/2',
        title: 'Ford & GM',
        publisher: 'The Wire',
        url: 'https://wire.test/2',
        publishedAt: Date.UTC(2026, 10, 20, 21, 5),
      },
    ])
  })

  it('is read as Atom', () => {
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><title>SEC</title><entry><id>urn:1</id><title type="html">8-K</title>
      <link rel="edit" href="https://sec.test/edit"/><link rel="alternate" href="https://sec.test/8k"/>
      <updated>2026-11-20T21:05:00Z</updated></entry></feed>`
    expect(readFeed(bytes(feed))).toEqual([
      {
        id: 'urn:1',
        title: '8-K',
        publisher: 'SEC',
        url: 'https://sec.test/8k',
        publishedAt: Date.UTC(2026, 10, 20, 21, 5),
      },
    ])
  })

  it('is read as RSS 1.0, in its own encoding', () => {
    const feed = `<?xml version="1.0" encoding="ISO-8859-1"?><rdf:RDF xmlns:rdf="r" xmlns:dc="d"><channel><title>Börse</title></channel>
      <item><title>Gewinn für Ford</title><link>https://b.test/1</link><dc:date>2026-11-20T21:05:00Z</dc:date></item></rdf:RDF>`
    expect(readFeed(new Uint8Array(Buffer.from(feed, 'latin1')))).toMatchObject([
      { title: 'Gewinn für Ford', publisher: 'Börse' },
    ])
  })

  it('leaves out items without title, web address or a time that says its zone', () => {
    const feed = rss(
      item('', 'https://wire.test/1', FRIDAY),
      item('A', 'javascript:alert(1)', FRIDAY),
      item('B', 'https://wire.test/2', '2026-11-20 16:05'),
      '<item/>',
      item('C', 'https://wire.test/3', FRIDAY),
    )
    expect(readFeed(bytes(feed)).map(({ title }) => title)).toEqual(['C'])
    expect(readFeed(bytes(rss()))).toEqual([])
  })

  it('expands no entities of its own', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${rss(item('&b;', 'https://w.test/', FRIDAY))}`
    expect(() => readFeed(bytes(bomb))).toThrow('The feed declares a document type')
    const undeclared = rss(item('&b; falls', 'https://w.test/', FRIDAY))
    expect(readFeed(bytes(undeclared))[0].title).toBe('&b; falls')
  })

  it.each(['<html><body>no</body></html>', '', '{"a":1}', '<rss></rss>', '<a>'.repeat(100)])(
    'is refused when it is %j',
    (text) => {
      expect(() => readFeed(bytes(text))).toThrow(/feed/)
    },
  )
})

describe('news by RSS', () => {
  it('brings each company the articles of its feed within the time asked for', async () => {
    const server = await serve((url) => {
      const symbol = url.searchParams.get('s')
      return {
        body: rss(
          item(`${symbol} rises`, `https://wire.test/${symbol}`, FRIDAY),
          item('Both rise', 'https://wire.test/both', 'Thu, 19 Nov 2026 10:00:00 GMT'),
          item('Old', 'https://wire.test/old', 'Fri, 13 Nov 2026 23:59:59 GMT'),
          item('Late', 'https://wire.test/late', 'Sat, 21 Nov 2026 00:00:00 GMT'),
        ),
      }
    })
    const recorder = memoryRecorder()
    const found = await rssNews({ feeds: [YAHOO_FEED], ...server.options }).fetchNews(weekOf('F', 'BRK.B'), recorder)
    expect(found.articles.map(({ title, symbols }) => [title, symbols])).toEqual([
      ['Both rise', ['BRK.B', 'F']],
      [expect.stringMatching(/ rises$/), [expect.anything()]],
      [expect.stringMatching(/ rises$/), [expect.anything()]],
    ])
    expect(found.articles[0].id).toMatch(/^rss-[0-9a-f]{32}$/)
    expect(found.missing).toEqual([])
    expect(found.provenance.map(({ symbol, request }) => `${symbol}/${request}`)).toEqual([...recorder.kept.keys()])
    expect(server.asked[0].url.host).toBe('feeds.finance.yahoo.com')
  })

  it('reads what was recorded instead of asking again', async () => {
    const server = await serve(() => ({ body: rss(item('Ford rises', 'https://wire.test/1', FRIDAY)) }))
    const recorder = memoryRecorder()
    const source = rssNews({ feeds: [YAHOO_FEED], ...server.options })
    const first = await source.fetchNews(weekOf('F'), recorder)
    expect(await source.fetchNews(weekOf('F'), recorder)).toEqual(first)
    expect(server.asked).toHaveLength(1)
  })

  it('gives a company feed to its company alone, and keeps what one feed brings when another fails', async () => {
    const server = await serve((url) =>
      url.pathname === '/ford'
        ? { body: rss(item('Ford rises', 'https://wire.test/1', FRIDAY)) }
        : { status: 404, body: '' },
    )
    const feeds = [{ url: 'https://ford.test/ford', symbol: 'F' }, { url: 'https://all.test/{symbol}' }]
    const found = await rssNews({ feeds, ...server.options }).fetchNews(weekOf('F', 'GM'), memoryRecorder())
    expect(found.articles).toMatchObject([{ title: 'Ford rises', symbols: ['F'] }])
    expect(found.missing).toEqual([{ symbol: 'GM', reason: 'all.test answered 404' }])
  })

  it('refuses a feed that is too large, without asking for it again', async () => {
    const server = await serve(() => ({ body: new Uint8Array(2_000_001) }))
    const found = await rssNews({ feeds: [YAHOO_FEED], ...server.options }).fetchNews(weekOf('F'), memoryRecorder())
    expect(found.missing).toEqual([{ symbol: 'F', reason: 'Its answer is larger than 2 MB' }])
    expect(server.asked).toHaveLength(1)
  })

  it('is unavailable when nothing can be reached', async () => {
    const server = await serve(() => ({ status: 503, body: '' }))
    const source = rssNews({ feeds: [YAHOO_FEED], ...server.options })
    await expect(source.fetchNews(weekOf('F', 'GM'), memoryRecorder())).rejects.toThrow(UnavailableError)
    expect(await source.fetchNews(weekOf(), memoryRecorder())).toEqual({ articles: [], missing: [], provenance: [] })
  })

  it.each([
    [[]],
    [[{ url: 'file:///{symbol}' }]],
    [[{ url: 'https://wire.test/all' }]],
    [[{ url: 'https://wire.test/{symbol}', symbol: 'F' }]],
  ])('refuses the feeds %j', (feeds) => expect(() => rssNews({ feeds })).toThrow(InputError))
})
