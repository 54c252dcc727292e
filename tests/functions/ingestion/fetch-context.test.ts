import { describe, expect, it } from 'vitest'
import fetchFundamentals from '../../../functions/ingestion/fetch-fundamentals/handler.ts'
import fetchNews from '../../../functions/ingestion/fetch-news/handler.ts'
import { instant, session } from '../../../shared/domain/market/session.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { call, madeProvider, memoryPorts, NOW } from './memory-ports.ts'

const SYMBOLS = ['AAPL', 'MSFT', '^GSPC']

/* Ratios and headlines are fetched alike, so one suite holds for both steps. */
describe.each([
  {
    name: 'fetch-fundamentals',
    step: fetchFundamentals,
    subject: 'ingestion.fundamentals.fetched',
    count: 'symbols',
    fetch: 'fetchFundamentals',
    found: {
      fundamentals: [{ symbol: 'AAPL', asOf: session('2024-04-16'), trailingPe: 30 }],
      missing: [{ symbol: 'MSFT', reason: 'none' }],
      provenance: [],
    },
    request: { asOf: '2024-04-16' },
  },
  {
    name: 'fetch-news',
    step: fetchNews,
    subject: 'ingestion.news.fetched',
    count: 'articles',
    fetch: 'fetchNews',
    found: {
      articles: [
        {
          id: '1',
          symbols: ['AAPL'],
          title: 'A',
          publisher: 'P',
          url: 'https://news.example/1',
          publishedAt: instant(NOW),
        },
      ],
      missing: [{ symbol: 'MSFT', reason: 'none' }],
      provenance: [],
    },
    request: { from: Date.parse('2024-04-09T00:00:00Z'), to: Date.parse('2024-04-17T00:00:00Z') },
  },
] as const)('$name', ({ step, subject, count, fetch, found, request }) => {
  const data = { from: '2024-04-15', to: '2024-04-16', provider: { name: 'simulated' }, symbols: SYMBOLS }
  const stored = async (ports: ReturnType<typeof memoryPorts>) => [
    ...(await ports.fundamentals.read(SYMBOLS, 'made', session('2024-04-16'))),
    ...(await ports.news.read(SYMBOLS, 'made', 0, NOW + 1)),
  ]
  /** A provider that answers so when it is asked, and notes what for. */
  const answering = (answer: () => Promise<unknown>) => {
    const asked: unknown[] = []
    const { provider } = madeProvider({
      [fetch]: (one: unknown) => {
        asked.push(one)
        return answer()
      },
    })
    return { provider, asked }
  }

  it('stores what came of the companies and counts the rest', async () => {
    const { provider, asked } = answering(async () => found)
    const ports = memoryPorts(provider)
    expect(await call(step, data, ports)).toEqual([{ subject, data: { [count]: 1, missing: 1 } }])
    expect(await stored(ports)).toMatchObject([Object.values(found)[0][0]])
    expect(asked).toMatchObject([{ ...request, instruments: [{ symbol: 'AAPL' }, { symbol: 'MSFT' }] }])
  })

  it('leaves the same when called twice', async () => {
    const ports = memoryPorts(answering(async () => found).provider)
    const first = await call(step, data, ports)
    expect(await call(step, data, ports, 2)).toEqual(first)
    expect(await stored(ports)).toHaveLength(1)
  })

  it('says so when the provider is away, and does not stop the chain', async () => {
    const ports = memoryPorts(answering(() => Promise.reject(new UnavailableError('the line is down'))).provider)
    expect(await call(step, data, ports)).toEqual([
      { subject, data: { [count]: 0, missing: 2, reason: 'the line is down' } },
    ])
    expect(await stored(ports)).toEqual([])
  })

  it('waits for a database that is away, instead of losing what came', async () => {
    const ports = memoryPorts(answering(async () => found).provider)
    const put = () => Promise.reject(new UnavailableError('PostgreSQL is away'))
    const away = { ...ports, fundamentals: { ...ports.fundamentals, put }, news: { ...ports.news, put } }
    await expect(call(step, data, away)).rejects.toThrow('PostgreSQL is away')
  })

  it('does not take a bug of the provider for its absence', async () => {
    const ports = memoryPorts(answering(() => Promise.reject(new TypeError('undefined is not a function'))).provider)
    await expect(call(step, data, ports)).rejects.toBeInstanceOf(TypeError)
  })
})
