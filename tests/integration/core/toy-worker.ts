import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import { releaseOwners } from '../../../shared/runtime/deliveries.ts'
import { sweep } from '../../../shared/runtime/sweeper.ts'
import { drain, sleep, toyParts } from '../../shared/runtime/harness.ts'
import { toyChain } from '../../shared/runtime/toy-chain.ts'

/**
 * A process that works on the toy chain until every run is over: `node --import tsx toy-worker.ts <url> <owner> [<dead owners>]`.
 * Says "ready" when it starts to work, and at the end how many deliveries it has done.
 */
const [url, owner, deadOwners] = process.argv.slice(2)
const database = openDatabase({ url, connections: 4, applicationName: owner })
const parts = toyParts(database, toyChain({ maxAttempts: 100 }).steps, { owner })
if (deadOwners) await releaseOwners(database, deadOwners)
console.log('ready')
let done = 0
const count = ({ outcome, events }: { outcome: string; events?: readonly unknown[] }) => {
  if (outcome === 'done' && events) done++
}
for (;;) {
  await drain(parts, { onAnswer: count })
  await sweep(parts)
  const [{ open }] = await database.read<{ open: boolean }>(
    `select exists (select 1 from pipeline.runs where state = 'running') as open`,
  )
  if (!open) break
  await sleep(10)
}
console.log(`done ${done}`)
await database.close()
