import { z } from 'zod'
import type { Registry } from '../../shared/runtime/registry.ts'

/** A JSON Schema (2020-12) of every event's data, by file name. */
export function eventSchemas<P>(registry: Registry<P>): Map<string, string> {
  const files = new Map<string, string>()
  for (const { subject, schema } of registry.events) {
    const json = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'output' })
    files.set(`${subject}.json`, `${JSON.stringify({ $id: subject, ...json }, null, 2)}\n`)
  }
  return files
}
