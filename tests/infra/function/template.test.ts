import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { services, steps } from '../../../functions/index.ts'
import { packagedFunctions } from '../../../infra/packaging/functions.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { type FunctionProcess, startFunction } from '../../real/function-process.ts'
import { builtBundles } from '../build/built-bundles.ts'
import { type Body, bytes, call, cloudEvent, DEAD_DATABASE, PASSWORD, post } from './calls.ts'
import { AROUND, bundleToys } from './toy-bundle.ts'

const outlines = steps.map(outlineOf)
/** Every folded function, and of the single ones the first of each room: the wrapper around them is the same. */
const functions = (['each', 'folded'] as const).flatMap((packaging) =>
  packagedFunctions(packaging, outlines)
    .filter((fn, i, all) => packaging === 'folded' || fn.steps[0].room !== all[i - 1]?.steps[0].room)
    .map((fn) => ({ ...fn, folder: `${packaging}/${fn.name}` })),
)
const env = { DATABASE_URL: DEAD_DATABASE, S3_ENDPOINT: 'http://127.0.0.1:1', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' }

let bundles: string
beforeAll(async () => {
  bundles = await builtBundles()
})

/** What anybody may send to a step, and how it may be labelled. */
const CALLS: [what: string, body: Body | undefined, headers?: Record<string, string>][] = [
  ['JSON', '{"word":"hello"}', { 'content-type': 'application/json' }],
  ['a bare null as JSON', 'null', { 'content-type': 'application/json' }],
  ['a structured event', cloudEvent('a.b.c', '1', {}), { 'content-type': 'application/cloudevents+json' }],
  ['a binary event', '{}', { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-type': 'a.b.c', 'ce-source': 'test' }],
  ['text', '{"word":"hello"}', { 'content-type': 'text/plain' }],
  ['no content type', bytes('{"word":"hello"}')],
  ['bytes', bytes('{"word":"hello"}'), { 'content-type': 'application/octet-stream' }],
  ['a form', '{"word":"hello"}', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['nothing', undefined],
  ['garbage', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  ['2 MB', Buffer.alloc(2_000_000, 'x')],
]

describe.each(functions)('$folder under what is around it, its database away', ({ folder, kind, name, steps: own }) => {
  let fn: FunctionProcess
  beforeAll(async () => {
    fn = await startFunction({ folder: join(bundles, folder), env })
  })
  afterAll(() => fn?.kill())

  it('is healthy, is measured, and says nothing is done', async () => {
    const health = await call(`${fn.url}/healthz`)
    expect(health.status).toBe(200)
    expect(health.json()).toEqual({ function: name, version: expect.stringMatching(/^\d/) })
    const metrics = await call(`${fn.url}/metrics`)
    expect(metrics).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') })
    expect(metrics.text).toContain('# TYPE edgefund_step_outcomes_total counter')

    const path = kind === 'room' ? `/${own[0].name}` : '/'
    const body = kind === 'clock' ? undefined : '{}'
    const answer = await post(`${fn.url}${path}`, body, { 'content-type': 'application/json' })
    expect(answer).toMatchObject({ status: 503, outcome: 'unavailable', type: expect.stringContaining('json') })
    expect(answer.json().reason).toContain('PostgreSQL cannot be reached')

    const asked = await call(`${fn.url}${path}`)
    expect(asked).toMatchObject({ status: 405, outcome: undefined, type: expect.stringContaining('json') })
    expect(asked.headers.get('allow')).toBe('POST')
    const lost = await post(`${fn.url}/nowhere`, '{}')
    expect(lost).toMatchObject({ status: 404, outcome: undefined, type: expect.stringContaining('json') })
    expect(lost.json().error).toContain(path)
    expect(fn.output()).not.toContain(PASSWORD)
    expect(residentMiB(fn.pid)).toBeLessThan(128)
  })
})

describe.each(AROUND)('whatever is sent to the %s', (around) => {
  let toys: Awaited<ReturnType<typeof bundleToys>>
  let fn: FunctionProcess
  beforeAll(async () => {
    toys = await bundleToys(around)
    fn = await startFunction({ folder: toys.folder, env })
  })
  afterAll(async () => {
    await fn?.kill()
    toys?.remove()
  })

  it.each(CALLS)('%s: is answered with an outcome in JSON, and never with 200', async (_, body, headers) => {
    const answer = await post(`${fn.url}/toy-hear-word`, body, headers)
    expect(answer).toMatchObject({ status: 503, outcome: 'unavailable', type: expect.stringContaining('json') })
    expect(answer.json().outcome).toBe('unavailable')
  })

  it('more than it takes is refused without an outcome, which harms no delivery', async () => {
    const answer = await post(`${fn.url}/toy-hear-word`, Buffer.alloc(3_000_000, 'x'))
    expect(answer).toMatchObject({ status: 413, outcome: undefined })
  })

  it('a service is served beside the steps, its query as it was sent', async () => {
    const answer = await call(`${fn.url}/toy-sleeper/sleep/1?dream=a%26b`)
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('json') })
    expect(answer.json()).toEqual({ slept: 1, dream: 'a&b' })
    expect(await call(`${fn.url}/toy-sleeper/throw`)).toMatchObject({ status: 500 })
  })

  it('bodies that the template has parsed already are understood as well', async () => {
    const parsing = await startFunction({ folder: toys.folder, env: { ...env, RAW_BODY: '' } })
    try {
      for (const [, body, headers] of CALLS.filter(([what]) => !['2 MB', 'a bare null as JSON'].includes(what))) {
        const answer = await post(`${parsing.url}/toy-hear-word`, body, headers)
        expect(answer).toMatchObject({ status: 503, outcome: 'unavailable' })
      }
    } finally {
      await parsing.kill()
    }
  })
})

it('every folded bundle there is has been tried, but for the services, which have tests of their own', async () => {
  const serving = new Set(services.map(({ name }) => name))
  const found = readdirSync(join(bundles, 'folded')).filter((name) => !serving.has(name))
  const tried = functions.filter(({ folder }) => folder.startsWith('folded/'))
  expect(found.sort()).toEqual(tried.map(({ name }) => name).sort())
})

/** Memory that a process holds, where the system tells. */
function residentMiB(pid: number): number {
  const status = `/proc/${pid}/status`
  const [, kB] = (existsSync(status) && /VmRSS:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))) || []
  return Number(kB ?? 0) / 1024
}
