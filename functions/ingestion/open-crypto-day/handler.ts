import { planWindows } from '../../../shared/domain/ingestion/windows.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { ingestionParams, WindowOpened } from '../../../shared/events/ingestion.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Opens the UTC day of everything that trades around the clock. */
export default step({
  name: 'ingestion-open-crypto-day',
  on: clock({
    schedule: '30 0 * * *',
    workflow: 'ingestion-crypto',
    calendar: '24/7',
    slot: lastCompletedSession,
    catchUp: 'range',
    params: ingestionParams.pick({ from: true, to: true, provider: true }),
  }),
  emits: [WindowOpened],
  uses: ['settings', 'clock'],
  resources: { cpu: '100m', memory: '128Mi' },

  run({ slot, params }, { settings, clock }) {
    const calendar = tradingCalendar('24/7')
    const completed = calendar.lastCompleted(clock.now())
    const from = session(params.from ?? slot?.from ?? completed)
    const to = session(params.to ?? slot?.to ?? completed)
    if (from > to) throw new InputError(`Ingestion of coins from ${from} to ${to}: the range is empty`)
    if (from < calendar.first || to > calendar.last) {
      throw new InputError(`Ingestion from ${from} to ${to}: expected dates from ${calendar.first} to ${calendar.last}`)
    }
    const instruments = settings.instruments.filter(({ calendar }) => calendar === '24/7')
    const provider = params.provider ?? settings.provider
    return planWindows(instruments, from, to, '1d').map(({ id, symbols, ...range }) =>
      WindowOpened.of(
        { window: { id, interval: '1d', ...range }, provider, symbols: [...symbols] },
        { join: 'windows', part: id },
      ),
    )
  },
})
