import { JetStreamApiCodes, JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { type BucketState, bucketStream, openBucket } from './bucket.ts'

/** What a key says about who holds the lease. */
export type Claim =
  | { readonly kind: 'held'; readonly token: string; readonly owner: string; readonly revision: number }
  /** Given up by its last holder. */
  | { readonly kind: 'released'; readonly revision: number }
  /** Never taken, or run out. */
  | { readonly kind: 'absent' }

export interface LeaseStore {
  /** Makes the bucket when it is missing. */
  open(): Promise<BucketState>
  read(): Promise<Claim>
  /** Writes the claim if nobody wrote since that revision (0: nobody holds it); undefined when somebody did. */
  claim(revision: number): Promise<number | undefined>
  /** Gives it up, if nobody wrote since. */
  release(revision: number): Promise<void>
}

export interface LeaseKey {
  readonly bucket: string
  readonly key: string
  readonly owner: string
  /** Tells this holder from any other of the same name. */
  readonly token: string
  readonly ttlMs: number
  /** How long one request may take. */
  readonly timeoutMs: number
}

const OPERATION = 'KV-Operation'
/** Somebody wrote since; a replicated server may not say who. */
const OUTRUN = new Set<number>([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
])

/** The lease as one key of a key-value bucket, changed only by whoever knows its last revision. */
export function natsLeaseStore(connection: NatsConnection, lease: LeaseKey): LeaseStore {
  const { bucket, key, owner, token, ttlMs, timeoutMs: timeout } = lease
  const client = jetstream(connection, { timeout })
  const managing = jetstreamManager(connection, { timeout, checkAPI: false })
  const subject = `$KV.${bucket}.${key}`

  const write = async (body: string, revision: number, operation?: string): Promise<number | undefined> => {
    const made = headers()
    if (operation !== undefined) made.set(OPERATION, operation)
    try {
      const { seq } = await client.publish(subject, body, { headers: made, expect: { lastSubjectSequence: revision } })
      return seq
    } catch (error) {
      if (error instanceof JetStreamApiError && OUTRUN.has(error.code)) return undefined
      throw error
    }
  }

  return {
    open: async () => openBucket(await managing, bucket, ttlMs),
    async read() {
      const message = await (await managing).streams.getMessage(bucketStream(bucket), { last_by_subj: subject })
      if (!message) return { kind: 'absent' }
      if (message.header.get(OPERATION) !== '') return { kind: 'released', revision: message.seq }
      const { owner: by, token: theirs } = message.json<{ owner?: string; token?: string }>()
      return { kind: 'held', owner: by ?? '', token: theirs ?? '', revision: message.seq }
    },
    claim: (revision) => write(JSON.stringify({ owner, token }), revision),
    async release(revision) {
      await write('', revision, 'DEL')
    },
  }
}
