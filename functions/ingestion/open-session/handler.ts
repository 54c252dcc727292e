import { planWindows } from '../../../shared/domain/ingestion/windows.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { ingestionParams, SessionOpened, WindowOpened } from '../../../shared/events/ingestion.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Opens ingestion: the session that has just closed, those missed, or the range a person asks for, cut into windows. */
export default step({
  name: 'ingestion-open-session',
  on: clock({
    schedule: '0 6 * * *',
    workflow: 'ingestion',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'range',
    params: ingestionParams,
  }),
  emits: [SessionOpened, WindowOpened],
  uses: ['settings', 'clock'],
  resources: { cpu: '100m', memory: '128Mi' },

  run({ slot, params }, { settings, clock }) {
    const calendar = tradingCalendar('XNYS')
    const completed = calendar.lastCompleted(clock.now())
    const from = session(params.from ?? slot?.from ?? completed)
    const to = session(params.to ?? slot?.to ?? completed)
    if (from > to) throw new InputError(`Ingestion from ${from} to ${to}: the range is empty`)
    if (from < calendar.first || to > calendar.last) {
      throw new InputError(`Ingestion from ${from} to ${to}: expected dates from ${calendar.first} to ${calendar.last}`)
    }
    const provider = params.provider ?? settings.provider
    const interval = params.interval ?? '1d'
    // The exchange's clock brings what trades there; coins have a clock of their own.
    const configured = slot ? settings.instruments.filter(({ calendar }) => calendar === 'XNYS') : settings.instruments
    const instruments = params.symbols?.map(resolveInstrument) ?? configured
    const symbols = instruments.map(({ symbol }) => symbol)
    const benchmark = symbols.includes(settings.benchmark) ? { benchmark: settings.benchmark } : {}

    const windows = planWindows(instruments, from, to, interval)
    if (windows.length === 0) throw new InputError(`Ingestion from ${from} to ${to}: no session in that range`)
    const opened = windows.map(({ id, symbols: some, ...range }) =>
      WindowOpened.of(
        { window: { id, interval, ...range }, provider, symbols: [...some], ...benchmark },
        { join: 'windows', part: id },
      ),
    )
    const current = interval === '1d' && to >= completed
    return current ? [SessionOpened.of({ from, to, provider, symbols }), ...opened] : opened
  },
})
