import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { storeFailure } from '../../../../shared/adapters/folder/failure.ts'
import { removeDeadLock, withLock } from '../../../../shared/adapters/folder/key-lock.ts'
import { folderObjectStore } from '../../../../shared/adapters/folder/object-store.ts'
import { thisProcess } from '../../../../shared/adapters/process/process-identity.ts'
import { InputError, UnavailableError } from '../../../../shared/ports/errors.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const DEAD_PID = 2 ** 22 + 1 // above the highest a Linux kernel gives

let home: string
let root: string
let opened = 0
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edgefund-folder-'))
})
beforeEach(() => {
  root = join(home, String(opened++))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const signature = (owner: object) => JSON.stringify({ ...thisProcess(), token: 'a-token', ...owner })

describe('the files of a folder store', () => {
  it('are the objects themselves, under their keys', async () => {
    await folderObjectStore(root).put('market_data/year=2026/bars', bytes('x'))

    expect(await readFile(join(root, 'market_data/year=2026/bars'), 'utf8')).toBe('x')
  })

  it('leave nothing temporary behind, whether a write wins or loses', async () => {
    const store = folderObjectStore(root)
    await store.put('k', bytes('1'), { ifAbsent: true })
    await store.put('k', bytes('2'), { ifAbsent: true })
    await store.put('k', bytes('3'), { ifMatch: 'another version' })
    await store.put('k', bytes('4'))

    expect(await readdir(join(root, '.tmp'))).toEqual([])
  })

  it('leave nothing temporary behind when the source of a stream breaks', async () => {
    const store = folderObjectStore(root)
    async function* broken() {
      yield bytes('half')
      expect(await readdir(join(root, '.tmp'))).toHaveLength(1)
      throw new Error('the source broke')
    }
    await expect(store.putStream('a/k', broken())).rejects.toThrow('the source broke')

    expect(await readdir(root, { recursive: true })).toEqual(['.tmp'])
  })

  it.runIf(existsSync('/proc/self/fd'))(
    'are closed when a reader of a stream leaves it or comes to its end',
    async () => {
      const store = folderObjectStore(root)
      await store.put('k', new Uint8Array(3_000_000))
      const openBefore = readdirSync('/proc/self/fd').length
      for (let n = 0; n < 20; n++) {
        for await (const _ of (await store.getStream('k'))!.body) break
        for await (const _ of (await store.getStream('k'))!.body);
        expect(await store.getStream('missing')).toBeUndefined()
      }

      expect(readdirSync('/proc/self/fd').length).toBe(openBefore)
    },
  )

  it('are not made by reading', async () => {
    const store = folderObjectStore(root)
    await store.get('k')
    await store.delete('k')
    for await (const _ of store.list('')) expect.unreachable()

    await expect(stat(root)).rejects.toThrow('ENOENT')
  })

  it('are made again when somebody clears the folder away', async () => {
    const store = folderObjectStore(root)
    await store.put('a', bytes('1'))
    await rm(root, { recursive: true })
    await expect(store.put('a', bytes('2'))).rejects.toThrow(UnavailableError)

    expect(await store.put('a', bytes('2'))).toBeDefined()
  })

  it('changed by hand have another etag', async () => {
    const store = folderObjectStore(root)
    const etag = await store.put('k', bytes('aaaa'))
    const { mtime } = await stat(join(root, 'k'))
    await writeFile(join(root, 'k'), 'bbbb')
    await utimes(join(root, 'k'), mtime, mtime)

    expect((await store.head('k'))?.etag).not.toBe(etag)
    expect(await store.put('k', bytes('cccc'), { ifMatch: etag! })).toBeUndefined()
  })

  it('whose names are no keys are not listed', async () => {
    const store = folderObjectStore(root)
    await store.put('a', bytes('1'))
    await writeFile(join(root, 'back\\slash'), 'x')

    const keys = []
    for await (const { key } of store.list('')) keys.push(key)
    expect(keys).toEqual(['a'])
  })

  it('leave no empty folders when deleted', async () => {
    const store = folderObjectStore(root)
    await store.put('a/b/c/d', bytes('1'))
    await store.put('a/e', bytes('1'))
    await store.delete('a/b/c/d')

    expect(await readdir(join(root, 'a'))).toEqual(['e'])
  })

  it('cannot be a file and a folder: the second is refused', async () => {
    const store = folderObjectStore(root)
    await store.put('a/b', bytes('1'))
    await expect(store.put('a', bytes('2'))).rejects.toThrow(InputError)
    await expect(store.put('a', bytes('2'), { ifAbsent: true })).rejects.toThrow(InputError)
    await expect(store.put('a/b/c', bytes('2'))).rejects.toThrow(/both an object and the beginning/)
    await expect(store.put('a/b/c', bytes('2'), { ifAbsent: true })).rejects.toThrow(InputError)
  })

  it('may be deleted and written side by side', async () => {
    const store = folderObjectStore(root, { durable: false })
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        n % 2 ? store.delete(`deep/er/k${n % 6}`) : store.put(`deep/er/k${n % 6}`, bytes('x')),
      ),
    )
    await store.put('deep/er/last', bytes('x'))

    expect(await store.head('deep/er/last')).toBeDefined()
  })
})

describe('what died in a folder store', () => {
  beforeEach(() => mkdir(join(root, '.tmp'), { recursive: true }))

  it('is cleared away at the first write: unfinished writes of an hour ago, not of a minute ago', async () => {
    const ago = (ms: number) => new Date(Date.now() - ms)
    for (const [name, age] of [
      ['old', 3_700_000],
      ['young', 60_000],
    ] as const) {
      await writeFile(join(root, '.tmp', name), 'half')
      await utimes(join(root, '.tmp', name), ago(age), ago(age))
    }
    await folderObjectStore(root).put('k', bytes('1'))

    expect(await readdir(join(root, '.tmp'))).toEqual(['young'])
  })

  it('gives up its lock, when its process is gone or another has its number now', async () => {
    for (const owner of [{ pid: DEAD_PID }, { startTime: '1' }]) {
      const lock = join(root, '.tmp', 'a-lock')
      await writeFile(lock, signature(owner))

      expect(await withLock(lock, async () => 'mine')).toBe('mine')
      expect(await readdir(join(root, '.tmp'))).toEqual([])
    }
  })

  it('gives up its lock to one of twenty at a time', async () => {
    const lock = join(root, '.tmp', 'a-lock')
    await writeFile(lock, signature({ pid: DEAD_PID }))
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withLock(lock, async () => {
          most = Math.max(most, ++inside)
          await new Promise((resolve) => setTimeout(resolve, 2))
          inside--
        }),
      ),
    )

    expect(most).toBe(1)
    expect(await readdir(join(root, '.tmp'))).toEqual([])
  })

  it('leaves a living lock alone, of this machine, of another and one being signed', async () => {
    for (const content of [signature({}), signature({ bootId: 'elsewhere', pid: DEAD_PID }), '']) {
      const lock = join(root, '.tmp', 'a-lock')
      await writeFile(lock, content)

      expect(await removeDeadLock(lock)).toBe(false)
      expect(await readFile(lock, 'utf8')).toBe(content)
    }
  })

  it('on another machine is believed dead after a minute', async () => {
    const lock = join(root, '.tmp', 'a-lock')
    await writeFile(lock, signature({ bootId: 'elsewhere' }))
    await utimes(lock, new Date(Date.now() - 61_000), new Date(Date.now() - 61_000))

    expect(await removeDeadLock(lock)).toBe(true)
  })
})

describe('a folder that cannot be used', () => {
  it('is unavailable when it is a file', async () => {
    await writeFile(root, 'not a folder')

    await expect(folderObjectStore(root).put('k', bytes('1'))).rejects.toThrow(UnavailableError)
    await expect(folderObjectStore(join(root, 'below')).put('k', bytes('1'))).rejects.toThrow(UnavailableError)
  })

  it.skipIf(process.getuid?.() === 0)(
    'is unavailable when it may not be written (skipped for root, who may)',
    async () => {
      await mkdir(root)
      await chmod(root, 0o500)

      await expect(folderObjectStore(root).put('k', bytes('1'))).rejects.toThrow(/EACCES/)
      await expect(folderObjectStore(root).put('k', bytes('1'))).rejects.toThrow(UnavailableError)
    },
  )

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission denied'],
    ['EIO', 'i/o error'],
  ])('says so of %s and keeps the cause', (code, expected) => {
    const cause = Object.assign(new Error('i/o error'), { code, syscall: 'write' })
    const failure = storeFailure('/data', 'write k', cause)

    expect(failure).toBeInstanceOf(UnavailableError)
    expect((failure as Error).message).toContain(expected)
    expect((failure as Error).cause).toBe(cause)
  })

  it('does not rename mistakes of the program', () => {
    const bug = new TypeError('undefined is not a function')

    expect(storeFailure('/data', 'write k', bug)).toBe(bug)
  })
})
