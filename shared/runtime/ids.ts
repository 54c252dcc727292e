import { createHash } from 'node:crypto'

/**
 * 128 bits of sha256 over the parts, in URL-safe base64: short enough to type, wide enough never to collide. A hyphen in front becomes an
 * underscore, for a command line takes what begins with one for a flag.
 */
export function hashId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22).replace(/^-/, '_')
}

/** An event's id: the same whenever the same step says the same thing for the same cause in the same run. */
export function eventId(run: string, step: string, cause: string, subject: string, ordinal: number): string {
  return hashId(run, step, cause, subject, ordinal)
}

/** A run's id, readable: `ingestion:2024-01-05`, `ingestion:2024-01-05:r2` for the second revision. */
export function runId(workflow: string, key: string, revision: number): string {
  return revision === 1 ? `${workflow}:${key}` : `${workflow}:${key}:r${revision}`
}

/** Whether a key would make the id of one run look like that of another's revision. */
export function isRevisionKey(key: string): boolean {
  return /:r\d+$/.test(key)
}

/** Keys become parts of object names and file names: letters, digits and a few marks. */
export function safeKey(key: string): string {
  return key.replace(/[^A-Za-z0-9._=-]+/g, '_')
}
