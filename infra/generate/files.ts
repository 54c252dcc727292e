import { readFileSync } from 'node:fs'
import { services, steps } from '../../functions/index.ts'
import { outlineOf } from '../../shared/runtime/outline.ts'
import { createRegistry } from '../../shared/runtime/registry.ts'
import { type Packaging, packagedFunctions } from '../packaging/functions.ts'
import { eventSchemas } from './event-schemas.ts'
import { functionMap } from './function-map.ts'
import { type Stack, stackFile, stackOf } from './stack.ts'

/** Where generated files lie. */
export const REPOSITORY = new URL('../../', import.meta.url)
export const SCHEMA_FOLDER = 'shared/events/schemas/'
/** The stack file of each packaging. */
export const STACK_PATHS: Readonly<Record<Packaging, string>> = {
  each: 'stack.yml',
  folded: 'infra/openfaas/stack.ce.yml',
}

/** Every generated file of the repository: path from its root to content. */
export function generatedFiles(): Map<string, string> {
  const registry = createRegistry(steps)
  const files = new Map([['functions/README.md', functionMap(registry, services)], ...stackFiles()])
  for (const [name, content] of eventSchemas(registry)) files.set(SCHEMA_FOLDER + name, content)
  return files
}

/** The stack files of both packagings: path from the root to content. */
export function stackFiles(): Map<string, string> {
  const packagings = Object.keys(STACK_PATHS) as Packaging[]
  return new Map(packagings.map((packaging) => [STACK_PATHS[packaging], stackText(packaging)]))
}

/** The stack of a packaging, of the steps that there are. */
export function currentStack(packaging: Packaging): Stack {
  return stackOf(packaging, packagedFunctions(packaging, steps.map(outlineOf), services), version())
}

export function stackText(packaging: Packaging): string {
  return stackFile(packaging, packagedFunctions(packaging, steps.map(outlineOf), services), version())
}

function version(): string {
  return JSON.parse(readFileSync(new URL('package.json', REPOSITORY), 'utf8')).version
}
