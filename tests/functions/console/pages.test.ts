import { beforeAll, describe, expect, it } from 'vitest'
import { type MadeConsole, madeConsole, NOW } from './made-console.ts'
import { LAST, REBALANCE, SOURCE } from './made-fund.ts'

const PAGES: readonly (readonly [path: string, shows: readonly string[]])[] = [
  ['/overview', ['Value', 'dead letters', 'XOM is 7.4 % of the fund', 'ingestion:2026-11-13', 'SIMULATED']],
  ['/runs', ['ingestion:2026-11-13', 'monitoring:2026-11-13', 'Older runs']],
  ['/runs?workflow=universe', ['universe:2026-11-06']],
  [
    '/runs/ingestion:2026-11-13',
    [
      'ingestion-store-bars',
      'disk full',
      'Joins',
      'w2',
      'c0ffee',
      'Later events',
      '2026-11-14 06:00:09.500',
      'Error: disk',
    ],
  ],
  ['/runs/ingestion:2026-11-13?step=signals-open-scoring', ['What woke signals-open-scoring', 'Events of all steps']],
  [
    '/portfolio',
    ['Drawdown', 'By sector', 'Consumer Staples', 'insufficient data <small>(12 of 20)', '−12.21%', 'Slippage'],
  ],
  ['/orders', ['2026-11-02']],
  [`/orders/${REBALANCE}`, ['12 on 2026-11-02', 'would cost more than it brings', 'CSV']],
  [
    '/orders/explain/2026-11-02-XOM-sell',
    ['broker “model”: filled', '8.00%', 'ab'.repeat(32), 'Rank 1 of 49', 'c0ffee'],
  ],
  ['/signals', ['ExxonMobil', 'technical', 'No stock has a score of: sentiment, alpha']],
  ['/signals/XOM', ['ExxonMobil', 'Average of 200', 'Trend', 'Composite', 'nothing scores it yet']],
  ['/quality', ['WARN', 'jump: +80 %', '55']],
  ['/dead-letters', ['Try again', 'could not be read', 'disk full']],
  ['/alerts', ['name-weight:XOM', 'warning', '7.40%', '7.00%']],
]

describe('the console', () => {
  let made: MadeConsole
  beforeAll(async () => {
    made = await madeConsole()
  })

  it.each(PAGES)('shows %s', async (path, shows) => {
    const reply = await made.get(path)
    const text = String(reply.body)
    expect(reply.status).toBe(200)
    for (const word of shows) expect(text, word).toContain(word)
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'")
    expect(reply.headers['cache-control']).toBe('no-store')
  })

  it.each(PAGES)('links from %s only to what there is, wherever it is put', async (path) => {
    const text = String((await made.get(path)).body)
    const addresses = [...text.matchAll(/(?:href|src|action|data-series)="([^"]*)"/g)].map(([, address]) => address)
    expect(addresses.length).toBeGreaterThan(5)
    for (const prefix of ['/function/console', '', '/some/where/else']) {
      for (const address of new Set(addresses)) {
        if (address.startsWith('#') || address.startsWith('data:')) continue
        const url = new URL(address.replaceAll('&amp;', '&'), `http://house${prefix}${path}`)
        expect(url.host).toBe('house')
        expect(url.pathname.startsWith(`${prefix}/`), address).toBe(true)
        if (prefix !== '') continue
        const found = await made.get(url.pathname + url.search)
        // A form's address takes POST.
        expect([address, [200, 405].includes(found.status)]).toEqual([address, true])
      }
    }
  })

  it('answers within 150 ms with less than 300 kB, on a fund of twelve years', async () => {
    const large = await madeConsole({ sessions: 2_900 })
    for (const [path] of PAGES) {
      await large.get(path)
      const times = []
      for (let i = 0; i < 3; i++) {
        const started = performance.now()
        await large.get(path)
        times.push(performance.now() - started)
      }
      const { body } = await large.get(path)
      expect([path, Math.min(...times) < 150]).toEqual([path, true])
      expect([path, Buffer.byteLength(String(body)) < 300_000]).toEqual([path, true])
    }
  })

  it.each(PAGES)('never lets what others have written be markup: %s', async (path) => {
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`
    const text = String((await (await madeConsole({ hostile })).get(path)).body)
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img')
    expect(text).not.toMatch(/<[^>]*\son\w+=/)
  })

  it('says what to do where there is nothing yet', async () => {
    const empty = await madeConsole({ empty: true })
    for (const path of [
      '/overview',
      '/runs',
      '/portfolio',
      '/orders',
      '/signals',
      '/signals/XOM',
      '/quality',
      '/dead-letters',
      '/alerts',
    ]) {
      expect([path, (await empty.get(path)).status]).toEqual([path, 200])
    }
    expect(String((await empty.get('/overview')).body)).toContain('edgefund run ingestion')
  })

  it('has a page for what there is not', async () => {
    for (const path of [
      '/nothing',
      '/runs/none',
      '/orders/none',
      '/orders/explain/none',
      '/portfolio/series/none',
      `/signals/${'NOPE'.repeat(1000)}`,
      `/orders/${REBALANCE}/files/exe`,
      '/portfolio/daily-reports/2026-11-12',
      '/portfolio/daily-reports/..%2f..%2fsecrets',
    ]) {
      const reply = await made.get(path)
      expect([path, reply.status, reply.headers['content-type']]).toEqual([path, 404, 'text/html; charset=utf-8'])
    }
    expect((await made.call({ path: '/overview', method: 'DELETE' })).status).toBe(405)
  })

  it('tells data from pages: who asks for JSON is refused in JSON', async () => {
    const reply = await made.get('/nothing', { accept: 'application/json' })
    expect([reply.status, reply.headers['content-type']]).toEqual([404, 'application/json'])
  })

  it('answers HEAD like GET', async () => {
    expect((await made.call({ path: '/overview', method: 'HEAD' })).status).toBe(200)
  })

  it('turns pages of runs and events, and takes nonsense for the first', async () => {
    expect(String((await made.get('/runs?from=50')).body)).toContain('ingestion:2026-59')
    expect(String((await made.get('/runs?from=-1')).body)).toContain('monitoring:2026-11-13')
    expect(String((await made.get('/runs/ingestion:2026-11-13?from=100')).body)).toContain('event-129')
  })

  it('narrows events and logs down to a step', async () => {
    const text = String((await made.get('/runs/ingestion:2026-11-13?step=ingestion-store-bars')).body)
    expect(text).toContain('Error: disk full')
    expect(text).not.toContain('event-1')
    expect(text).not.toContain('ingestion.bars.fetched&quot;')
    const later = String((await made.get('/runs/ingestion:2026-11-13?step=ingestion-fetch-bars&from=100')).body)
    expect(later).toContain('event-129')
    expect(later).toContain('?step=ingestion-fetch-bars&amp;from=0#events')
  })

  it('says where logs are that it cannot read, and that there are none left', async () => {
    const elsewhere = await madeConsole({ logsKept: false })
    expect(String((await elsewhere.get('/runs/ingestion:2026-11-13')).body)).toContain('kubectl -n openfaas-fn logs')
    expect(String((await made.get('/runs/universe:2026-11-06')).body)).toContain('No line of it is left')
  })

  it('says a value and a threshold of an alert in its own unit', async () => {
    const own = await madeConsole()
    const alert = { severity: 'critical', message: 'found' } as const
    await own.ports.monitoring.judge(SOURCE, LAST, [
      { ...alert, alert: 'negative-cash', value: 1234.5, threshold: 0 },
      { ...alert, alert: 'price-age:XOM', value: 4, threshold: 1 },
      { ...alert, alert: 'drift', value: 0.31206, threshold: 0.3 },
    ])
    const text = String((await own.get('/alerts')).body)
    for (const shown of ['USD\u00a01\u202f234.50', '>4 sessions<', '>1 session<', '>31.21%<', '>30.00%<']) {
      expect(text).toContain(shown)
    }
  })

  it('leads to the daily report, which has no power over the page', async () => {
    expect(String((await made.get('/portfolio')).body)).toContain('href="./portfolio/daily-reports/2026-11-13"')
    const reply = await made.get('/portfolio/daily-reports/2026-11-13')
    expect(Buffer.from(reply.body).toString()).toBe('the day as published')
    expect(reply.headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
      'x-content-type-options': 'nosniff',
    })
  })

  it('takes no NUL, which the database could not be asked for', async () => {
    for (const path of ['/runs/%00', '/runs?workflow=%00', '/quality?symbol=A%00', '/orders/%00/files/html']) {
      const reply = await made.get(path)
      expect([path, reply.status]).toEqual([path, 400])
      expect(String(reply.body)).toContain('has a NUL character')
    }
  })

  it('gives the numbers of its charts, dates in order and gaps as null', async () => {
    const price = JSON.parse(String((await made.get('/signals/XOM/series')).body))
    expect(price.at).toHaveLength(252)
    expect(price.at.every((at: number, i: number) => i === 0 || at > price.at[i - 1])).toBe(true)
    expect(price.at.at(-1)).toBe(Date.UTC(2026, 10, 13) / 1000)
    expect(price.series.map(({ label }: { label: string }) => label)).toEqual([
      'Close',
      'Average of 50',
      'Average of 200',
    ])
    expect(price.bands).toHaveLength(1)
    const growth = JSON.parse(String((await made.get('/portfolio/series/growth')).body))
    expect(growth.series[0].values).toHaveLength(504)
    const none = JSON.parse(String((await made.get('/signals/NONE/series')).body))
    expect(none.at).toEqual([])
  })

  it('hands out a report as it was written: the page to be read, without any power; the rest to be kept', async () => {
    const page = await made.get(`/orders/${REBALANCE}/files/html`)
    expect(page.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
    expect(page.headers['content-disposition']).toBeUndefined()
    const reply = await made.get(`/orders/${REBALANCE}/files/csv`)
    expect(Buffer.from(reply.body).toString()).toContain('XOM,sell')
    expect(reply.headers['content-disposition']).toBe('attachment; filename="orders-2026-11-02.csv"')
  })

  it('keeps its assets for ever, under names that change with them', async () => {
    const text = String((await made.get('/portfolio')).body)
    const assets = [...text.matchAll(/"\.\/(assets\/[^"]+)"/g)].map(([, address]) => address)
    expect(assets.map((name) => name.replace(/-[0-9a-f]{10}/, ''))).toEqual([
      'assets/console.css',
      'assets/uplot.css',
      'assets/uplot.js',
      'assets/charts.js',
    ])
    for (const address of assets) {
      const reply = await made.get(`/${address}`)
      expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
    }
    expect((await made.get('/assets/console.css')).status).toBe(404)
    expect(String((await made.get('/alerts')).body)).not.toContain('<script')
  })

  it('says that prices are made only where they are', async () => {
    const real = await madeConsole({ settings: { provider: { name: 'yahoo' } } })
    expect(String((await real.get('/overview')).body)).not.toContain('SIMULATED')
  })

  it('looks at the session that should be there by now', async () => {
    expect(new Date(NOW).toISOString()).toContain('2026-11-15')
    expect(String((await made.get('/overview')).body)).toContain('due <span class="date">2026-11-13</span>')
  })
})
