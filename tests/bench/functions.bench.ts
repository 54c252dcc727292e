/**
 * What each bundle weighs, how long a cold start takes (from the start of the process until it has answered for the first time, the
 * template's express included) and what it holds in memory then. Beside it, in the same run, the template with an empty handler.
 *
 *     npm run bench functions
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBundles } from '../../infra/build/build.ts'
import { textTable } from '../../infra/local/cli/text-table.ts'
import { startFunction } from '../real/function-process.ts'

const STARTS = 7
const EMPTY = 'module.exports = async (event, context) => context.status(200).succeed({})\n'

const out = mkdtempSync(join(tmpdir(), 'edgefund-bench-'))
try {
  await buildBundles({ out })
  mkdirSync(join(out, 'empty', 'handler'), { recursive: true })
  writeFileSync(join(out, 'empty', 'handler', 'handler.js'), EMPTY)
  writeFileSync(join(out, 'empty', 'handler', 'package.json'), '{}')
  const folders = ['empty', 'each', 'folded'].flatMap((packaging) =>
    readdirSync(join(out, packaging)).map((name) => join(packaging, name)),
  )
  const rows: (string | number)[][] = []
  for (const folder of folders) {
    const starts = []
    for (let i = 0; i < STARTS; i++) starts.push(await coldStart(join(out, folder)))
    const bytes = statSync(join(out, folder, 'handler.js')).size
    rows.push([
      folder,
      bytes,
      Math.round(median(starts.map(({ ms }) => ms))),
      Math.round(median(starts.map(({ mib }) => mib))),
    ])
  }
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}; medians of ${STARTS} starts`)
  process.stdout.write(textTable(['function', 'bytes', 'cold start ms', 'RSS MiB'], rows))
} finally {
  rmSync(out, { recursive: true, force: true })
}

async function coldStart(folder: string): Promise<{ ms: number; mib: number }> {
  const begun = performance.now()
  const fn = await startFunction({ folder })
  try {
    const reply = await fetch(`${fn.url}/healthz`)
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
