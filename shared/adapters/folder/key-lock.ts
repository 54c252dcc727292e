import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { UnavailableError } from '../../ports/errors.ts'
import { errnoOf } from './failure.ts'

/** A lock guards a compare and a rename, which take milliseconds; who waits this long waits for something broken. */
const PATIENCE_MS = 10_000
/** A lock whose owner cannot be asked (another machine or container on a shared folder, or died while signing) counts as left behind after this. */
const SILENT_OWNER_MS = 60_000

interface Owner {
  readonly pid: number
  /** When the process started, in the kernel's own count: a pid used again is not the same process. Empty where unknown. */
  readonly started: string
  readonly host: string
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
  if (!owner || isAlive(path, owner)) return false
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

/** Its token, or undefined when there is a lock already. */
function create(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined
    throw error
  }
  const owner: Owner = { pid: process.pid, started: startOf(process.pid), host: hostname(), token: randomUUID() }
  try {
    writeSync(file, JSON.stringify(owner))
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
  return owner.token
}

function ownerOf(path: string): Owner | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    if (text.endsWith('}')) return JSON.parse(text) as Owner
    // Not signed yet, or its owner died before signing: the file itself is the only name it has.
    return { pid: 0, started: '', host: '', token: `unsigned-${statSync(path).ino}` }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(path: string, owner: Owner): boolean {
  if (owner.host !== hostname()) return ageMs(path) < SILENT_OWNER_MS
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false
  }
  const started = startOf(owner.pid)
  return started === '' || owner.started === '' || started === owner.started
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0
    throw error
  }
}

const starts = new Map<number, string>()

/** Field 22 of Linux's `/proc/<pid>/stat`, counted behind the name, which may hold spaces and parentheses. */
function startOf(pid: number): string {
  const own = starts.get(pid)
  if (own !== undefined) return own
  let started = ''
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return '' // no such file system, or the process has just gone: the pid alone must do
  }
  if (pid === process.pid) starts.set(pid, started)
  return started
}
