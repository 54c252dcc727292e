/**
 * A process that writes, for tests that kill it or race it: `writer-process.ts <root> <task>`.
 * `overwrite` writes ever new versions of `victim` and prints each version when it is written, until killed. `count <n>` adds one to the
 * number in `counter` n times by read, add, write if unchanged. `claim <name>` tries to create `claim/0` to `claim/49` and prints those it got.
 */
import { folderObjectStore } from '../../../../shared/adapters/folder/object-store.ts'

export const VERSION_BYTES = 400_000

const [root, task, argument] = process.argv.slice(2)
const store = folderObjectStore(root)
const bytes = (text: string) => new TextEncoder().encode(text)

async function overwrite(): Promise<void> {
  for (let version = 1; ; version++) {
    const body = new Uint8Array(VERSION_BYTES).fill(version % 256)
    const current = await store.get('victim')
    await store.put('victim', body, version % 2 && current ? { ifMatch: current.etag } : undefined)
    process.stdout.write(`${version}\n`)
  }
}

async function count(times: number): Promise<void> {
  for (let added = 0; added < times; ) {
    const { body, etag } = (await store.get('counter'))!
    const next = bytes(String(Number(new TextDecoder().decode(body)) + 1))
    if (await store.put('counter', next, { ifMatch: etag })) added++
  }
}

async function claim(name: string): Promise<void> {
  for (let n = 0; n < 50; n++) {
    if (await store.put(`claim/${n}`, bytes(name), { ifAbsent: true })) process.stdout.write(`${n}\n`)
  }
}

if (task === 'overwrite') await overwrite()
if (task === 'count') await count(Number(argument))
if (task === 'claim') await claim(argument)
