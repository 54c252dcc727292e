// A fund through eleven and a half years of real prices, by the command line: time and memory, as a user has them.
// It needs a real PostgreSQL (EDGEFUND_TEST_DATABASE_URL) and the market data beside the repository.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDatabase } from '../make-database.ts'

const CLI = fileURLToPath(new URL('../../bin/edgefund.mjs', import.meta.url))
const DATA = fileURLToPath(
  new URL('../../../shared/market-data/normalized/daily-adjusted-yfinance.csv.gz', import.meta.url),
)
const server = process.env.EDGEFUND_TEST_DATABASE_URL
const LIMITS = { server: { seconds: 300, mib: 512 }, embedded: { seconds: 300, mib: 1_300 } }

if (!existsSync(DATA)) console.log(`skipped: there are no real prices at ${DATA}`)
else {
  for (const engine of ['server', 'embedded'] as const) {
    if (engine === 'server' && !server) {
      console.log('server: skipped, EDGEFUND_TEST_DATABASE_URL names none')
      continue
    }
    const home = mkdtempSync(join(tmpdir(), 'edgefund-bench-'))
    const made = engine === 'server' ? await makeDatabase(String(server)) : undefined
    const { DATABASE_URL: _, ...others } = process.env
    const env = { ...others, EDGEFUND_HOME: home, EDGEFUND_MANDATE: 'small', ...(made && { DATABASE_URL: made.url }) }
    const range = ['--from', '2012-05-18', '--to', '2023-12-29']
    const args = ['run', 'all', '--json', '--provider', 'file', '--data', DATA, '--basis', 'adjusted', ...range]
    const since = performance.now()
    const run = spawnSync('/usr/bin/time', ['-f', '%M', process.execPath, CLI, ...args], {
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    const seconds = (performance.now() - since) / 1000
    const mib = Number(run.stderr.trim().split('\n').at(-1)) / 1024
    const { runs, fund } = JSON.parse(run.stdout) as { runs: { state: string }[]; fund: { value: string } }
    const failed = runs.filter(({ state }) => state !== 'ok').length
    const { seconds: mostSeconds, mib: mostMib } = LIMITS[engine]
    console.log(
      `${engine.padEnd(9)} ${runs.length} runs, ${failed} not ok, worth ${fund.value}: ${seconds.toFixed(1)} s of ${mostSeconds}, ${mib.toFixed(0)} MiB of ${mostMib}`,
    )
    if (run.status !== 0 || seconds > mostSeconds || mib > mostMib) process.exitCode = 1
    await made?.drop()
    rmSync(home, { recursive: true, force: true })
  }
}
