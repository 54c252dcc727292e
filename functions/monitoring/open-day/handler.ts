import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { DayOpened, monitoringParams } from '../../../shared/events/monitoring.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Opens monitoring: the session that has closed last, those missed, or the range a person asks for. */
export default step({
  name: 'monitoring-open-day',
  on: clock({
    schedule: '0 18 * * *',
    workflow: 'monitoring',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'range',
    params: monitoringParams,
  }),
  emits: [DayOpened],
  uses: ['settings', 'clock'],
  resources: { cpu: '100m', memory: '128Mi' },

  run({ slot, params }, { settings, clock }) {
    const calendar = tradingCalendar('XNYS')
    const completed = calendar.lastCompleted(clock.now())
    const to = session(params.to ?? slot?.to ?? completed)
    const from = session(params.from ?? slot?.from ?? to)
    const asked = `Monitoring from ${from} to ${to}`
    // The first session of all has none before it to compare with.
    if (from <= calendar.sessionAt(1) || to > completed) {
      const earliest = calendar.sessionAt(2)
      throw new InputError(`${asked}: expected sessions from ${earliest} to ${completed}, the last that has closed`)
    }
    if (calendar.count(from, to) === 0) throw new InputError(`${asked}: there is no session in that range`)
    const source = params.source ?? sourceOf(settings.provider)
    return [DayOpened.of({ from: calendar.onOrAfter(from), to: calendar.onOrBefore(to), source })]
  },
})
