import { type Instant, isSession, sessionToMs } from './session.ts'

const ISO_INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?([Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/

/**
 * Reads an ISO 8601 instant that says its zone (`2024-01-02T14:30:00Z`, `2024-01-02T09:30-05:00`). A bare date is its
 * 00:00 UTC. A time of day without `Z` or an offset could be any of 24 and is refused: `Time "…" has no zone (expected
 * ISO 8601 with Z or an offset)`.
 */
export function instantFromText(text: string): Instant {
  if (isSession(text)) return sessionToMs(text)
  const match = ISO_INSTANT.exec(text)
  if (match && isSession(match[1])) {
    const [, date, hour, minute, second = '00', fraction = '', zone] = match
    const offset = zone.toUpperCase() === 'Z' ? 0 : offsetMinutes(zone)
    const milliseconds = Number(fraction.slice(1, 4).padEnd(3, '0'))
    const clock = (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second) * 1000
    return (sessionToMs(date as Parameters<typeof sessionToMs>[0]) + clock + milliseconds) as Instant
  }
  if (/^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/.test(text)) {
    throw new RangeError(`Time "${text}" has no zone (expected ISO 8601 with Z or an offset)`)
  }
  throw new RangeError(
    `Time "${text}" is not a time (expected ISO 8601 with Z or an offset, like 2024-01-02T14:30:00Z)`,
  )
}

function offsetMinutes(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return zone.startsWith('-') ? -minutes : minutes
}
