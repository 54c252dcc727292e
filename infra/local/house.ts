import type { AllPorts } from '../../shared/runtime/ports.ts'
import type { Registry } from '../../shared/runtime/registry.ts'
import type { OpenedRun, RunRequest, RunRow } from '../../shared/runtime/runs.ts'
import type { ServeParts } from '../../shared/runtime/serve.ts'
import type { Settings } from '../../shared/runtime/settings.ts'

/** How far a run is, by step. */
export interface RunProgress {
  readonly run: string
  readonly state: RunRow['state']
  readonly done: number
  readonly total: number
  readonly steps: readonly StepProgress[]
}

export interface StepProgress {
  readonly step: string
  readonly done: number
  readonly waiting: number
  readonly running: number
  readonly dead: number
}

/** The whole system in one process. */
export interface House {
  readonly parts: ServeParts<AllPorts>
  readonly registry: Registry<AllPorts>
  readonly settings: Settings
  open(request: RunRequest): Promise<OpenedRun>
  progress(run: string): Promise<RunProgress>
  /** Resolves when the run is over. */
  waitFor(run: string, onProgress?: (progress: RunProgress) => void): Promise<RunRow>
  /** Finishes what is under way, then closes everything. */
  stop(): Promise<void>
}
