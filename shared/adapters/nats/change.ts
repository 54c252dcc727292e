export interface TopologyOptions {
  /** Changes nothing, only says what it would do. */
  readonly dryRun?: boolean
  /** Deletes consumers of our streams that no step answers to any more. A stream is never deleted: it holds events. */
  readonly prune?: boolean
  /** Copies of every stream, on as many servers. */
  readonly replicas?: number
  /** How long a lease lives. An existing bucket is changed only when this is given. */
  readonly leaseTtlMs?: number
}

export interface Change {
  readonly kind: 'stream' | 'consumer' | 'bucket'
  /** A consumer's name includes its stream: `edgefund-ingestion/ingestion-fetch-bars`. */
  readonly name: string
  /** `obsolete`: nobody plans it any more; it was deleted if the detail says so. */
  readonly action: 'create' | 'update' | 'keep' | 'obsolete'
  readonly detail?: string
}

/** What became of a part that existed: kept, or changed in what is told. */
export function outcome(kind: Change['kind'], name: string, differences: readonly string[]): Change {
  if (differences.length === 0) return { kind, name, action: 'keep' }
  return { kind, name, action: 'update', detail: differences.join(', ') }
}
