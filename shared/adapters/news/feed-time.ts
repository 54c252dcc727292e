import { instantFromText } from '../../domain/market/instant-text.ts'
import { type Instant, instant } from '../../domain/market/session.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Offsets in hours of the zones that RFC 822 names. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ gmt: 0, ut: 0, utc: 0, z: 0 },
  ...{ est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 },
}
const RFC_822 =
  /^(?:[a-z]{3,9},?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4}|\d{2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+([+-]\d{4}|[a-z]{1,3})$/i

/**
 * The time of an item of a feed: RFC 822 as RSS has it (`Fri, 20 Nov 2026 16:05:00 -0500`), or ISO 8601 as Atom does. Undefined when it is
 * neither, or says no zone: an article whose time is a guess could be one from after the decision.
 * @see RFC 822 §5 with RFC 1123 §5.2.14 (years of four digits).
 */
export function feedTime(text: string): Instant | undefined {
  const trimmed = text.trim()
  const match = RFC_822.exec(trimmed)
  if (!match) return isoTime(trimmed)
  const [, day, monthName, year, hour, minute, second = '0', zone] = match
  const month = MONTHS.indexOf(monthName.toLowerCase())
  const offset = offsetMinutes(zone.toLowerCase())
  const fullYear = year.length === 2 ? 2000 + Number(year) : Number(year)
  if (month < 0 || offset === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined
  const at = Date.UTC(fullYear, month, Number(day), Number(hour), Number(minute), Number(second))
  return new Date(at).getUTCDate() === Number(day) ? instant(at - offset * 60_000) : undefined
}

function isoTime(text: string): Instant | undefined {
  // A bare date is no time.
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  try {
    return instantFromText(text)
  } catch {
    return undefined
  }
}

function offsetMinutes(zone: string): number | undefined {
  if (/^[+-]/.test(zone)) {
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))
    return zone.startsWith('-') ? -minutes : minutes
  }
  return Object.hasOwn(ZONES, zone) ? ZONES[zone] * 60 : undefined
}
