import { countReasons, judgeBatch } from '../../../shared/domain/ingestion/judge-batch.ts'
import { windowBounds, windowDays } from '../../../shared/domain/ingestion/windows.ts'
import { BarsFetched, BarsRejected, BarsValidated } from '../../../shared/events/ingestion.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Keeps the bars that pass every check. Bad ones go to quarantine as they came, never repaired; a symbol that fails is left out. */
export default step({
  name: 'ingestion-validate-bars',
  on: BarsFetched,
  emits: [BarsValidated, BarsRejected],
  uses: ['barBatches', 'corporateActions', 'quarantine', 'windowQualities'],
  timeoutMs: 120_000,
  resources: { cpu: '200m', memory: '256Mi' },

  async run({ window, source, symbols, benchmark, batch, missing }, ports, { run }) {
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
