// One backfill in a process of its own, so that its memory is its own. Reads the request on stdin, answers JSON on stdout.
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { openHouse } from '../../infra/local/house.ts'
import { readConfig } from '../../shared/runtime/config.ts'
import { readSettings } from '../../shared/runtime/settings.ts'

const { home, data, symbols, from, to } = JSON.parse(await text(process.stdin))
const config = readConfig({ ...process.env, EDGEFUND_HOME: home })
const house = await openHouse({
  config,
  settings: readSettings(undefined, 'defaults'),
  log: pino({ level: 'silent' }),
  owner: `bench/${process.pid}`,
  schedules: false,
})
const begun = performance.now()
const provider = { name: 'file', data, basis: 'split-adjusted' }
const { run } = await house.open({ workflow: 'ingestion', key: 'bench', params: { from, to, symbols, provider } })
const { state, reason } = await house.waitFor(run)
const ms = Math.round(performance.now() - begun)
if (state === 'failed') throw new Error(`The backfill failed: ${reason}`)
await house.stop()
// maxRSS is in KiB.
process.stdout.write(JSON.stringify({ ms, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) }))
