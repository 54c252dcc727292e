/**
 * Events through the bridge on real parts (PostgreSQL, NATS, a function process of the official template's shape, a stand-in gateway):
 * the time of one hop of a chain, over an empty handler's HTTP call; and events a second for a step that does nothing, 1, 8 and 32 in
 * flight.
 *
 *     EDGEFUND_TEST_DATABASE_URL=postgresql://… npm run bench bridge
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../infra/build/bundle.ts'
import { migrate } from '../../shared/runtime/migrations.ts'
import { openRealParts, type RealParts } from '../integration/bridge/real-parts.ts'
import { missingParts } from '../real/parts.ts'
import { coreMigrations } from '../shared/runtime/test-database.ts'
import { FLOODS, floodRoom } from './bridge-toys.ts'

const HOPS = 500
const CALLS = 1_000
const DROPS = 3_000
const BRIDGE = new URL('bridge-process.ts', import.meta.url)

const missing = missingParts('postgresql', 'nats')
if (missing) throw new Error(missing)
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}`)
const folder = mkdtempSync(join(tmpdir(), 'edgefund-bench-'))
const here = fileURLToPath(new URL('.', import.meta.url))
const { code } = await bundle(here, `export { default } from './bridge-function.ts'`, true)
writeFileSync(join(folder, 'handler.js'), code)
writeFileSync(join(folder, 'package.json'), '{}')

const parts = await openRealParts({ EDGEFUND_PACKAGING: 'folded', EDGEFUND_LOG_LEVEL: 'warn' })
try {
  await migrate(parts.database, await coreMigrations())
  const { url } = await parts.deploy('relay', folder)
  for (const inFlight of FLOODS) parts.gateway.functions.set(floodRoom(inFlight), url)
  await parts.bridge(BRIDGE, { EDGEFUND_LOG_LEVEL: 'info' })

  const call = await emptyCalls(`${parts.gateway.url}/function/relay/healthz`)
  console.log(`an empty handler's HTTP call through the gateway  p50 ${call.toFixed(2)} ms`)
  await throughTheBridge(parts, call)
  for (const inFlight of FLOODS) await flooded(parts, inFlight)
} finally {
  await parts.close()
  rmSync(folder, { recursive: true, force: true })
}

async function emptyCalls(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  for (let i = 0; i < CALLS; i++) {
    const begun = performance.now()
    await new Promise<void>((resolve, reject) => {
      request(url, { agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end()
    })
    times.push(performance.now() - begun)
  }
  agent.destroy()
  return median(times.slice(CALLS / 10))
}

async function throughTheBridge(parts: RealParts, call: number): Promise<void> {
  await open(parts, 'relay/relay-throw', 'hops', HOPS)
  await runEnds(parts, 'relay:hops')
  const said = await parts.database.read<{ at: Date; ms: number }>(
    `select extract(epoch from said_at)::float8 * 1000 as ms from pipeline.trail
     where run = 'relay:hops' and subject = 'relay.ball.passed' order by said_at`,
  )
  const hops = said.slice(1).map(({ ms }, i) => ms - said[i].ms)
  const p50 = median(hops)
  console.log(
    `a step through the bridge (${hops.length} hops)              p50 ${p50.toFixed(2)} ms, ${(p50 - call).toFixed(2)} ms over the call; p99 ${quantile(hops, 0.99).toFixed(2)} ms`,
  )
}

async function flooded(parts: RealParts, inFlight: number): Promise<void> {
  const room = floodRoom(inFlight)
  await open(parts, `${room}/${room}-open`, 'drops', DROPS)
  const run = `flood${inFlight}:drops`
  const begun = performance.now()
  await runEnds(parts, run)
  const seconds = (performance.now() - begun) / 1_000
  console.log(`${String(inFlight).padStart(2)} in flight  ${Math.round(DROPS / seconds)} events/s`)
}

async function open(parts: RealParts, path: string, key: string, count: number): Promise<void> {
  const reply = await parts.call(path, { count, inFlight: 0 }, { 'idempotency-key': key })
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
}

async function runEnds({ database }: RealParts, run: string): Promise<void> {
  for (;;) {
    const [row] = await database.read<{ state: string }>('select state from pipeline.runs where run = $1', [run])
    if (row?.state === 'ok') return
    if (row && row.state !== 'running') throw new Error(`${run} ended ${row.state}`)
    await sleep(20)
  }
}

function median(times: readonly number[]): number {
  return quantile(times, 0.5)
}

function quantile(times: readonly number[], q: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]
}
