import { countReasons, judgeBatch } from '../../../shared/domain/ingestion/judge-batch.ts'
import { windowBounds, windowDays } from '../../../shared/domain/ingestion/windows.ts'
import { BarsFetched, BarsRejected, BarsValidated } from '../../../shared/events/ingestion.ts'
import type { BarBatches, CorporateActions, Quarantine } from '../../../shared/ports/ingestion-stores.ts'
import type { WindowQualities } from '../../../shared/ports/window-qualities.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

interface Ports {
  readonly barBatches: BarBatches
  readonly corporateActions: CorporateActions
  readonly windowQualities: WindowQualities
  readonly quarantine: Quarantine
}

/** Keeps the bars that pass every check. Bad ones go to quarantine as they came, never repaired; a symbol that fails is left out. */
export default step({
  name: 'ingestion-validate-bars',
  on: BarsFetched,
  emits: [BarsValidated, BarsRejected],
  timeoutMs: 120_000,
  resources: { cpu: '200m', memory: '256Mi' },

  async run({ window, source, symbols, benchmark, batch, missing }, ports: Ports, { run }) {
    const fetched = await ports.barBatches.read(batch.key)
    const actions = await ports.corporateActions.read(symbols, source, windowDays(window).to)
    const judged = judgeBatch(fetched, symbols.map(resolveInstrument), actions, missing, windowBounds(window))

    const folder = `work/${run}/${window.id}`
    const quality = `${folder}/quality.json`
    const validated = await ports.barBatches.write(`${folder}/validated`, judged.good)
    await ports.windowQualities.write(quality, judged.judgements)
    await ports.quarantine.put(run, judged.bad)

    const facts = [BarsValidated.of({ window, source, benchmark, batch: validated, quality })]
    const rows = judged.bad.length
    return rows === 0 ? facts : [...facts, BarsRejected.of({ window, rows, reasons: countReasons(judged.bad) })]
  },
})
