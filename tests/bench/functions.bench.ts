/**
 * What each bundle weighs, how long a cold start takes (from the start of the process until it has answered for the first time, the
 * template's express or the native function's own server included) and what it holds in memory then. Beside it, in the same run, both with
 * an empty handler.
 *
 * A native function loads its machine code with the first event that needs it. With EDGEFUND_TEST_DATABASE_URL the step that reads headlines
 * is measured once more until it has taken such an event to its effect, 49 stocks with three headlines each.
 *
 *     npm run bench functions
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { buildBundles, ROOT } from '../../infra/build/build.ts'
import { bundle } from '../../infra/build/bundle.ts'
import { serverSource } from '../../infra/build/entry.ts'
import { textTable } from '../../infra/local/cli/text-table.ts'
import { openDatabase } from '../../shared/adapters/postgres/database.ts'
import { cloudEvent } from '../infra/function/calls.ts'
import { prepareRankedDay } from '../infra/function/ranked-day.ts'
import { makeDatabase } from '../make-database.ts'
import { type FunctionProcess, startFunction } from '../real/function-process.ts'
import { TEST_DATABASE_URL, WITHOUT_SERVER } from '../shared/runtime/test-database.ts'

const STARTS = 7
const EMPTY = 'module.exports = async (event, context) => context.status(200).succeed({})\n'

const SCORING = 'each/signals-score-sentiment'
const STOCKS = 49

// Below the repository, so that what lies beside a native function's bundle in its image is found there.
const cache = join(ROOT, 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const out = mkdtempSync(join(cache, 'edgefund-bench-'))
try {
  await buildBundles({ out })
  await layEmpty()
  const folders = ['empty', 'each', 'folded'].flatMap((packaging) =>
    readdirSync(join(out, packaging)).map((name) => join(packaging, name)),
  )
  const rows: (string | number)[][] = []
  for (const folder of folders) rows.push(await measured(folder, folder, (fn) => fetch(`${fn.url}/healthz`)))
  if (TEST_DATABASE_URL) rows.push(await measuredScoring(TEST_DATABASE_URL))
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}; medians of ${STARTS} starts`)
  process.stdout.write(textTable(['function', 'bytes', 'cold start ms', 'RSS MiB'], rows))
  if (!TEST_DATABASE_URL) console.log(`${SCORING} with its first event: ${WITHOUT_SERVER}`)
} finally {
  rmSync(out, { recursive: true, force: true })
}

/** An empty handler under the template, and one under the server of a native function. */
async function layEmpty(): Promise<void> {
  for (const name of ['template', 'own server']) {
    const folder = join(out, 'empty', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'handler.js'), EMPTY)
    writeFileSync(join(folder, 'package.json'), '{}')
  }
  const { code } = await bundle(ROOT, serverSource(), false)
  writeFileSync(join(out, 'empty', 'own server', 'index.js'), code)
}

async function measuredScoring(server: string): Promise<(string | number)[]> {
  const made = await makeDatabase(server)
  const database = openDatabase({ url: made.url })
  try {
    const data = await prepareRankedDay(database, STOCKS)
    let id = 0
    const score = (fn: FunctionProcess) =>
      fetch(fn.url, { method: 'POST', body: cloudEvent('signals.scoring.opened', `bench-${id++}`, data) })
    const env = { DATABASE_URL: made.url, EDGEFUND_HOME: out }
    const row = await measured(SCORING, `${SCORING}, first event`, score, env)
    const said = await database.read<{ headlines: number; degraded: string | null }>(
      `select (data->>'headlines')::int as headlines, data->>'degraded' as degraded from pipeline.trail
       where subject = 'signals.sentiment.scored'`,
    )
    const unread = said.find(({ headlines }) => headlines !== 3 * STOCKS)
    if (unread || said.length !== STARTS) throw new Error(`Not all headlines were read: ${unread?.degraded}`)
    return row
  } finally {
    await database.close()
    await made.drop()
  }
}

async function measured(
  folder: string,
  title: string,
  call: (fn: FunctionProcess) => Promise<Response>,
  env: Readonly<Record<string, string>> = {},
): Promise<(string | number)[]> {
  const starts: { readonly ms: number; readonly mib: number }[] = []
  for (let i = 0; i < STARTS; i++) starts.push(await coldStart(join(out, folder), call, env))
  return [
    title,
    statSync(join(out, folder, 'handler.js')).size,
    Math.round(median(starts.map(({ ms }) => ms))),
    Math.round(median(starts.map(({ mib }) => mib))),
  ]
}

async function coldStart(
  folder: string,
  call: (fn: FunctionProcess) => Promise<Response>,
  env: Readonly<Record<string, string>>,
): Promise<{ ms: number; mib: number }> {
  const begun = performance.now()
  const fn = await startFunction({ folder, env })
  try {
    const reply = await call(fn)
    if (reply.status !== 200) throw new Error(`${folder} answered ${reply.status}: ${await reply.text()}`)
    const ms = performance.now() - begun
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${fn.pid}/status`, 'utf8')) ?? []
    return { ms, mib: Number(kib) / 1024 }
  } finally {
    await fn.kill()
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
