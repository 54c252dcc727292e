import { DAY_MS, msToSession, type Session } from '../../domain/market/session.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** The calendar date of an instant in a time zone. */
export function exchangeDate(at: number, zone: string): Session {
  return msToSession(at + offsetOf(at, zone))
}

/** How far a zone's clocks are ahead of UTC at an instant, in ms. */
function offsetOf(at: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value)
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute)
  const minute = Math.floor(at / 60_000) * 60_000
  const offset = wall - minute
  return Math.abs(offset) < DAY_MS ? offset : 0
}
