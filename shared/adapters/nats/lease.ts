import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NatsConnection } from '@nats-io/transport-node'
import { natsFailure } from './failure.ts'
import { type LeaseStore, natsLeaseStore } from './lease-store.ts'
import { isConnected } from './link.ts'

export interface LeaseOptions {
  readonly bucket: string
  readonly key: string
  /** A name for people, who read it in the bucket. */
  readonly owner: string
  /** How long the lease outlives its holder. */
  readonly ttlMs: number
  /** Hears each change; `true` when it is ours now. */
  onChange(held: boolean): void
  readonly log?: { warn(found: object, message: string): void }
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number
  /** What stands between us and the place where it is kept, for tests. */
  readonly through?: (store: LeaseStore) => LeaseStore
}

export interface Lease {
  /** Whether it is ours at this moment; false from the moment it may have run out, even if nothing has been said of it yet. */
  held(): boolean
  /** Gives it up at once. */
  stop(): Promise<void>
}

/**
 * Tries for a lease for as long as the process lives, and renews it while it is ours. It counts as ours until the time to live after the
 * last successful renewal *was sent*, less a margin; the server forgets it a full time to live after it arrived. So by clocks of the same
 * pace two never hold it at once, whatever hangs or breaks. A server whose clock jumps can still forget early: whoever must be certain has
 * a fence of their own (the claim of a delivery).
 *
 * In a bucket where nothing was ever stored (new, or lost with the server's disk) nobody can know of an earlier holder: there the lease is
 * taken only after a full time to live.
 */
export function holdLease(connection: NatsConnection, options: LeaseOptions): Lease {
  const { bucket, key, owner, ttlMs, now = () => performance.now() } = options
  const token = randomUUID()
  const timeoutMs = Math.max(200, ttlMs / 3)
  const kept = natsLeaseStore(connection, { bucket, key, owner, token, ttlMs, timeoutMs })
  const store = options.through?.(kept) ?? kept
  const stopping = new AbortController()
  let lifeMs = ttlMs
  let mine: { readonly revision: number; readonly until: number } | undefined
  let expiry: NodeJS.Timeout | undefined
  let told = false
  let untouchedSince: number | undefined

  const held = () => mine !== undefined && now() < mine.until
  const tell = (value: boolean) => {
    if (told === value) return
    told = value
    options.onChange(value)
  }
  const lose = () => {
    clearTimeout(expiry)
    mine = undefined
    tell(false)
  }
  /** False when somebody else was faster, or the answer came too late to be of use. */
  const claim = async (revision: number): Promise<boolean> => {
    const sent = now()
    const written = await store.claim(revision)
    const until = sent + lifeMs - marginMs(lifeMs)
    if (written === undefined || now() >= until) return false
    mine = { revision: written, until }
    untouchedSince = undefined
    clearTimeout(expiry)
    expiry = setTimeout(lose, until - now())
    if (!stopping.signal.aborted) tell(true)
    return true
  }
  const acquire = async (): Promise<boolean> => {
    const state = await store.open()
    lifeMs = Math.min(ttlMs, state.ttlMs)
    const found = await store.read()
    if (found.kind === 'released') return claim(found.revision)
    // Ours although we do not know of it: we wrote it and the answer was lost.
    if (found.kind === 'held') return found.token === token && claim(found.revision)
    if (state.untouched) {
      untouchedSince ??= now()
      if (now() - untouchedSince < lifeMs) return false
    }
    return claim(0)
  }
  const round = async () => {
    if (mine && !held()) lose()
    if (mine && (await claim(mine.revision))) return
    if (!(await acquire())) lose()
  }

  const loop = async () => {
    while (!stopping.signal.aborted) {
      let waitMs = lifeMs / 3
      try {
        if (isConnected(connection)) await round()
        else waitMs = lifeMs / 10
      } catch (error) {
        // Held until it runs out: the next try may succeed before.
        waitMs = lifeMs / 10
        const { message } = natsFailure(`keep the lease ${key}`, error)
        options.log?.warn({ reason: message }, 'the lease cannot be asked for')
      }
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const running = loop()

  return {
    held,
    async stop() {
      stopping.abort()
      await running
      const revision = held() ? mine?.revision : undefined
      lose()
      if (revision === undefined || !isConnected(connection)) return
      // Should it fail, the lease runs out by itself.
      await store.release(revision).catch(() => {})
    },
  }
}

/** For a timer that fires late and clocks that do not quite keep pace. */
function marginMs(lifeMs: number): number {
  return Math.max(50, lifeMs / 10)
}
