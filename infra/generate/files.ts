import { steps } from '../../functions/index.ts'
import { createRegistry } from '../../shared/runtime/registry.ts'
import { eventSchemas } from './event-schemas.ts'
import { functionMap } from './function-map.ts'

/** Every generated file of the repository: path from its root to content. */
export function generatedFiles(): Map<string, string> {
  const registry = createRegistry(steps)
  const files = new Map([['functions/README.md', functionMap(registry)]])
  for (const [name, content] of eventSchemas(registry)) files.set(`shared/events/schemas/${name}`, content)
  return files
}
