import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import openSession from '../../../functions/ingestion/open-session/handler.ts'
import { type FunctionOptions, functionHandler } from '../../../infra/function/function-handler.ts'
import { barBatches } from '../../../infra/wiring/ports.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import type { Step } from '../../../shared/runtime/step.ts'
import { DEAD_DATABASE } from './calls.ts'

let folder: string
let env: Record<string, string | undefined>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-handler-'))
  env = { DATABASE_URL: DEAD_DATABASE, EDGEFUND_SECRETS: folder, EDGEFUND_LOG_LEVEL: 'silent' }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const OPTIONS: FunctionOptions = {
  name: 'ingestion-open-session',
  kind: 'step',
  steps: [openSession as unknown as Step<AllPorts>],
  others: [],
  wire: {},
  migrations: 3,
  version: '1.2.3',
}

/** Calls the handler as the template does, and answers what it answered. */
function handlerOf(options: Partial<FunctionOptions> = {}) {
  const handler = functionHandler({ ...OPTIONS, ...options }, { env, signals: new EventEmitter(), exit: () => {} })
  return async (path = '/', method = 'POST', body: unknown = Buffer.from('{}')) => {
    const answer = { status: 0, headers: {} as Record<string, string>, body: '' }
    const context = {
      status(code: number) {
        answer.status = code
        return context
      },
      headers(values: Record<string, string>) {
        answer.headers = values
        return context
      },
      succeed(value: unknown) {
        answer.body = String(value)
      },
    }
    await handler({ path, method, body, headers: {}, query: {} }, context)
    return { ...answer, outcome: answer.headers['edgefund-outcome'] }
  }
}

it('is healthy before anything is configured', async () => {
  env = { EDGEFUND_SECRETS: folder, EDGEFUND_EVENT_AUTH: 'nonsense' }
  expect(await handlerOf()('/healthz', 'GET')).toMatchObject({ status: 200 })
  expect(await handlerOf()('/metrics', 'GET')).toMatchObject({ status: 200 })
})

it('says what is wrong with its configuration, and reads it again with the next call', async () => {
  const ask = handlerOf()
  env.EDGEFUND_EVENT_AUTH = 'nonsense'
  const wrong = await ask()
  expect(wrong).toMatchObject({ status: 503, outcome: 'unavailable' })
  expect(wrong.body).toContain('Environment variable EDGEFUND_EVENT_AUTH is \\"nonsense\\"')
  env.EDGEFUND_EVENT_AUTH = 'none'
  expect((await ask()).body).toContain('PostgreSQL cannot be reached')
})

it('says what is wrong with its settings, and reads them again with the next call', async () => {
  const ask = handlerOf()
  const settings = join(folder, 'edgefund-settings')
  writeFileSync(settings, 'hotDays: never')
  expect((await ask()).body).toContain('edgefund-settings: hotDays: ')
  writeFileSync(settings, 'hotDays: 30')
  expect((await ask()).body).toContain('PostgreSQL cannot be reached')
})

it('needs a database, and a place for objects when its steps use them', async () => {
  env.DATABASE_URL = ''
  expect((await handlerOf()()).body).toContain('There is no database: neither DATABASE_URL nor')
  env.DATABASE_URL = DEAD_DATABASE
  const ask = handlerOf({ wire: { barBatches } })
  const homeless = await ask()
  expect(homeless).toMatchObject({ status: 503, outcome: 'unavailable' })
  expect(homeless.body).toContain('Objects have no place: S3_ENDPOINT is not set')
  env.EDGEFUND_HOME = folder
  expect((await ask()).body).toContain('PostgreSQL cannot be reached')
})

it('sends away what it is not the place for, without an outcome', async () => {
  const ask = handlerOf({ kind: 'room', name: 'ingestion' })
  const lost = await ask('/ingestion-fetch-bars')
  expect(lost).toMatchObject({ status: 404, outcome: undefined })
  expect(JSON.parse(lost.body).error).toBe(
    'ingestion has no /ingestion-fetch-bars; it has /healthz, /metrics, /ingestion-open-session',
  )
  expect(await ask('/')).toMatchObject({ status: 404, outcome: undefined })
  expect(await ask('/ingestion-open-session', 'GET')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
})

it('never rejects, and answers nothing but failed for what nobody foresaw', async () => {
  const circular: Record<string, unknown> = {}
  circular.self = circular
  expect(await handlerOf()('/', 'POST', circular)).toMatchObject({ status: 500, outcome: 'failed' })
})
