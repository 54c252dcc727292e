import { createHash } from 'node:crypto'
import { InputError } from '../../shared/ports/errors.ts'
import { schemaChanges } from './schema-changes.ts'

/** Incompatible schemas that somebody took on: by subject, the SHA-256 of the file as it then was, or `removed`. */
export type AcceptedSchemas = Readonly<Record<string, string>>

/** A schema whose change its readers cannot know of. */
export interface SchemaRefusal {
  readonly subject: string
  /** What accepting it writes down. */
  readonly accepts: string
  readonly sentence: string
}

/** Schema files by name (`<subject>.json`). */
export type SchemaFiles = ReadonlyMap<string, string>

/** The schemas that changed in a way that readers of their events cannot know of, but for those accepted as they are. */
export function schemaRefusals(
  before: SchemaFiles,
  after: SchemaFiles,
  accepted: AcceptedSchemas = {},
): SchemaRefusal[] {
  return [...before].flatMap(([name, text]) => {
    const subject = name.replace(/\.json$/, '')
    const now = after.get(name)
    const refusal = now === undefined ? gone(subject) : changed(subject, name, text, now)
    return refusal && accepted[subject] !== refusal.accepts ? [refusal] : []
  })
}

function gone(subject: string): SchemaRefusal {
  const sentence = `${subject} is gone, but events of it are in trails and readers may wait for it; keep the word while there are any`
  return { subject, accepts: 'removed', sentence }
}

function changed(subject: string, name: string, before: string, after: string): SchemaRefusal | undefined {
  const breaking = schemaChanges(parse(name, before), parse(name, after)).filter(({ compatible }) => !compatible)
  if (breaking.length === 0) return undefined
  const told = breaking.map(({ path, change }) => `${path} ${change}`).join('; ')
  return {
    subject,
    accepts: createHash('sha256').update(after).digest('hex'),
    sentence: `${subject} changed in a way that readers of ${subject} cannot know of: ${told}; give it a new subject ${nextSubject(subject)}`,
  }
}

/** `a.b.c` is followed by `a.b.c.v2`, and that by `a.b.c.v3`. */
function nextSubject(subject: string): string {
  const version = /\.v(\d+)$/.exec(subject)
  return version ? subject.replace(/\d+$/, String(Number(version[1]) + 1)) : `${subject}.v2`
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InputError(`${name} is not JSON: ${(cause as Error).message}`, { cause })
  }
}
