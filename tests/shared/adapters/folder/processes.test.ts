import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderObjectStore } from '../../../../shared/adapters/folder/object-store.ts'

const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url))
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (body: Uint8Array | undefined) => new TextDecoder().decode(body)

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edgefund-processes-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

function start(...args: string[]): ChildProcess & { readonly lines: string[] } {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  return Object.assign(child, { lines })
}

async function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode ?? (await once(child, 'close'))[0]
}

describe('a folder shared by processes', () => {
  it('holds a whole version, never older than an acknowledged one, when the writer is killed at any moment', async () => {
    const root = join(home, 'killed')
    for (let round = 0; round < 10; round++) {
      const child = start(root, 'overwrite')
      while (child.lines.length === 0) await sleep(5)
      await sleep(Math.random() * 60)
      child.kill('SIGKILL')
      await once(child, 'close')

      const acknowledged = Number(child.lines.at(-1))
      const store = folderObjectStore(root)
      const { body, etag } = (await store.get('victim'))!
      expect(body.length).toBe(400_000)
      expect(new Set(body).size, 'one version only').toBe(1)
      expect([acknowledged % 256, (acknowledged + 1) % 256]).toContain(body[0])
      // The dead writer may have held the key's lock.
      expect(await store.put('victim', bytes(`after ${round}`), { ifMatch: etag })).toBeDefined()
      expect(await readdir(root)).toEqual(['.tmp', 'victim'])
    }
  })

  it('lets one of several processes create each object', async () => {
    const root = join(home, 'claimed')
    const names = ['a', 'b', 'c', 'd']
    const children = names.map((name) => start(root, 'claim', name))
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0, 0])

    const claimed = children.flatMap((child) => child.lines.map(Number)).sort((a, b) => a - b)
    expect(claimed).toEqual(Array.from({ length: 50 }, (_, n) => n))
    const store = folderObjectStore(root)
    for (const [index, child] of children.entries()) {
      for (const n of child.lines) expect(text((await store.get(`claim/${n}`))?.body)).toBe(names[index])
    }
  })

  it('loses no increment of processes that write if unchanged', async () => {
    const root = join(home, 'counted')
    const store = folderObjectStore(root)
    await store.put('counter', bytes('0'))
    const children = Array.from({ length: 3 }, () => start(root, 'count', '40'))
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0])

    expect(text((await store.get('counter'))?.body)).toBe('120')
    expect(await readdir(join(root, '.tmp')), 'nothing left behind').toEqual([])
  })
})
