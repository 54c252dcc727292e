import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { buildBundles } from '../../../infra/build/build.ts'
import { assetText } from '../../../shared/adapters/console/asset-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgefund-console-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Asks the bundle as the function's template would: for the page to sign in at, and for every address that it has. */
const ASKING = `
const handler = require(process.argv[1])
const ask = (path) => new Promise((resolve) => {
  const reply = {}
  const context = {
    status(code) { reply.status = code; return context },
    headers(values) { reply.headers = values; return context },
    succeed(body) { resolve({ ...reply, body: String(body) }) },
  }
  handler({ method: 'GET', path, headers: {}, body: Buffer.alloc(0), query: {} }, context)
})
const main = async () => {
  const page = await ask('/sign-in')
  const assets = [...page.body.matchAll(/"\\.(\\/assets\\/[^"]+)"/g)].map(([, path]) => path)
  const guarded = await ask('/overview')
  console.log('\\n' + JSON.stringify({ status: page.status, guarded: guarded.headers.location, assets: await Promise.all(assets.map(ask)) }))
  process.exit(0)
}
main()
`

it('is whole by itself: its pages and their styles need no files beside it, and nobody gets past the door', async () => {
  await buildBundles({ out: folder, only: 'console' })
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', // what is asked for here needs no database
    EDGEFUND_EVENT_AUTH: 'signed',
    EDGEFUND_EVENT_KEYS: 'a:key',
    EDGEFUND_HOME: folder,
    EDGEFUND_LOG_LEVEL: 'silent',
  }
  const handler = join(folder, 'each/console/handler.js')
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', ASKING, handler], { cwd: folder, env })
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(answer).toMatchObject({ status: 200, guarded: './sign-in?to=%2Foverview' })
  expect(answer.assets.map(({ body }: { body: string }) => body)).toEqual([assetText('console.css')])
  const bundle = readFileSync(handler, 'utf8')
  for (const part of ['ResizeObserver', 'uPlot (v']) expect([part, bundle.includes(part)]).toEqual([part, true])
})
