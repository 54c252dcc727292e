import { Cron } from 'croner'
import { dueRebalance } from '../domain/market/rebalance-session.ts'
import { type Instant, instant, msToSession } from '../domain/market/session.ts'
import type { TradingCalendar } from '../domain/market/trading-calendar.ts'
import type { ClockTrigger } from './step.ts'

/** What a tick falls due for. `from` and `to` are sessions or instants, both inclusive, as the rule says. */
export interface Slot {
  readonly key: string
  readonly from: string
  readonly to: string
}

/** From a scheduled tick to its slot; undefined when nothing is due then. Must depend on nothing but its arguments. */
export type SlotRule = (tick: Instant, calendar: TradingCalendar) => Slot | undefined

/** The last session that had closed by the tick. So Saturday's and Sunday's ticks are Friday's again and open nothing new. */
export const lastCompletedSession: SlotRule = (tick, calendar) => {
  const completed = calendar.lastCompleted(tick)
  return { key: completed, from: completed, to: completed }
}

/** The month's rebalance, once: on the first session on or after its first Monday, or on the next session when that was missed. */
export const monthlyRebalance: SlotRule = (tick, calendar) => {
  const { month, session } = dueRebalance(calendar.onOrAfter(msToSession(tick)), calendar)
  return { key: month, from: session, to: session }
}

/** The scheduled minute itself: a poll. */
export const scheduledMinute: SlotRule = (tick) => {
  const minute = `${new Date(tick).toISOString().slice(0, 16)}Z`
  return { key: minute, from: minute, to: minute }
}

/** How far a clock step has been opened. */
export interface ClockPosition {
  readonly tick: Instant
  readonly slot: string
}

export interface DueSlot {
  readonly slot: Slot
  readonly position: ClockPosition
}

/** An outage of a minute's clock longer than this many ticks is caught up from here on. */
const MOST_MISSED_TICKS = 20_000

/** The scheduled time at or before `now`. */
export function latestTick(schedule: string, now: Instant): Instant {
  const [tick] = new Cron(schedule, { timezone: 'UTC', paused: true }).previousRuns(1, new Date(now + 1))
  if (!tick) throw new RangeError(`Schedule "${schedule}" has no time before ${new Date(now).toISOString()}`)
  return instant(tick)
}

/** The next scheduled time after `now`. */
export function nextTick(schedule: string, now: Instant): Instant {
  const tick = new Cron(schedule, { timezone: 'UTC', paused: true }).nextRun(new Date(now))
  if (!tick) throw new RangeError(`Schedule "${schedule}" never comes again`)
  return instant(tick)
}

/**
 * What a clock step should open now, if anything. A late, early or doubled tick answers the same slot or none; missed slots are caught
 * up as one range, or only the latest, as the trigger says. With no position (a first start) only the latest slot is due.
 */
export function dueSlot(
  trigger: Pick<ClockTrigger<unknown>, 'schedule' | 'slot' | 'catchUp'>,
  calendar: TradingCalendar,
  last: ClockPosition | undefined,
  now: Instant,
): DueSlot | undefined {
  const latest = latestTick(trigger.schedule, now)
  if (last && last.tick >= latest) return undefined
  const ticks = last && trigger.catchUp === 'range' ? ticksBetween(trigger.schedule, last.tick, latest) : [latest]
  const slots: Slot[] = []
  for (const tick of ticks) {
    const slot = trigger.slot(tick, calendar)
    if (slot && slot.key !== (slots.at(-1)?.key ?? last?.slot)) slots.push(slot)
  }
  const [first] = slots
  const newest = slots.at(-1)
  if (!first || !newest) return undefined
  const slot = first === newest ? newest : { key: `${first.key}..${newest.key}`, from: first.from, to: newest.to }
  return { slot, position: { tick: latest, slot: newest.key } }
}

/** Scheduled times in (after, through]. */
function ticksBetween(schedule: string, after: Instant, through: Instant): Instant[] {
  const cron = new Cron(schedule, { timezone: 'UTC', paused: true })
  const ticks: Instant[] = []
  let at: Date | null = cron.nextRun(new Date(after))
  while (at && at.getTime() <= through) {
    ticks.push(instant(at))
    if (ticks.length > MOST_MISSED_TICKS) ticks.shift()
    at = cron.nextRun(at)
  }
  return ticks
}
