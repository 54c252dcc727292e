import type { StepDatabase } from '../ports/database.ts'
import type { Chain } from './outline.ts'

/** What every part of the event core leans on. */
export interface CoreParts {
  readonly database: StepDatabase
  readonly registry: Chain
  /** True where no bus carries events to other processes: they count as published when they are committed. */
  readonly local: boolean
}
