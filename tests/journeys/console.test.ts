import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { services } from '../../functions/index.ts'
import { type Gateway, openGateway } from '../../infra/local/gateway.ts'
import { postgresRunViews } from '../../shared/adapters/postgres/run-views.ts'
import { simulatedProvider } from '../../shared/adapters/simulated/provider.ts'
import type { Session } from '../../shared/domain/market/session.ts'
import type { DataProvider } from '../../shared/ports/data-provider.ts'
import { PermanentError } from '../../shared/ports/errors.ts'
import type { RunRow } from '../../shared/runtime/runs.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

const SYMBOLS = ['AAPL', 'MSFT', '^GSPC']

let made: MadeHouse
let gateway: Gateway
let row: RunRow
/** Whether the provider knows news, or will never. */
let knowsNews = false

beforeAll(async () => {
  made = await madeHouse({
    now: '2024-06-12T07:00:00Z',
    openProvider: async (spec): Promise<DataProvider> => {
      const provider = simulatedProvider({ seed: spec.seed ?? 1, badTicks: false })
      return {
        ...provider,
        fetchNews: async (...asked) => {
          if (!knowsNews) throw new PermanentError('The provider has no news')
          return provider.fetchNews(...asked)
        },
      }
    },
  })
  gateway = await openGateway({ house: made.house, services, token: 'a token', port: 0 })
  row = await made.run({
    workflow: 'ingestion',
    key: '2024-06-11',
    params: { from: '2024-06-11', to: '2024-06-11', symbols: SYMBOLS },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await made?.close()
})

const address = (path: string) => `http://127.0.0.1:${gateway.port}/function/console${path}`

describe('what ran, as the console reads it', () => {
  it('finds runs by name, by key, by state, and the newest of each workflow', async () => {
    const views = postgresRunViews(made.database)
    expect(await views.find('2024-06-11')).toMatchObject({
      run: row.run,
      state: 'failed',
      parent: null,
      configHash: made.house.settings.hash,
    })
    expect((await views.list({ limit: 10, state: 'failed' })).map(({ run }) => run)).toEqual([row.run])
    expect(await views.list({ limit: 10, state: 'ok' })).toEqual([])
    expect(await views.list({ limit: 10, offset: 1 })).toEqual([])
    expect((await views.newest()).map(({ workflow }) => workflow)).toEqual(['ingestion'])
    expect(await views.newestOf('ingestion', 'another')).toBeUndefined()
    expect(await views.children(row.run, 10)).toEqual([])
  })

  it('narrows the trail down to what woke a step, what it waited for and what it said', async () => {
    const views = postgresRunViews(made.database)
    const of = async (step: string) => new Set((await views.trail(row.run, 0, 100, step)).map(({ subject }) => subject))
    expect(await of('ingestion-store-bars')).toEqual(new Set(['ingestion.bars.validated', 'ingestion.bars.stored']))
    expect(await of('ingestion-check-quality')).toContain('ingestion.bars.archived')
    expect(await of('no-step')).toEqual(new Set())
    expect((await views.trail(row.run, 0, 100)).length).toBeGreaterThan(5)
  })

  it('finds the newest run of each workflow among many', async () => {
    const views = postgresRunViews(made.database)
    await made.database.write(
      `insert into pipeline.runs (run, workflow, key, state, code_version, config_hash, started)
       select w || ':' || n, w, n, 'ok', '0', '0', timestamptz '2020-01-01' + n * interval '1 day'
       from unnest(array['a-made', 'z-made']) w, generate_series(1, 50) n`,
    )
    const newest = (await views.newest()).map(({ run }) => run)
    expect(newest).toEqual(['a-made:50', row.run, 'z-made:50'])
    expect((await views.find('a-made:7'))?.run).toBe('a-made:7')
    expect((await views.find('7'))?.run).toBe('a-made:7')
    await made.database.write(`delete from pipeline.runs where workflow in ('a-made', 'z-made')`)
  })

  it('tells who woke whom, joins by the words that they waited for', async () => {
    const edges = await postgresRunViews(made.database).edges(row.run)
    const pairs = edges.map(({ from, to }) => `${from} > ${to}`)
    expect(pairs).toContain('ingestion-fetch-bars > ingestion-validate-bars')
    expect(pairs).toContain('ingestion-store-bars > ingestion-check-quality')
    expect(pairs).toContain('ingestion-archive-bars > ingestion-check-quality')
    expect(pairs).not.toContain('pipeline > ingestion-check-quality')
  })

  it('says which parts a join has, misses and has given up', async () => {
    const views = postgresRunViews(made.database)
    expect(await views.joins(row.run)).toEqual([
      {
        step: 'ingestion-check-quality',
        key: 'windows',
        revision: 1,
        expected: 1,
        complete: true,
        missing: [],
        failed: [],
      },
    ])
    await made.database.write(
      `insert into pipeline.joins (run, step, key, expected, subjects, deadline)
       values ('made', 's', 'k', '["a", "b", "c"]', '["x", "y"]', now())`,
    )
    await made.database.write(
      `insert into pipeline.join_arrivals (run, step, key, part, subject, outcome, reason)
       values ('made', 's', 'k', 'a', 'x', 'arrived', null), ('made', 's', 'k', 'a', 'y', 'arrived', null),
              ('made', 's', 'k', 'b', 'x', 'arrived', null), ('made', 's', 'k', 'c', 'dead:z', 'failed', 'why')`,
    )
    expect(await views.joins('made')).toEqual([
      {
        step: 's',
        key: 'k',
        revision: 1,
        expected: 3,
        complete: false,
        missing: ['b'],
        failed: [{ part: 'c', reason: 'why' }],
      },
    ])
  })

  it('goes from a bar back to the bytes that it was read from', async () => {
    const views = postgresRunViews(made.database)
    const origins = await views.barOrigins('AAPL', 'simulated', '2024-06-11' as Session)
    expect(origins.length).toBeGreaterThan(0)
    for (const origin of origins)
      expect(origin).toMatchObject({ run: row.run, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await views.barOrigins('AAPL', 'simulated', '2024-06-10' as Session)).toEqual([])
    expect(await views.barOrigins('AAPL', 'yahoo', '2024-06-11' as Session)).toEqual([])
  })
})

describe('the console behind the gateway', () => {
  it('leads from the address that people type to the overview', async () => {
    for (const path of ['', '/']) {
      const reply = await fetch(address(path))
      expect([reply.status, new URL(reply.url).pathname]).toEqual([200, '/function/console/overview'])
    }
  })

  it('opens every page on a house in which only ingestion has run', async () => {
    const pages = [
      '/runs',
      `/runs/${row.run}`,
      '/portfolio',
      '/orders',
      '/signals',
      '/signals/AAPL',
      '/quality',
      '/dead-letters',
      '/alerts',
    ]
    for (const path of pages) {
      const reply = await fetch(address(path))
      expect([path, reply.status]).toEqual([path, 200])
      expect(await reply.text()).toContain('SIMULATED')
    }
    expect(await (await fetch(address('/signals/AAPL/series'))).json()).toMatchObject({
      at: [Date.UTC(2024, 5, 11) / 1000],
    })
  })

  it('tries a dead letter again, and its run ends well', async () => {
    const page = await fetch(address('/dead-letters'))
    const text = await page.text()
    expect(text).toContain('The provider has no news')
    const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? ''
    const body = new URLSearchParams()
    for (const name of ['form', 'event', 'subscriber']) body.set(name, field(name))
    const post = (headers: Record<string, string>) =>
      fetch(address('/dead-letters/replay'), { method: 'POST', body, headers, redirect: 'manual' })
    knowsNews = true
    expect((await post({})).status).toBe(403)
    expect((await post({ origin: 'http://elsewhere' })).status).toBe(403)
    const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await post({ cookie })).status).toBe(303)
    expect(await made.house.waitFor(row.run)).toMatchObject({ state: 'ok' })
    expect(await (await fetch(address('/dead-letters'))).text()).toContain('There are no dead letters.')
  })
})
