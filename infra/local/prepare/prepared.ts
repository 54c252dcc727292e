/** What became of something that a cluster leans on; in a dry run, what would become of it. */
export interface Preparation {
  readonly name: string
  /** `obsolete`: nobody needs it any more; it was deleted only if the detail says so. */
  readonly action: 'create' | 'update' | 'keep' | 'obsolete'
  readonly detail?: string
}

export interface Prepared {
  readonly changes: readonly Preparation[]
  /** Why a part that is there cannot be used as it is. */
  readonly unfit?: Error
}

export interface PrepareOptions {
  /** Changes nothing, only says what it would do. */
  readonly dryRun: boolean
  /** Deletes what is obsolete and holds nothing. */
  readonly prune: boolean
}
