import { createHash } from 'node:crypto'
import { closeSync, constants, fdatasync, fsync, openSync, writeSync } from 'node:fs'
import { type FileHandle, open, rmdir, stat, unlink } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errnoOf } from './failure.ts'

const READ_CHUNK = 1 << 20
/** Bytes written before others have their turn. */
const WRITE_CHUNK = 1 << 20

const syncData = promisify(fdatasync)
const syncAll = promisify(fsync)

/** Size and SHA-256 of a file, read in pieces. Undefined when there is none. */
export async function hashFile(path: string): Promise<{ readonly bytes: number; readonly etag: string } | undefined> {
  const file = await openIfThere(path)
  if (!file) return undefined
  try {
    return await hashOpenFile(file)
  } finally {
    await file.close()
  }
}

/** Size and SHA-256 of an open file, which may be read from its start afterwards. */
export async function hashOpenFile(file: FileHandle): Promise<{ readonly bytes: number; readonly etag: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of readPieces(file)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, etag: hash.digest('hex') }
}

/** The content of an open file from its start, in pieces of at most a megabyte. They share one buffer: a piece is good until the next. */
export async function* readPieces(file: FileHandle): AsyncIterable<Uint8Array> {
  const { size } = await file.stat()
  const buffer = new Uint8Array(Math.min(READ_CHUNK, size + 1))
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

/** Undefined when there is no such file, or a folder in its place. */
export async function ifThere<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}

/** A regular file opened for reading. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  const file = await ifThere(open(path, constants.O_RDONLY))
  if (!file) return undefined
  if ((await file.stat()).isFile()) return file
  await file.close()
  return undefined
}

export async function isObject(path: string): Promise<boolean> {
  const file = await openIfThere(path)
  await file?.close()
  return file !== undefined
}

/** Fills the bytes from a position on and answers how many there were. */
export async function readFully(file: FileHandle, into: Uint8Array, start: number): Promise<number> {
  let filled = 0
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

export async function unlinkIfThere(path: string): Promise<void> {
  await ifThere(unlink(path))
}

/** Whether the folder was there, empty, and is gone. */
export async function removeEmptyFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path)
    return true
  } catch {
    return false // not empty, or no folder: then it stays, and what was tried says so itself
  }
}

/**
 * Writes a new file and, if asked, waits until the disk has it. Only that wait leaves this thread: for files as small as these a call
 * takes microseconds, and handing each to the thread pool and back took a third of a backfill's time.
 */
export async function writeDraft(path: string, body: Uint8Array, durable: boolean): Promise<void> {
  const file = openSync(path, 'wx')
  try {
    for (let written = 0; written < body.length; ) {
      const end = Math.min(body.length, written + WRITE_CHUNK)
      written += writeSync(file, body, written, end - written)
      if (written < body.length) await nextTurn()
    }
    if (durable) await syncData(file)
  } finally {
    closeSync(file)
  }
}

/**
 * The same from a source of pieces, and the SHA-256 of all of them. Each piece is with the file before the next is asked for; they may be
 * many and large, so all of it leaves this thread.
 */
export async function writeDraftFrom(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  durable: boolean,
): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx')
  try {
    for await (const piece of pieces) {
      hash.update(piece)
      await file.writeFile(piece)
    }
    if (durable) await file.datasync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/** Waits until the disk knows the names in a folder. Windows has no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  let folder: number
  try {
    folder = openSync(path, constants.O_RDONLY)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return // an empty folder that another process cleared away
    throw error
  }
  try {
    await syncAll(folder)
  } finally {
    closeSync(folder)
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return (await ifThere(stat(path)))?.isDirectory() ?? false
}
