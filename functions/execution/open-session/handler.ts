import { settlementRange } from '../../../shared/domain/execution/settlement-range.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { executionParams, SettlementOpened } from '../../../shared/events/execution.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Opens settlement: the session that has just closed, with a few before it for what became known late, or the range a person asks for. */
export default step({
  name: 'execution-open-session',
  on: clock({
    schedule: '0 7 * * *',
    workflow: 'execution',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'range',
    params: executionParams,
  }),
  emits: [SettlementOpened],
  uses: ['settings', 'clock', 'ledger'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run({ slot, params }, { settings, clock, ledger }) {
    const completed = tradingCalendar('XNYS').lastCompleted(clock.now())
    const asked = { from: params.from && session(params.from), to: params.to && session(params.to) }
    const range = settlementRange(asked, slot && { from: session(slot.from), to: session(slot.to) }, completed)
    if (typeof range === 'string') throw new InputError(range)
    const owner = await ledger.source()
    const source = params.source ?? owner ?? sourceOf(settings.provider)
    if (owner !== undefined && owner !== source) {
      throw new InputError(`Settlement in prices of "${source}": the book is kept in prices of "${owner}"`)
    }
    return [SettlementOpened.of({ ...range, source })]
  },
})
