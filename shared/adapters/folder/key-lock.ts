import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { UnavailableError } from '../../ports/errors.ts'
import { isAlive, type ProcessIdentity, thisProcess } from '../process/process-identity.ts'
import { errnoOf } from './failure.ts'

/** A lock guards a compare and a rename, which take milliseconds; who waits this long waits for something broken. */
const PATIENCE_MS = 10_000
/** A lock whose owner cannot be asked (another machine or container on a shared folder, or died while signing) counts as left behind after this. */
const SILENT_OWNER_MS = 60_000
/** What file systems without hard links answer. */
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

interface Owner extends ProcessIdentity {
  readonly token: string
}

/**
 * Holds an exclusive lock file while the work runs, among all processes on this folder. A lock whose owner is dead is taken over.
 * Throws `UnavailableError` when a living owner does not let go within ten seconds.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const token = await acquire(path)
  try {
    return await work()
  } finally {
    if (ownerOf(path)?.token === token) unlinkSync(path)
  }
}

/** Removes the lock if its owner is dead; false when it lives (or there is no lock). */
export async function removeDeadLock(path: string): Promise<boolean> {
  const owner = ownerOf(path)
  if (!owner || isHeld(path, owner)) return false
  // Between looking and unlinking, another process may have put its own lock in the place of the dead one. So whoever wants to clear
  // this very lock first takes the right to do so, under a name only this lock has, and then looks again.
  return withLock(`${path}.${owner.token}`, async () => {
    if (ownerOf(path)?.token !== owner.token) return false
    unlinkSync(path)
    return true
  })
}

async function acquire(path: string): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS
  for (let attempt = 0; ; attempt++) {
    const token = create(path)
    if (token) return token
    if (await removeDeadLock(path)) continue
    if (Date.now() > deadline) {
      const owner = ownerOf(path)
      throw new UnavailableError(
        `${path} is held by process ${owner?.pid} on ${owner?.host} for over ${PATIENCE_MS} ms`,
      )
    }
    await sleep(Math.min(1 + attempt, 20) * (0.5 + Math.random()))
  }
}

/** Its token, or undefined when there is a lock already. The lock appears signed, so that one whose owner died at once is known as such. */
function create(path: string): string | undefined {
  const owner: Owner = { ...thisProcess(), token: randomUUID() }
  const draft = `${path}.${owner.token}.draft`
  writeFileSync(draft, JSON.stringify(owner))
  try {
    linkSync(draft, path)
    return owner.token
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined
    if (!NO_HARD_LINKS.has(errnoOf(error) ?? '')) throw error
    return createUnsigned(path, owner)
  } finally {
    unlinkSync(draft)
  }
}

/** Where the file system has no hard links: a moment without a signature remains. */
function createUnsigned(path: string, owner: Owner): string | undefined {
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: 'wx' })
    return owner.token
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined
    throw error
  }
}

function ownerOf(path: string): Owner | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    if (text.endsWith('}')) return JSON.parse(text) as Owner
    // Not signed yet, or its owner died before signing: the file itself is the only name it has.
    return { pid: 0, startTime: '', bootId: '', namespace: '', host: '', token: `unsigned-${statSync(path).ino}` }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isHeld(path: string, owner: Owner): boolean {
  return isAlive(owner) ?? ageMs(path) < SILENT_OWNER_MS
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0
    throw error
  }
}
