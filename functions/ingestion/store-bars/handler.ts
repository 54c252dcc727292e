import { BarsStored, BarsValidated } from '../../../shared/events/ingestion.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Writes the good bars to PostgreSQL, the hot store. A bar that differs from the one before goes on as its revision. */
export default step({
  name: 'ingestion-store-bars',
  on: BarsValidated,
  emits: [BarsStored],
  uses: ['barBatches', 'barStore'],
  timeoutMs: 300_000,
  resources: { cpu: '300m', memory: '384Mi' },

  async run({ window, source, benchmark, batch, quality }, ports) {
    const counts = { inserted: 0, replaced: 0, unchanged: 0 }
    for (const { dataset, series } of await ports.barBatches.read(batch.key)) {
      const stored = await ports.barStore.store(dataset, series)
      counts.inserted += stored.inserted
      counts.replaced += stored.replaced
      counts.unchanged += stored.unchanged
    }
    const rows = counts.inserted + counts.replaced + counts.unchanged
    return [BarsStored.of({ window, source, benchmark, quality, rows, ...counts })]
  },
})
