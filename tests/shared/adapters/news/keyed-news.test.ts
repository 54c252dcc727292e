import { afterEach, describe, expect, it } from 'vitest'
import { finnhubNews } from '../../../../shared/adapters/news/finnhub-news.ts'
import { marketauxNews } from '../../../../shared/adapters/news/marketaux-news.ts'
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

const KEY = 'k3y-of-nobody'
const at = (iso: string) => Date.parse(iso)
const json = (value: unknown): NewsAnswer => ({ body: JSON.stringify(value) })

describe('news of Finnhub', () => {
  const story = {
    ...{ category: 'company', datetime: at('2026-11-20T21:05:00Z') / 1000, headline: 'Ford&#39;s profit rises', id: 7 },
    ...{ image: '', related: 'F', source: 'Reuters', summary: 'A summary', url: 'https://news.test/7' },
  }

  it('are the stories of the time asked for, the key in a header', async () => {
    const stories = [
      story,
      { ...story, id: 8, datetime: at('2026-11-13T23:59:59Z') / 1000 },
      { ...story, id: 9, headline: '' },
      { ...story, id: 10, url: 'javascript:1' },
      { id: 11 },
    ]
    const server = await serve(() => json(stories))
    const recorder = memoryRecorder()
    const found = await finnhubNews({ key: `${KEY}\n`, ...server.options }).fetchNews(weekOf('F'), recorder)
    expect(found.articles).toEqual([
      {
        ...{ id: 'finnhub-7', symbols: ['F'], title: "Ford's profit rises", publisher: 'Reuters' },
        ...{ url: 'https://news.test/7', publishedAt: at('2026-11-20T21:05:00Z') },
      },
    ])
    const [{ url, headers }] = server.asked
    expect(url.href).toBe('https://finnhub.io/api/v1/company-news?symbol=F&from=2026-11-14&to=2026-11-20')
    expect(headers['x-finnhub-token']).toBe(KEY)
    expect(found.provenance).toMatchObject([{ symbol: 'F', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }])
    expect([...recorder.kept.keys()].join()).not.toContain(KEY)
  })

  it.each([
    [403, '{"error":"no access"}', 'Finnhub answered 403'],
    [200, '{"error":"x"}', 'Finnhub answered with something else than a list'],
    [200, 'x', 'Finnhub answered with something else than JSON'],
  ])('report a symbol as missing after %d %s', async (status, body, reason) => {
    const server = await serve((url) => (url.searchParams.get('symbol') === 'F' ? json([story]) : { status, body }))
    const found = await finnhubNews({ key: KEY, ...server.options }).fetchNews(weekOf('F', 'GM'), memoryRecorder())
    expect(found.articles).toHaveLength(1)
    expect(found.missing).toEqual([{ symbol: 'GM', reason }])
  })

  it('say that the key is not accepted, without saying the key', async () => {
    const server = await serve(() => ({ status: 401, body: `{"error":"Invalid API key ${KEY}"}` }))
    const asked = finnhubNews({ key: KEY, ...server.options }).fetchNews(weekOf('F'), memoryRecorder())
    await expect(asked).rejects.toThrow(InputError)
    await expect(asked).rejects.toThrow(/^Finnhub does not accept the key$/)
    for (const key of ['', ' \n', 'two words']) expect(() => finnhubNews({ key })).toThrow(InputError)
  })

  it('do not carry the key to where a redirection leads', async () => {
    const server = await serve(({ pathname }) =>
      pathname === '/elsewhere' ? json([story]) : { status: 302, headers: { location: '/elsewhere' }, body: '' },
    )
    const asked = finnhubNews({ key: KEY, ...server.options }).fetchNews(weekOf('F'), memoryRecorder())
    await expect(asked).rejects.toThrow(UnavailableError)
    expect(server.asked.map(({ url }) => url.pathname)).not.toContain('/elsewhere')
  })
})

describe('news of Marketaux', () => {
  const story = {
    ...{ uuid: 'u-1', title: 'Ford profit rises', description: 'd', url: 'https://news.test/1', source: 'news.test' },
    ...{ published_at: '2026-11-20T21:05:00.000000Z', entities: [{ symbol: 'F', sentiment_score: 0.5 }] },
  }

  it('are the stories of the time asked for', async () => {
    const data = [
      story,
      { ...story, uuid: 'u-2', published_at: 'yesterday' },
      { ...story, uuid: 'u-3', title: ' ' },
      {},
    ]
    const server = await serve(() => json({ meta: { found: 4 }, data }))
    const recorder = memoryRecorder()
    const found = await marketauxNews({ key: KEY, ...server.options }).fetchNews(weekOf('F'), recorder)
    expect(found.articles).toEqual([
      {
        ...{ id: 'marketaux-u-1', symbols: ['F'], title: 'Ford profit rises', publisher: 'news.test' },
        ...{ url: 'https://news.test/1', publishedAt: at('2026-11-20T21:05:00Z') },
      },
    ])
    const { searchParams } = server.asked[0].url
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ symbols: 'F', limit: '3', published_after: '2026-11-13T23:59:59', published_before: '2026-11-21T00:00:00' },
      api_token: KEY,
    })
    expect([...recorder.kept.keys()].join()).not.toContain(KEY)
  })

  it('stop asking when the requests of the day are used up', async () => {
    const server = await serve((url) =>
      url.searchParams.get('symbols') === 'F' ? json({ data: [story] }) : { status: 402, body: '{}' },
    )
    const symbols = ['F', 'GM', 'T', 'KO', 'PEP', 'MMM', 'IBM', 'CAT']
    const found = await marketauxNews({ key: KEY, ...server.options }).fetchNews(weekOf(...symbols), memoryRecorder())
    expect(found.articles).toHaveLength(1)
    expect(found.missing.map(({ reason }) => reason)).toEqual(
      Array(7).fill("Marketaux's requests of the day are used up"),
    )
    expect(server.asked.length).toBeLessThanOrEqual(3)
  })

  it('name neither key nor address when nobody answers', async () => {
    const server = await serve(() => ({ status: 500, body: '' }))
    const asked = marketauxNews({ key: KEY, ...server.options }).fetchNews(weekOf('F'), memoryRecorder())
    await expect(asked).rejects.toThrow(
      /^Marketaux cannot be reached: api\.marketaux\.com failed 4 times: it answered 500$/,
    )
  })
})
