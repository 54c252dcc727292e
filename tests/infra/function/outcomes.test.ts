import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import { sign } from '../../../shared/runtime/signature.ts'
import { makeDatabase } from '../../make-database.ts'
import { type FunctionProcess, startFunction } from '../../real/function-process.ts'
import { TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'
import { builtBundles } from '../build/built-bundles.ts'
import { type Body, bytes, call, cloudEvent, post } from './calls.ts'
import { AROUND, bundleToys } from './toy-bundle.ts'

const WORD = 'toy.word.said'
const KEY = { id: 'k1', secret: 'sesame' }

const onRealDatabase = describe.skipIf(!TEST_DATABASE_URL)
onRealDatabase.each(AROUND)(`functions in the %s, on a real database (${WITHOUT_SERVER})`, (around) => {
  let made: Awaited<ReturnType<typeof makeDatabase>>
  let database: StepDatabase
  let home: string
  let toys: Awaited<ReturnType<typeof bundleToys>>
  let fn: FunctionProcess
  const started: FunctionProcess[] = []
  const start = async (folder: string, env: Record<string, string> = {}) => {
    const one = await startFunction({ folder, env: { DATABASE_URL: made.url, EDGEFUND_HOME: home, ...env } })
    started.push(one)
    return one
  }
  const hear = (body?: Body, headers?: Record<string, string>) => post(`${fn.url}/toy-hear-word`, body, headers)

  beforeAll(async () => {
    made = await makeDatabase(TEST_DATABASE_URL as string)
    database = openDatabase({ url: made.url })
    home = mkdtempSync(join(tmpdir(), 'edgefund-function-'))
    toys = await bundleToys(around)
    fn = await start(toys.folder)
  })
  afterAll(async () => {
    await Promise.all(started.map((one) => one.kill()))
    toys?.remove()
    await database?.close()
    await made?.drop()
    if (home) rmSync(home, { recursive: true, force: true })
  })

  it('a database without migrations is waited for; once it has them the same process goes on', async () => {
    const early = await hear('{"word":"early"}')
    expect(early).toMatchObject({ status: 503, outcome: 'unavailable' })
    expect(early.json().reason).toContain('run "edgefund bootstrap"')
    await database.write('create schema pipeline; create table pipeline.migrations (number integer primary key)')
    expect((await hear('{"word":"early"}')).json().reason).toBe(
      'The database has 0 of the 1 migrations that this version needs; run "edgefund bootstrap"',
    )
    await database.write('drop schema pipeline cascade')
    await migrate(database, await readMigrations(new URL('../../../sql/migrations/', import.meta.url)))
    expect(await hear('{"word":"late"}')).toMatchObject({ status: 200, outcome: 'done' })
  })

  it.each([
    ['bare JSON', '{"word":"a"}', { 'content-type': 'application/json' }],
    ['a structured event', cloudEvent(WORD, 'e1', { word: 'b' }), { 'content-type': 'application/cloudevents+json' }],
    ['a structured event under another label', cloudEvent(WORD, 'e2', { word: 'c' }), { 'content-type': 'text/plain' }],
    ['a binary event', '{"word":"d"}', { 'ce-specversion': '1.0', 'ce-id': 'e3', 'ce-type': WORD, 'ce-source': 't' }],
    ['no content type', bytes('{"word":"e"}'), {}],
    ['application/octet-stream', bytes('{"word":"f"}'), { 'content-type': 'application/octet-stream' }],
  ])('%s is done', async (_, body, headers) => {
    const answer = await hear(body, headers as Record<string, string>)
    expect(answer).toMatchObject({ status: 200, outcome: 'done', type: expect.stringContaining('json') })
    expect(answer.json()).toMatchObject({ outcome: 'done', events: [{ subject: 'toy.word.heard' }] })
  })

  it('the same event again is done without being done again', async () => {
    const event = cloudEvent(WORD, 'twice', { word: 'twice' })
    expect((await hear(event)).json().events).toHaveLength(1)
    const again = await hear(event)
    expect(again).toMatchObject({ status: 200, outcome: 'done' })
    expect(again.json().events).toBeUndefined()
  })

  it.each([
    ['an empty body', undefined, 400, /does not fit its schema: word: /],
    ['data of another shape', '{"word":7}', 400, /word: Invalid input: expected string, received number/],
    ['garbage', Buffer.from([0xff, 0xfe, 0, 0x80]), 400, /not UTF-8 text \(4 bytes\)/],
    ['half of JSON', '{"word":', 400, /not JSON/],
    ['2 MB', Buffer.alloc(2_000_000, 'x'), 413, /2000000 bytes, at most 1048576 are taken/],
  ])('%s is poison', async (_, body, status, reason) => {
    const answer = await hear(body)
    expect(answer).toMatchObject({ status, outcome: 'poison', type: expect.stringContaining('json') })
    expect(answer.json().reason).toMatch(reason)
  })

  it.each([
    ['throw', 500, 'failed', /This word throws/],
    ['away', 503, 'unavailable', /The listener is away/],
    ['never', 422, 'poison', /This word can never be heard/],
  ])('a step that says "%s" is answered %i', async (word, status, outcome, reason) => {
    const answer = await hear(cloudEvent(WORD, `word-${word}`, { word }))
    expect(answer).toMatchObject({ status, outcome, type: expect.stringContaining('json') })
    expect(answer.json().reason).toMatch(reason)
    expect(answer.headers.has('edgefund-retry-after-ms')).toBe(outcome !== 'poison')
  })

  it('one event at two places at once is done at one of them', async () => {
    const event = cloudEvent(WORD, 'race', { word: 'slow' })
    const [first, second] = await Promise.all([hear(event), hear(event)])
    expect([first.outcome, second.outcome].sort()).toEqual(['busy', 'done'])
  })

  it('a lease names function, machine and process', async () => {
    const slow = hear(cloudEvent(WORD, 'leased', { word: 'slow' }))
    await expect
      .poll(() =>
        database.read(`select owner from pipeline.deliveries where event_id = 'leased' and state = 'running'`),
      )
      .toEqual([{ owner: expect.stringMatching(new RegExp(`^toy/[^/]+/${fn.pid}/[0-9a-f]{8}$`)) }])
    expect(await slow).toMatchObject({ status: 200 })
  })

  it('without a bus its events wait for the sweeper', async () => {
    const event = cloudEvent(WORD, 'unsaid', { word: 'unsaid' })
    await hear(event)
    expect(await database.read(`select published_at from pipeline.trail where cause = 'unsaid'`)).toEqual([
      { published_at: null },
    ])
  })

  it('a bus that is away delays an answer by no more than a moment', async () => {
    const away = await start(toys.folder, { NATS_URL: 'nats://functions:hush-hush@127.0.0.1:1' })
    const times: number[] = []
    for (const id of ['bus-1', 'bus-2', 'bus-3']) {
      const began = performance.now()
      expect(await post(`${away.url}/toy-hear-word`, cloudEvent(WORD, id, { word: id }))).toMatchObject({ status: 200 })
      times.push(performance.now() - began)
    }
    expect(Math.max(...times)).toBeLessThan(5_000)
    expect(away.output()).toContain('left to the sweeper')
    expect(away.output()).not.toContain('hush-hush')
  })

  it('who neither signs nor bears the token is refused without an outcome; a signature opens', async () => {
    const env = {
      EDGEFUND_EVENT_AUTH: 'signed',
      EDGEFUND_EVENT_KEYS: `${KEY.id}:${KEY.secret}`,
      EDGEFUND_API_TOKEN: 't',
    }
    const shut = await start(toys.folder, env)
    const body = cloudEvent(WORD, 'signed', { word: 'signed' })
    const step = `${shut.url}/toy-hear-word`
    expect(await post(step, body)).toMatchObject({ status: 401, outcome: undefined })
    const signature = sign(KEY, 'toy-hear-word', Buffer.from(body), Date.now())
    expect(await post(step, `${body} `, { 'edgefund-signature': signature })).toMatchObject({ status: 401 })
    expect(await post(step, body, { 'edgefund-signature': signature })).toMatchObject({ status: 200, outcome: 'done' })
    expect(await call(`${shut.url}/toy-sleeper/sleep/1`)).toMatchObject({ status: 401 })
    const authorization = 'Bearer t'
    expect(await call(`${shut.url}/toy-sleeper/sleep/1`, { headers: { authorization } })).toMatchObject({ status: 200 })
  })

  it('the clock opens whatever is due, once', async () => {
    const clock = await start(join(await builtBundles(), 'folded/clock'))
    const first = await post(clock.url)
    expect(first).toMatchObject({ status: 200, outcome: 'done', type: expect.stringContaining('json') })
    const answers = first.json().clocks as { step: string; outcome: string; run?: string }[]
    expect(answers.map(({ step }) => step)).toContain('ingestion-open-poll-1m')
    expect(answers.find(({ step }) => step === 'ingestion-open-session')).toMatchObject({
      outcome: 'done',
      reason: 'opened',
      run: expect.stringMatching(/^ingestion:/),
    })
    const again = (await post(clock.url, '{}')).json().clocks as { reason?: string }[]
    for (const { reason } of again) expect(reason).toBe('Nothing is due')
    expect(await post(clock.url, '{"from":"2024-01-01"}')).toMatchObject({ status: 400, outcome: 'poison' })
  })

  it('a clock that fails does not stop the others', async () => {
    const clock = await start(join(await builtBundles(), 'folded/clock'))
    await database.write(`
      delete from pipeline.clocks;
      create function pipeline.refuse() returns trigger language plpgsql as $$ begin raise exception 'This clock is broken'; end $$;
      create trigger refuse before insert on pipeline.clocks for each row when (new.step = 'ingestion-open-session')
        execute function pipeline.refuse()`)
    try {
      const ticked = await post(clock.url)
      expect(ticked).toMatchObject({ status: 500, outcome: 'failed' })
      const clocks = ticked.json().clocks as { step: string; outcome: string; reason: string }[]
      const outcomes = new Map(clocks.map(({ step, outcome }) => [step, outcome]))
      expect(outcomes.get('ingestion-open-session')).toBe('failed')
      expect([...outcomes.values()].filter((outcome) => outcome === 'done')).toHaveLength(clocks.length - 1)
    } finally {
      await database.write('drop function pipeline.refuse() cascade')
    }
  })

  it('a real step, in its own function and in its room, takes its event to its effect', async () => {
    const bundles = await builtBundles()
    const window = { id: 'w1', interval: '1d', from: '2024-03-04', to: '2024-03-05' }
    const data = { window, provider: { name: 'simulated' }, symbols: ['AAPL'] }
    const opened = 'ingestion.window.opened'
    const alone = await start(join(bundles, 'each/ingestion-fetch-corporate-actions'))
    const one = await post(alone.url, cloudEvent(opened, 'real-1', data))
    expect(one.text).toContain('ingestion.actions.fetched')
    const room = await start(join(bundles, 'folded/ingestion'))
    const other = await post(`${room.url}/ingestion-fetch-corporate-actions`, cloudEvent(opened, 'real-2', data))
    expect(other).toMatchObject({ status: 200, outcome: 'done' })
    // The next step of the chain, in the room that holds it: its data are what the first one said.
    const [said] = await database.read<{ event_id: string; data: unknown }>(
      `select event_id, data from pipeline.trail where cause = 'real-2' and subject = 'ingestion.actions.fetched'`,
    )
    const next = await post(
      `${room.url}/ingestion-fetch-bars`,
      cloudEvent('ingestion.actions.fetched', said.event_id, said.data),
    )
    expect(next).toMatchObject({ status: 200, outcome: 'done' })
    const metrics = await call(`${room.url}/metrics`)
    expect(metrics.text).toContain('edgefund_step_outcomes_total{step="ingestion-fetch-bars",outcome="done"} 1')
  })
})
