import { isSession, sessionToMs } from '../../domain/market/session.ts'
import { zoneOffset } from '../../domain/market/zone-offset.ts'

const STAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/

/** A date `YYYY-MM-DD` as the `at` of its daily bar; undefined when it is not one. */
export function dateToMs(text: string): number | undefined {
  return isSession(text) ? sessionToMs(text) : undefined
}

/** What a timestamp turned out to be. */
export type ReadTime = { readonly ms: number } | { readonly problem: string }

/**
 * Reads ISO timestamps: `2025-01-06T14:30:00Z`, `2025-01-06 09:30:00-05:00`, or without a zone when one is declared (a local
 * time that a change to daylight saving time skips is refused; one that happens twice is the first).
 */
export function timeReader(zone: string | undefined): (text: string) => ReadTime {
  const offsets = new Map<string, number | undefined>() // local hour -> offset
  const offsetAt = zone === undefined ? undefined : zoneOffset(zone)

  return (text) => {
    const match = STAMP.exec(text)
    if (!match || !isSession(match[1]))
      return { problem: 'is not a time, expected ISO 8601 such as 2025-01-06T14:30:00Z' }
    const [, date, hour, minute, second = '0', fraction = '', offset] = match
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return { problem: 'is not a time of day' }
    const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
    const local = sessionToMs(date) + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + milliseconds
    if (offset !== undefined) return { ms: local - offsetMs(offset) }
    if (!offsetAt) return { problem: 'names no time zone and dataset.yaml declares no "timezone"' }

    // Zones change their offset at full hours, or halves, of local time.
    const key = `${date} ${hour}${Number(minute) < 30 ? '' : '+'}`
    if (!offsets.has(key)) offsets.set(key, localOffset(local, offsetAt))
    const known = offsets.get(key)
    return known === undefined
      ? { problem: `does not exist in ${zone}: clocks were put forward` }
      : { ms: local - known }
  }
}

function offsetMs(text: string): number {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return (text.startsWith('-') ? -minutes : minutes) * 60_000
}

/** The offset under which a wall-clock time reads back as itself: the earlier instant when two do, undefined when none does. */
function localOffset(local: number, offsetAt: (ms: number) => number): number | undefined {
  const candidates = [offsetAt(local - 86_400_000), offsetAt(local + 86_400_000)]
  const valid = candidates.filter((offset) => offsetAt(local - offset) === offset)
  return valid.length === 0 ? undefined : Math.max(...valid)
}
