import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { type FileHandle, mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UnavailableError } from '../../ports/errors.ts'
import type { ObjectInfo, ObjectStore, PutCondition } from '../../ports/object-store.ts'
import { concurrently } from '../objects/concurrently.ts'
import { checkObjectKey, RESERVED_PART } from '../objects/object-key.ts'
import { checkRange } from '../objects/range.ts'
import { sha256Hex } from '../objects/sha256.ts'
import { watchSource } from '../objects/watched-source.ts'
import { errnoOf, storeFailure } from './failure.ts'
import {
  hashFile,
  hashOpenFile,
  ifThere,
  isFolder,
  isObject,
  openIfThere,
  readFully,
  readPieces,
  removeEmptyFolder,
  syncFolder,
  unlinkIfThere,
  writeDraft,
  writeDraftFrom,
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
 * The etag is the SHA-256 of the content, so it is right even after somebody changed a file by hand; the price is that `head`,
 * `list` and `getStream` read what they tell about. A key cannot be both an object and the beginning of another key (`InputError`). Files
 * under a symbolic link are not listed. A full, forbidden or read-only disk is an `UnavailableError`.
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

  async function* piecesOf(key: string, file: FileHandle): AsyncIterable<Uint8Array> {
    try {
      for await (const piece of readPieces(file)) yield piece.slice()
    } catch (error) {
      throw storeFailure(base, `read ${key}`, error)
    } finally {
      await file.close()
    }
  }

  const lockOf = (key: string) => join(temporary, `lock-${sha256Hex(Buffer.from(key)).slice(0, 32)}`)

  /** Writes a draft, which answers its etag, and puts it in the object's place. */
  async function place(
    key: string,
    write: (draft: string) => Promise<string>,
    condition?: PutCondition,
  ): Promise<string | undefined> {
    await prepare()
    const path = join(base, key)
    const draft = join(temporary, randomUUID())
    try {
      const etag = await write(draft)
      return (await publish(key, draft, path, condition)) ? etag : undefined
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') prepared = undefined // somebody cleared the store away: the next write makes it again
      throw error
    } finally {
      rmSync(draft, { force: true })
    }
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

    async getStream(key) {
      const path = pathOf(key)
      const file = await told(`read ${key}`, () => openIfThere(path))
      if (!file) return undefined
      try {
        return { body: piecesOf(key, file), ...(await told(`read ${key}`, () => hashOpenFile(file))) }
      } catch (error) {
        await file.close()
        throw error
      }
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
      const write = async (draft: string) => {
        await writeDraft(draft, body, durable)
        return sha256Hex(body)
      }
      return told(`write ${key}`, () => place(key, write, condition))
    },

    async putStream(key, body) {
      checkObjectKey(key)
      const source = watchSource(body)
      try {
        const etag = await place(key, (draft) => writeDraftFrom(draft, source.pieces, durable))
        return etag as string // without a condition there is always one
      } catch (error) {
        throw source.failure() ? error : storeFailure(base, `write ${key}`, error)
      }
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
