import { addDays, msToSession, sessionToMs } from '../../../shared/domain/market/session.ts'
import { BarsRetired, retirementParams } from '../../../shared/events/ingestion.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Deletes bars older than the hot days from PostgreSQL, each dataset only when the cold store verifiably holds every one of them. */
export default step({
  name: 'ingestion-retire-bars',
  on: clock({
    schedule: '0 4 * * *',
    workflow: 'retention',
    calendar: '24/7',
    slot: lastCompletedSession,
    catchUp: 'latest',
    params: retirementParams,
  }),
  emits: [BarsRetired],
  uses: ['settings', 'clock', 'barStore', 'coldCheck'],
  timeoutMs: 600_000,

  async run({ params }, { settings, clock, barStore, coldCheck }) {
    const days = params.hotDays ?? settings.hotDays
    const before = sessionToMs(addDays(msToSession(clock.now()), -days))
    const verified = []
    const kept: string[] = []
    for (const dataset of await barStore.datasets()) {
      const name = `${dataset.source}/${dataset.asset}/${dataset.interval}`
      const difference = await coldCheck.firstDifference(dataset, before)
      if (difference === undefined) verified.push(dataset)
      else kept.push(`${name}: ${difference}`)
    }
    let rows = 0
    for (const dataset of verified) rows += await barStore.retire(dataset, before)
    return [BarsRetired.of({ before: msToSession(before), rows, kept })]
  },
})
