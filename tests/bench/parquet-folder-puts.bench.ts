/**
 * Objects of 12 kB a second into a folder, durable (waits for the disk) and not, one at a time and eight at a time. Run it with
 * `npx tsx tests/bench/parquet-folder-puts.bench.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderObjectStore } from '../../shared/adapters/folder/object-store.ts'
import { concurrently } from '../../shared/adapters/objects/concurrently.ts'

const PUTS = 1_000
const body = new Uint8Array(12_000).fill(7)

async function main(): Promise<void> {
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`)
  const home = await mkdtemp(join(tmpdir(), 'edgefund-bench-'))
  const keys = Array.from({ length: PUTS }, (_, n) => `data/year=2026/month=${n % 12}/day=${n % 28}/${n}`)
  for (const durable of [true, false]) {
    for (const inFlight of [1, 8]) {
      const store = folderObjectStore(join(home, `${durable}-${inFlight}`), { durable })
      await store.put('warm', body)
      const time = async (what: string, work: (key: string) => Promise<unknown>) => {
        const begun = performance.now()
        await concurrently(keys, inFlight, work)
        const rate = Math.round((PUTS / (performance.now() - begun)) * 1000)
        console.log(`${durable ? 'durable    ' : 'not durable'} ${inFlight} at a time, ${what.padEnd(22)} ${rate} /s`)
      }
      await time('put ifAbsent, new', (key) => store.put(key, body, { ifAbsent: true }))
      await time('put over', (key) => store.put(key, body))
      const etags = new Map<string, string>()
      await time('get', async (key) => etags.set(key, (await store.get(key))!.etag))
      await time('put ifMatch', (key) => store.put(key, body, { ifMatch: etags.get(key)! }))
      await time('head', (key) => store.head(key))
    }
  }
  const store = folderObjectStore(join(home, 'false-8'))
  const begun = performance.now()
  let listed = 0
  for await (const { bytes } of store.list('data/')) listed += bytes > 0 ? 1 : 0
  console.log(`list with hashes           ${Math.round((listed / (performance.now() - begun)) * 1000)} objects/s`)
  await rm(home, { recursive: true, force: true })
}

await main()
