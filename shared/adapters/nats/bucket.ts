import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import { millis, nanos } from '@nats-io/transport-node'
import { isMissing } from './failure.ts'

/** The stream that holds a key-value bucket. */
export function bucketStream(bucket: string): string {
  return `KV_${bucket}`
}

/**
 * A bucket whose keys hold one value each and vanish after their time. On disk, so that a restart of the server frees no lease early.
 */
export function bucketConfig(
  bucket: string,
  ttlMs: number,
  replicas: number,
): Partial<StreamConfig> & { name: string } {
  return {
    name: bucketStream(bucket),
    subjects: [`$KV.${bucket}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    max_age: nanos(ttlMs),
    // The server refuses a window longer than the age.
    duplicate_window: nanos(Math.min(ttlMs, 120_000)),
    allow_rollup_hdrs: true,
    deny_delete: true,
    allow_direct: false,
    num_replicas: replicas,
  }
}

export interface BucketState {
  /** How long a value lives. */
  readonly ttlMs: number
  /** Nothing was ever stored in it: it has just been made, or lost everything. */
  readonly untouched: boolean
}

/**
 * The bucket as it is, made when it is missing. One that exists keeps its settings, but that its values must vanish: without, a dead holder
 * would keep a lease for ever.
 */
export async function openBucket(manager: JetStreamManager, bucket: string, ttlMs: number): Promise<BucketState> {
  const info = await makeBucket(manager, bucketConfig(bucket, ttlMs, 1))
  if (info.config.max_age > 0) return stateOf(info)
  return stateOf(await manager.streams.update(info.config.name, { max_age: nanos(ttlMs) }))
}

/** The stream of a bucket, made when it is missing; if somebody else makes it meanwhile, theirs. */
export async function makeBucket(
  manager: JetStreamManager,
  config: ReturnType<typeof bucketConfig>,
): Promise<StreamInfo> {
  const existing = await findStream(manager, config.name)
  if (existing) return existing
  try {
    return await manager.streams.add(config)
  } catch (error) {
    const theirs = await findStream(manager, config.name)
    if (!theirs) throw error
    return theirs
  }
}

export async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function stateOf({ config, state }: StreamInfo): BucketState {
  return { ttlMs: millis(config.max_age), untouched: state.last_seq === 0 }
}
