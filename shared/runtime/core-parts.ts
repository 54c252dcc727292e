import type { StepDatabase } from '../ports/database.ts'
import type { Registry } from './registry.ts'

/** What every part of the event core leans on. */
export interface CoreParts<Ports = never> {
  readonly database: StepDatabase
  readonly registry: Registry<Ports>
  /** True where no bus carries events to other processes: they count as published when they are committed. */
  readonly local: boolean
}
