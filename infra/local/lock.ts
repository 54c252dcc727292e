import { createHash, randomBytes } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isAlive, type ProcessIdentity, thisProcess } from '../../shared/adapters/process/process-identity.ts'
import { UnavailableError } from '../../shared/ports/errors.ts'

/** Who owns a state folder, and how to talk to it. */
export interface Owner extends ProcessIdentity {
  /** Where it listens on loopback; 0 while it is starting. */
  readonly port: number
  /** What it is there for: `up` stays, any other verb leaves when it has finished. */
  readonly verb: string
  /** Whoever can read this file may use the operations API. */
  readonly token: string
  readonly createdAt: string
}

/** The state folder is ours until it is released. */
export interface HomeLock {
  readonly owner: Owner
  /** Tells everybody where to find us. */
  listensOn(port: number): void
  release(): void
}

export interface LockOptions {
  readonly verb: string
  /** Called when the lock is found to be somebody else's: the folder must not be written any more. */
  readonly onLost?: () => void
  /** False: do without hard links, as on exFAT. */
  readonly hardLinks?: boolean
}

/** An owner that cannot be asked (another machine or container on a shared folder) lives as long as it touches its lock. */
export const SILENT_OWNER_MS = 30_000
const TOUCH_MS = 5_000
const DRAFT = 'lock-draft-'
const GUARD = 'takeover-'
const ABANDONED_DRAFT_MS = 60_000
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/**
 * Makes this process the one owner of a state folder, or answers undefined when another one is (or is just becoming it). A dead owner's
 * lock is taken over by whoever gets the right to replace exactly this content, so two takers never both succeed; the right of a taker that
 * died on the way is taken over by the same rule.
 */
export function tryLock(home: string, options: LockOptions): HomeLock | undefined {
  const path = join(home, 'lock')
  const owner: Owner = {
    ...thisProcess(),
    port: 0,
    verb: options.verb,
    token: randomBytes(24).toString('hex'),
    createdAt: new Date().toISOString(),
  }
  try {
    mkdirSync(home, { recursive: true })
    const content = JSON.stringify(owner)
    const links = options.hardLinks ?? true
    if (!create(path, content, links) && !takeOver(path, content, links)) return undefined
    sweepLeftovers(home)
  } catch (error) {
    throw new UnavailableError(`The state folder ${home} cannot be locked: ${(error as Error).message}`, {
      cause: error,
    })
  }
  return hold(path, owner, options.onLost)
}

/** The living owner of a state folder, if there is one that has finished writing its lock. */
export function readOwner(home: string): Owner | undefined {
  const found = readLock(join(home, 'lock'))
  return found?.owner && isHeld(found) ? found.owner : undefined
}

/** What the lock says, whether its owner lives or not; undefined when there is none. */
export function inspectLock(home: string): { readonly owner: Owner | undefined; readonly held: boolean } | undefined {
  const found = readLock(join(home, 'lock'))
  return found && { owner: found.owner, held: isHeld(found) }
}

function hold(path: string, first: Owner, onLost: (() => void) | undefined): HomeLock {
  let owner = first
  const isOurs = () => readLock(path)?.owner?.token === owner.token
  const touching = setInterval(() => {
    try {
      if (isOurs()) return utimesSync(path, new Date(), new Date())
    } catch {
      return // the disk has a bad moment; the next touch will tell
    }
    clearInterval(touching)
    onLost?.()
  }, TOUCH_MS)
  touching.unref()
  return {
    get owner() {
      return owner
    },
    listensOn(port) {
      if (!isOurs()) throw new UnavailableError(`${path} is no longer held by this process`)
      owner = { ...owner, port }
      replace(path, JSON.stringify(owner))
    },
    release() {
      clearInterval(touching)
      if (isOurs()) unlinkIfThere(path)
    },
  }
}

interface FoundLock {
  /** Its exact content, or what else names this very file while it has none. */
  readonly content: string
  /** Undefined: not written to the end (yet). */
  readonly owner: Owner | undefined
  readonly path: string
  readonly modifiedMs: number
}

function readLock(path: string): FoundLock | undefined {
  try {
    const content = readFileSync(path, 'utf8')
    const { ino, mtimeMs } = statSync(path)
    const owner = parse(content)
    return { content: owner ? content : `unwritten:${ino}:${mtimeMs}`, owner, path, modifiedMs: mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(content: string): Owner | undefined {
  try {
    const owner = JSON.parse(content) as Partial<Owner> | null
    return typeof owner?.pid === 'number' && typeof owner.token === 'string' ? (owner as Owner) : undefined
  } catch {
    return undefined
  }
}

function isHeld({ owner, path, modifiedMs }: FoundLock): boolean {
  const alive = owner && isAlive(owner)
  return alive ?? filesystemNow(dirname(path)) - modifiedMs < SILENT_OWNER_MS
}

/** Takes the place of a dead owner's file. Holding the guard named for its content is the right to replace exactly that content. */
function takeOver(path: string, content: string, links: boolean): boolean {
  const found = readLock(path)
  if (!found) return create(path, content, links)
  if (isHeld(found)) return false
  const guard = join(dirname(path), GUARD + createHash('sha256').update(found.content).digest('hex').slice(0, 32))
  if (!create(guard, content, links) && !takeOver(guard, content, links)) return false
  try {
    // A slow taker may have looked at a lock that is long replaced.
    if (readLock(path)?.content !== found.content) return false
    replace(path, content)
    return true
  } finally {
    unlinkIfThere(guard)
  }
}

/** Creates the file with its whole content at once; false when there is one. */
function create(path: string, content: string, links: boolean): boolean {
  if (!links) return createInPlace(path, content)
  const draft = writeDraft(dirname(path), content)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'EEXIST') return false
    if (NO_HARD_LINKS.has(code)) return createInPlace(path, content)
    throw error
  } finally {
    unlinkIfThere(draft)
  }
}

/** Without hard links there is a moment in which the file is there and empty; others take it for held then. */
function createInPlace(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  return readLock(path)?.content === content
}

function replace(path: string, content: string): void {
  renameSync(writeDraft(dirname(path), content), path)
}

function writeDraft(folder: string, content: string): string {
  const draft = join(folder, `${DRAFT}${process.pid}-${randomBytes(6).toString('hex')}`)
  writeFileSync(draft, content, { flag: 'wx', mode: 0o600 })
  return draft
}

/** The time by the clock that stamps these files, which on a shared folder may be another machine's. */
function filesystemNow(folder: string): number {
  const draft = writeDraft(folder, '')
  try {
    return statSync(draft).mtimeMs
  } finally {
    unlinkIfThere(draft)
  }
}

/**
 * What takers left that died on the way. Removing a guard is safe once the lock is ours: it is a right to replace a content that will never
 * be there again.
 */
function sweepLeftovers(home: string): void {
  for (const name of readdirSync(home)) {
    const path = join(home, name)
    if (name.startsWith(GUARD)) unlinkIfThere(path)
    else if (name.startsWith(DRAFT)) {
      const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs
      if (modified !== undefined && Date.now() - modified > ABANDONED_DRAFT_MS) unlinkIfThere(path)
    }
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
