import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, type Instant, instant, type Session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import {
  type ClockPosition,
  dueSlot,
  lastCompletedSession,
  latestTick,
  nextTick,
  scheduledMinute,
} from '../../../shared/runtime/clocks.ts'

const at = (text: string) => instant(new Date(text))
const nyse = tradingCalendar('XNYS')
const daily = { schedule: '0 6 * * *', slot: lastCompletedSession, catchUp: 'range' as const }
const latestOnly = { ...daily, catchUp: 'latest' as const }
const poll = { schedule: '*/5 * * * *', slot: scheduledMinute, catchUp: 'range' as const }

/** Ticks a clock at these instants, in this order, and answers what it opened. */
function ticks(trigger: Parameters<typeof dueSlot>[0], instants: readonly Instant[], start?: ClockPosition) {
  let position = start
  const opened: { key: string; from: string; to: string }[] = []
  for (const now of instants) {
    const due = dueSlot(trigger, nyse, position, now)
    if (!due) continue
    opened.push(due.slot)
    position = due.position
  }
  return { opened, position }
}

describe('the schedule', () => {
  it('has its latest time at or before now, its next after', () => {
    expect(latestTick('0 6 * * *', at('2024-01-05T06:00:00Z'))).toBe(at('2024-01-05T06:00:00Z'))
    expect(latestTick('0 6 * * *', at('2024-01-05T05:59:59.999Z'))).toBe(at('2024-01-04T06:00:00Z'))
    expect(nextTick('0 6 * * *', at('2024-01-05T06:00:00Z'))).toBe(at('2024-01-06T06:00:00Z'))
  })

  it('that never comes is refused with its text', () => {
    expect(() => nextTick('0 0 30 2 *', at('2024-01-05T06:00:00Z'))).toThrow(/"0 0 30 2 \*" never comes again/)
  })
})

describe('a clock on the exchange calendar', () => {
  it('opens only the last completed session on its first start', () => {
    const { opened, position } = ticks(daily, [at('2024-01-10T07:30:00Z')])

    expect(opened).toEqual([{ key: '2024-01-09', from: '2024-01-09', to: '2024-01-09' }])
    expect(position).toEqual({ tick: at('2024-01-10T06:00:00Z'), slot: '2024-01-09' })
  })

  it('opens nothing new at the weekend', () => {
    const { opened } = ticks(daily, [
      at('2024-01-05T06:00:00Z'), // Friday morning: Thursday
      at('2024-01-06T06:00:00Z'), // Saturday: Friday
      at('2024-01-07T06:00:00Z'), // Sunday: Friday again
      at('2024-01-08T06:00:00Z'), // Monday: Friday again
      at('2024-01-09T06:00:00Z'),
    ])

    expect(opened.map((slot) => slot.key)).toEqual(['2024-01-04', '2024-01-05', '2024-01-08'])
  })

  it.each([
    ['New Year', '2024-01-02', '2023-12-29'],
    ['Good Friday', '2024-03-30', '2024-03-28'],
    ['Christmas', '2024-12-26', '2024-12-24'],
    ['a day of mourning', '2025-01-10', '2025-01-08'],
  ])('opens the session before %s the morning after', (_, morning, session) => {
    expect(ticks(daily, [at(`${morning}T06:00:00Z`)]).opened).toEqual([{ key: session, from: session, to: session }])
  })

  it('catches up an outage as one range, or only the latest, as it is told', () => {
    const before = { tick: at('2024-01-05T06:00:00Z'), slot: '2024-01-04' }
    const back = [at('2024-01-12T15:00:00Z')]

    expect(ticks(daily, back, before).opened).toEqual([
      { key: '2024-01-05..2024-01-11', from: '2024-01-05', to: '2024-01-11' },
    ])
    expect(ticks(latestOnly, back, before).opened).toEqual([
      { key: '2024-01-11', from: '2024-01-11', to: '2024-01-11' },
    ])
  })

  it('opens no range for a single missed session', () => {
    const before = { tick: at('2024-01-05T06:00:00Z'), slot: '2024-01-04' }

    expect(ticks(daily, [at('2024-01-08T05:00:00Z')], before).opened.map((slot) => slot.key)).toEqual(['2024-01-05'])
  })

  it('forgets nothing when a rule has no slot for some ticks', () => {
    const evens = {
      schedule: '* * * * *',
      catchUp: 'range' as const,
      slot: (tick: Instant) => {
        const minute = new Date(tick).getUTCMinutes()
        return minute % 2 === 0 ? { key: `m${minute}`, from: `${minute}`, to: `${minute}` } : undefined
      },
    }
    const before = { tick: at('2024-01-05T06:00:00Z'), slot: 'm0' }

    expect(ticks(evens, [at('2024-01-05T06:01:30Z'), at('2024-01-05T06:07:10Z')], before).opened).toEqual([
      { key: 'm2..m6', from: '2', to: '6' },
    ])
  })
})

describe('a poll', () => {
  it('catches up as a range of minutes', () => {
    const before = { tick: at('2024-01-05T15:00:00Z'), slot: '2024-01-05T15:00Z' }

    expect(ticks(poll, [at('2024-01-05T15:17:03Z')], before).opened).toEqual([
      { key: '2024-01-05T15:05Z..2024-01-05T15:15Z', from: '2024-01-05T15:05Z', to: '2024-01-05T15:15Z' },
    ])
  })
})

describe('ticks that are late, early, doubled or missing', () => {
  const start = at('2023-01-01T00:00:00Z')
  /** Steps between ticks: seconds to weeks, sometimes nothing, sometimes backwards. */
  const walk = fc.array(
    fc.oneof(fc.integer({ min: -DAY_MS, max: 10 * DAY_MS }), fc.constant(0), fc.integer({ min: 1, max: 3_600_000 })),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  const instantsOf = (steps: readonly number[]) => {
    let now: number = start
    return steps.map((step) => {
      now = Math.max(start, now + step)
      return instant(now)
    })
  }

  it('open every session between the first and the last tick once and in order, with catch-up as a range', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const instants = instantsOf(steps)
        const { opened } = ticks(daily, instants)
        const covered = opened.flatMap(({ from, to }) => nyse.sessions(from as Session, to as Session))
        const first = nyse.lastCompleted(latestTick(daily.schedule, instants[0]))
        const last = nyse.lastCompleted(latestTick(daily.schedule, instant(Math.max(...instants))))

        expect(covered).toEqual(nyse.sessions(first, last))
      }),
    )
  })

  it('open slots that only go forward and are always the latest, with catch-up of the latest', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        let position: ClockPosition | undefined
        let newest = ''
        for (const now of instantsOf(steps)) {
          const due = dueSlot(latestOnly, nyse, position, now)
          if (!due) continue
          expect(due.slot.key > newest).toBe(true)
          expect(due.slot.key).toBe(nyse.lastCompleted(latestTick(daily.schedule, now)))
          newest = due.slot.key
          position = due.position
        }
      }),
    )
  })

  it('open nothing the second time, however they are shuffled', () => {
    fc.assert(
      fc.property(
        walk.chain((steps) => {
          const instants = instantsOf(steps)
          return fc.tuple(fc.constant(instants), fc.shuffledSubarray(instants))
        }),
        ([instants, again]) => {
          const { position } = ticks(daily, instants)

          expect(ticks(daily, again, position).opened).toEqual([])
        },
      ),
    )
  })

  it('open the same slot however late within their period', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: DAY_MS - 1 }), (day, lateMs) => {
        const tick = start + day * DAY_MS + 6 * 3_600_000
        const punctual = dueSlot(daily, nyse, undefined, instant(tick))

        expect(dueSlot(daily, nyse, undefined, instant(tick + lateMs))).toEqual(punctual)
      }),
    )
  })
})
