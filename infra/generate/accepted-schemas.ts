import type { AcceptedSchemas, SchemaRefusal } from './schema-refusals.ts'

/** Remembers which incompatible schemas were taken on, so that review sees them and the tests let exactly these pass. */
export const ACCEPTED_FILE = 'infra/generate/accepted-schemas.json'

/** What the file says; nothing was accepted while there is none. */
export function parseAccepted(text: string | undefined): AcceptedSchemas {
  return text === undefined ? {} : JSON.parse(text)
}

/** The file once these are accepted too, by subject. */
export function acceptedText(accepted: AcceptedSchemas, refusals: readonly SchemaRefusal[]): string {
  const all = { ...accepted, ...Object.fromEntries(refusals.map(({ subject, accepts }) => [subject, accepts])) }
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify(sorted, null, 2)}\n`
}
