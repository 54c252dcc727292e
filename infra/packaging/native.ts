import type { AllPorts } from '../../shared/runtime/ports.ts'
import type { PackagedFunction } from './functions.ts'

/** What a port leans on that no bundle can carry. */
export interface NativeParts {
  /** Packages with machine code for glibc, which the official template's Alpine image does not have. */
  readonly modules: readonly string[]
  /** Files of the repository's `models` folder. */
  readonly models: readonly string[]
}

/** The ports whose adapters load machine code. A function that uses one gets an image of its own instead of the official template's. */
export const NATIVE_PORTS: Readonly<Partial<Record<keyof AllPorts, NativeParts>>> = {
  sentimentReader: { modules: ['onnxruntime-node'], models: ['sentiment/sentiment-linear.onnx'] },
}

/** Every package that lies beside a bundle, if anywhere. */
export const NATIVE_MODULES: readonly string[] = [
  ...new Set(Object.values(NATIVE_PORTS).flatMap(({ modules }) => modules)),
].sort()

/** The step that reads headlines was measured at 115 MiB with the embedded model, of which 75 are there before it reads. */
export const NATIVE_MEMORY_MIB = 256

/** What a function leans on beside its bundle; undefined for one that is whole by itself. The clock only opens runs, and runs none of its steps. */
export function nativePartsOf({ kind, steps, services }: PackagedFunction): NativeParts | undefined {
  if (kind === 'clock') return undefined
  const used = new Set([...steps, ...services].flatMap(({ uses }) => uses))
  const parts = [...used].flatMap((port) => NATIVE_PORTS[port as keyof AllPorts] ?? [])
  if (parts.length === 0) return undefined
  const every = (of: (one: NativeParts) => readonly string[]) => [...new Set(parts.flatMap(of))].sort()
  return { modules: every(({ modules }) => modules), models: every(({ models }) => models) }
}
