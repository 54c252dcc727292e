import { isWorthPolling, planPoll } from '../../../shared/domain/ingestion/plan-poll.ts'
import { ingestionParams, WindowOpened } from '../../../shared/events/ingestion.ts'
import type { Clock } from '../../../shared/ports/clock.ts'
import { scheduledMinute } from '../../../shared/runtime/clocks.ts'
import type { Settings } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Polls bars of one five minutes while a market is open, when the settings ask for them; a missed poll is caught up by the next. */
export default step({
  name: 'ingestion-open-poll-5m',
  on: clock({
    schedule: '*/5 * * * *',
    workflow: 'ingestion-5m',
    calendar: '24/7',
    slot: scheduledMinute,
    catchUp: 'range',
    params: ingestionParams.pick({ symbols: true, provider: true }),
    enabled: ({ settings, clock }: { settings: Settings; clock: Clock }) =>
      settings.intraday.includes('5m') && isWorthPolling(settings.instruments, clock.now()),
  }),
  emits: [WindowOpened],
  uses: ['settings', 'clock'],
  resources: { cpu: '100m', memory: '128Mi' },

  run({ slot, params }, { settings }) {
    const provider = params.provider ?? settings.provider
    return planPoll(settings.instruments, '5m', slot).map(({ window, symbols }) =>
      WindowOpened.of({ window, provider, symbols: params.symbols ?? symbols }, { join: 'windows', part: window.id }),
    )
  },
})
