import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig, type StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { StreamPlan } from '../../ports/bus.ts'

const DAY_MS = 86_400_000
/** Long enough to look back over a holiday fortnight; the trail in PostgreSQL keeps everything. */
const MAX_AGE_MS = 14 * DAY_MS
/** Ticks are in no trail, and of no use after their session. */
const EPHEMERAL_MAX_AGE_MS = DAY_MS
/** Within it a second message of the same id is dropped. Later ones are absorbed by the claim. */
const DUPLICATE_WINDOW_MS = 120_000

/** What we decide of a stream. */
export type StreamSettings = Pick<
  StreamConfig,
  'subjects' | 'retention' | 'storage' | 'discard' | 'max_age' | 'duplicate_window' | 'num_replicas'
>

export function streamSettings(
  { subjects, ephemeral }: Pick<StreamPlan, 'subjects' | 'ephemeral'>,
  replicas: number,
): StreamSettings {
  return {
    subjects: [...subjects].sort(),
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(ephemeral ? EPHEMERAL_MAX_AGE_MS : MAX_AGE_MS),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: replicas,
  }
}

/** What of an existing stream is not as planned. */
export function streamDifferences(wanted: StreamSettings, { config }: StreamInfo): readonly string[] {
  const found = new Set(config.subjects)
  const planned = new Set(wanted.subjects)
  const changes = [
    ...wanted.subjects.filter((subject) => !found.has(subject)).map((subject) => `+${subject}`),
    ...config.subjects.filter((subject) => !planned.has(subject)).map((subject) => `-${subject}`),
  ]
  const { subjects: _, ...rest } = wanted
  for (const [field, value] of Object.entries(rest)) {
    const is = config[field as keyof typeof rest]
    if (is !== value) changes.push(`${field} ${is} -> ${value}`)
  }
  return changes
}
