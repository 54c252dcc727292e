import { describe, expect, it } from 'vitest'
import fetchNews from '../../../functions/ingestion/fetch-news/handler.ts'
import { instant } from '../../../shared/domain/market/session.ts'
import type { FetchedNews } from '../../../shared/ports/data-provider.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import type { NewsSource } from '../../../shared/ports/news-source.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { call, madeProvider, memoryPorts, NOW } from './memory-ports.ts'

const SYMBOLS = ['AAPL', 'MSFT', 'JPM']
const DATA = { from: '2024-04-15', to: '2024-04-16', provider: { name: 'simulated' }, symbols: SYMBOLS }

function source(name: string, articles: number, missing: readonly string[]): NewsSource {
  const fetched: FetchedNews = {
    articles: Array.from({ length: articles }, (_, i) => ({
      ...{ id: `${i}`, symbols: ['AAPL'], title: `${name} ${i}`, publisher: 'P', url: 'https://news.example/' },
      publishedAt: instant(NOW - 1),
    })),
    missing: missing.map((symbol) => ({ symbol, reason: 'none' })),
    provenance: [],
  }
  return { name, fetchNews: async () => fetched }
}

function portsOf(...sources: readonly NewsSource[]): AllPorts {
  return { ...memoryPorts(madeProvider({}).provider), newsSources: { of: async () => sources } }
}

const AWAY: NewsSource = { name: 'away', fetchNews: () => Promise.reject(new UnavailableError('no line')) }

describe('fetch-news, of several sources', () => {
  it('stores each under its own name, and counts as missing only whom nobody knows', async () => {
    const ports = portsOf(source('one', 2, ['MSFT', 'JPM']), source('two', 1, ['JPM']))
    const [said] = await call(fetchNews, DATA, ports)
    expect(said.data).toEqual({
      articles: 3,
      missing: 1,
      sources: [
        { source: 'one', articles: 2, missing: 2 },
        { source: 'two', articles: 1, missing: 1 },
      ],
    })
    expect(await ports.news.read(SYMBOLS, 'one', 0, NOW)).toHaveLength(2)
    expect(await ports.news.read(SYMBOLS, 'two', 0, NOW)).toMatchObject([{ title: 'two 0' }])
  })

  it('names the one that is away and keeps what the others brought', async () => {
    const ports = portsOf(AWAY, source('two', 1, []))
    const [said] = await call(fetchNews, DATA, ports)
    expect(said.data).toMatchObject({ articles: 1, missing: 0, reason: 'away: no line', sources: [{ source: 'two' }] })
    expect(await ports.news.read(SYMBOLS, 'two', 0, NOW)).toHaveLength(1)
  })

  it('misses everybody when all are away, or when there are none', async () => {
    const [all] = await call(fetchNews, DATA, portsOf(AWAY, { ...AWAY, name: 'too' }))
    expect(all.data).toEqual({ articles: 0, missing: 3, reason: 'away: no line; too: no line', sources: [] })
    expect((await call(fetchNews, DATA, portsOf()))[0].data).toEqual({ articles: 0, missing: 3 })
  })
})
