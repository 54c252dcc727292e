import { msToSession, type Session } from '../../domain/market/session.ts'
import { zoneOffset } from '../../domain/market/zone-offset.ts'

const offsets = new Map<string, (at: number) => number>()

/** The calendar date of an instant in a time zone. */
export function exchangeDate(at: number, zone: string): Session {
  const offset = offsets.get(zone) ?? zoneOffset(zone)
  offsets.set(zone, offset)
  return msToSession(at + offset(at))
}
