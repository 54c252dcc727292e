import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { makeDatabase } from '../../make-database.ts'
import { type FunctionProcess, startFunction } from '../../real/function-process.ts'
import { TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'
import { builtBundles } from '../build/built-bundles.ts'
import { call, cloudEvent, post } from './calls.ts'
import { prepareRankedDay } from './ranked-day.ts'

const SYMBOLS = 20
const STEP = 'signals-score-sentiment'

/** The step that reads headlines by machine code: behind our own server where it stands in an image of its own, alone and in its room. */
describe.skipIf(!TEST_DATABASE_URL)(`a native step on a real database (${WITHOUT_SERVER})`, () => {
  let made: Awaited<ReturnType<typeof makeDatabase>>
  let database: StepDatabase
  let data: Record<string, string>
  let home: string
  let fn: FunctionProcess | undefined
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'edgefund-native-step-'))
  })
  beforeEach(async () => {
    made = await makeDatabase(TEST_DATABASE_URL as string)
    database = openDatabase({ url: made.url })
    data = await prepareRankedDay(database, SYMBOLS)
  })
  afterEach(async () => {
    await fn?.kill()
    await database.close()
    await made.drop()
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  it.each([
    [`each/${STEP}`, '/'],
    ['folded/signals', `/${STEP}`],
  ])('%s takes an event to its effect with the model that lies beside it', async (folder, path) => {
    const env = { DATABASE_URL: made.url, EDGEFUND_HOME: home }
    fn = await startFunction({ folder: join(await builtBundles(), folder), env })
    expect(fn.output()).toMatch(/^function listens on/m)
    const answer = await post(`${fn.url}${path}`, cloudEvent('signals.scoring.opened', 'e1', data))
    expect(answer).toMatchObject({ status: 200, outcome: 'done' })
    const said = await database.read(`select data from pipeline.trail where subject = 'signals.sentiment.scored'`)
    expect(said).toEqual([
      {
        data: {
          ...data,
          scored: SYMBOLS,
          absent: 0,
          headlines: 3 * SYMBOLS,
          readers: [expect.stringMatching(/^onnx-linear \(/)],
        },
      },
    ])
    expect((await call(`${fn.url}/metrics`)).text).toContain(`{step="${STEP}",outcome="done"} 1`)
    // Well below the limit that the stack file gives it.
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${fn.pid}/status`, 'utf8')) ?? []
    expect(Number(kib) / 1024).toBeLessThan(200)
  })
})
