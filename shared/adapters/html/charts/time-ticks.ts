import { DAY_MS } from '../../../domain/market/session.ts'

export interface TimeTick {
  readonly at: number // UTC ms
  readonly label: string
}

const HOUR_MS = 3_600_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4 * DAY_MS

type Unit = { readonly unit: 'month' | 'ms'; readonly length: number }

const UNITS: readonly Unit[] = [
  ...[1, 2, 3, 6, 12].map((hours): Unit => ({ unit: 'ms', length: hours * HOUR_MS })),
  ...[1, 2, 7, 14].map((days): Unit => ({ unit: 'ms', length: days * DAY_MS })),
  ...[1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000].map(
    (months): Unit => ({ unit: 'month', length: months }),
  ),
]
const MONTH_MS = 30.436875 * DAY_MS

/**
 * At most so many ticks (two or more) within a span of time (both ends inclusive), at round hours, midnights, Mondays, months or years, UTC.
 * A label says what changes (`14:00`, `3 Mar`, `Apr`); the year stands at January, and at the first tick where it is not clear.
 * Throws RangeError for a span that is reversed or not finite.
 */
export function timeTicks(from: number, to: number, atMost: number): TimeTick[] {
  if (!Number.isFinite(from) || !Number.isFinite(to) || from > to) {
    throw new RangeError(`Time ticks need a finite span, found ${from} to ${to}`)
  }
  const unit = UNITS.find((unit) => places(from, to, unit, atMost).length <= atMost) ?? UNITS[UNITS.length - 1]
  const found = places(from, to, unit, atMost)
  const saysYear = found.some((at) => new Date(at).getUTCMonth() === 0 && unit.unit === 'month')
  return found.map((at, i) => ({ at, label: labelOf(at, unit, i === 0, i === 0 && !saysYear) }))
}

/** The places of a unit in a span; a few more than asked for tell that the unit is too short. */
function places(from: number, to: number, { unit, length }: Unit, atMost: number): number[] {
  const width = unit === 'ms' ? length : length * MONTH_MS
  if ((to - from) / width > atMost + 2) return new Array(atMost + 1).fill(from)
  const found: number[] = []
  if (unit === 'ms') {
    const origin = length >= 7 * DAY_MS ? FIRST_MONDAY : 0
    for (let at = Math.ceil((from - origin) / length) * length + origin; at <= to; at += length) found.push(at)
    return found
  }
  const start = new Date(from)
  for (
    let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / length) * length;
    ;
    month += length
  ) {
    const at = Date.UTC(Math.floor(month / 12), month % 12)
    if (at > to) return found
    if (at >= from) found.push(at)
  }
}

function labelOf(at: number, { unit, length }: Unit, first: boolean, withYear: boolean): string {
  const date = new Date(at)
  const month = MONTHS[date.getUTCMonth()]
  if (unit === 'month') {
    if (date.getUTCMonth() === 0) return String(date.getUTCFullYear())
    return withYear ? `${month} ${date.getUTCFullYear()}` : month
  }
  const day = `${date.getUTCDate()} ${month}`
  if (length >= DAY_MS) return withYear ? `${day} ${date.getUTCFullYear()}` : day
  if (at % DAY_MS === 0) return day
  const time = `${String(date.getUTCHours()).padStart(2, '0')}:00`
  return first ? `${day} ${time}` : time
}
