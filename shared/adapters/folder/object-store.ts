import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UnavailableError } from '../../ports/errors.ts'
import type { ObjectInfo, ObjectStore, PutCondition } from '../../ports/object-store.ts'
import { concurrently } from '../objects/concurrently.ts'
import { checkObjectKey, RESERVED_PART } from '../objects/object-key.ts'
import { checkRange } from '../objects/range.ts'
import { sha256Hex } from '../objects/sha256.ts'
import { errnoOf, storeFailure } from './failure.ts'
import {
  hashFile,
  ifThere,
  isFolder,
  isObject,
  openIfThere,
  readFully,
  removeEmptyFolder,
  syncFolder,
  unlinkIfThere,
  writeDraft,
} from './files.ts'
import { withLock } from './key-lock.ts'
import { keysUnder } from './keys.ts'
import { sweep } from './sweep.ts'

export interface FolderOptions {
  /**
   * Whether a write waits until the disk has it (default). Without, a write survives the death of the process but not of the machine.
   */
  readonly durable?: boolean
}

/** A folder deleted by another process between our making it and using it is made again, this often. */
const FOLDER_ATTEMPTS = 5
/** Objects listed ahead of the reader; their hashes are computed side by side. */
const LIST_PAGE = 32

/**
 * Objects as files under a folder, which is made at the first write; the file at `<root>/<key>` is the object, so other tools read it
 * as it is. A write goes to `<root>/.tmp`, then to the disk, then into its place in one rename (`ifAbsent`: one link, so that one of
 * many racing writers wins, whatever their process). The other writes and deletes of one key exclude each other by a lock file.
 *
 * The etag is the SHA-256 of the content, so it is right even after somebody changed a file by hand; the price is that `head` and
 * `list` read what they tell about. A key cannot be both an object and the beginning of another key (`InputError`). Files under a
 * symbolic link are not listed. A full, forbidden or read-only disk is an `UnavailableError`.
 */
export function folderObjectStore(root: string, options: FolderOptions = {}): ObjectStore {
  const durable = options.durable ?? true
  const base = resolve(root)
  const temporary = join(base, RESERVED_PART)
  let prepared: Promise<void> | undefined

  /** Makes the folder for unfinished writes and clears away what died in it. */
  function prepare(): Promise<void> {
    prepared ??= mkdir(temporary, { recursive: true })
      .then(() => sweep(temporary))
      .catch((error) => {
        prepared = undefined
        throw new UnavailableError(`Cannot keep objects in ${base}: ${error.message}`, { cause: error })
      })
    return prepared
  }

  function pathOf(key: string): string {
    checkObjectKey(key)
    return join(base, key)
  }

  /** Runs a piece of work and says of its failure which key it was about. */
  async function told<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw storeFailure(base, doing, error)
    }
  }

  const lockOf = (key: string) => join(temporary, `lock-${sha256Hex(Buffer.from(key)).slice(0, 32)}`)

  async function place(
    key: string,
    body: Uint8Array,
    condition: PutCondition | undefined,
  ): Promise<string | undefined> {
    await prepare()
    const path = join(base, key)
    const draft = join(temporary, randomUUID())
    try {
      await writeDraft(draft, body, durable)
      if (!(await publish(key, draft, path, condition))) return undefined
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') prepared = undefined // somebody cleared the store away: the next write makes it again
      throw error
    } finally {
      rmSync(draft, { force: true })
    }
    return sha256Hex(body)
  }

  async function publish(key: string, draft: string, path: string, condition?: PutCondition): Promise<boolean> {
    if (condition && 'ifAbsent' in condition) {
      const linked = await tryLink(draft, path)
      if (linked !== 'unsupported') return linked
      return withLock(lockOf(key), async () => {
        if (await isObject(path)) return false
        await inFolder(path, () => renameSync(draft, path))
        return true
      })
    }
    return withLock(lockOf(key), async () => {
      if (condition && (await hashFile(path))?.etag !== condition.ifMatch) return false
      await inFolder(path, () => renameSync(draft, path))
      return true
    })
  }

  async function tryLink(draft: string, path: string): Promise<boolean | 'unsupported'> {
    try {
      await inFolder(path, () => linkSync(draft, path))
      return true
    } catch (error) {
      const code = errnoOf(error)
      if (code === 'EEXIST' && !(await isFolder(path))) return false
      // FAT and some network shares have no hard links.
      if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') return 'unsupported'
      throw error
    }
  }

  /** Does something in the key's folder, making it when it is not there, and sees to it that the disk knows the new name. */
  async function inFolder(path: string, work: () => void): Promise<void> {
    const folder = dirname(path)
    const made: string[] = []
    for (let attempt = 1; ; attempt++) {
      try {
        work()
        break
      } catch (error) {
        const code = errnoOf(error)
        // Folders that a delete left empty stand in the way of an object of their name.
        if ((code === 'EISDIR' || code === 'EEXIST') && attempt === 1 && (await removeEmptyFolder(path))) continue
        if (code !== 'ENOENT' || attempt > FOLDER_ATTEMPTS) throw error
        const first = mkdirSync(folder, { recursive: true })
        if (first) for (let one = folder; one.length >= first.length; one = dirname(one)) made.push(dirname(one))
      }
    }
    if (!durable) return
    for (const one of [folder, ...made]) await syncFolder(one)
  }

  return {
    async get(key) {
      const path = pathOf(key)
      return told(`read ${key}`, async () => {
        const bytes = await ifThere(readFile(path))
        if (!bytes) return undefined
        const body = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        return { body, etag: sha256Hex(body) }
      })
    },

    async getRange(key, start, end) {
      const path = pathOf(key)
      checkRange(key, start, end)
      return told(`read ${key}`, async () => {
        const file = await openIfThere(path)
        if (!file) return undefined
        try {
          const { size } = await file.stat()
          const body = new Uint8Array(Math.max(0, Math.min(end, size) - start))
          return body.subarray(0, await readFully(file, body, start))
        } finally {
          await file.close()
        }
      })
    },

    async head(key) {
      const path = pathOf(key)
      return told(`read ${key}`, async () => {
        const found = await hashFile(path)
        return found && { key, ...found }
      })
    },

    async put(key, body, condition) {
      checkObjectKey(key)
      return told(`write ${key}`, () => place(key, body, condition))
    },

    async delete(key) {
      const path = pathOf(key)
      return told(`delete ${key}`, async () => {
        if (!(await isObject(path))) return
        await prepare()
        await withLock(lockOf(key), () => unlinkIfThere(path))
        let folder = dirname(path)
        while (folder !== base && (await removeEmptyFolder(folder))) folder = dirname(folder)
      })
    },

    async *list(prefix) {
      let page: string[] = []
      for await (const key of keysUnder(base, prefix)) {
        page.push(key)
        if (page.length < LIST_PAGE) continue
        yield* await told(`list ${prefix}`, () => infos(base, page))
        page = []
      }
      yield* await told(`list ${prefix}`, () => infos(base, page))
    },
  }
}

async function infos(base: string, keys: readonly string[]): Promise<ObjectInfo[]> {
  const found = await concurrently(keys, 4, async (key) => {
    const info = await hashFile(join(base, key))
    return info && { key, ...info }
  })
  return found.filter((info) => info !== undefined) // deleted meanwhile
}
