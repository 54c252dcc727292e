import { countBars } from '../../../shared/domain/market/bar.ts'
import { BarsArchived, BarsValidated } from '../../../shared/events/ingestion.ts'
import type { Partition } from '../../../shared/ports/bar-store.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Writes the good bars to day partitions in Parquet, the cold store; what the catalogue then says of them is what readers trust. */
export default step({
  name: 'ingestion-archive-bars',
  on: BarsValidated,
  emits: [BarsArchived],
  uses: ['barBatches', 'barArchive', 'catalogue'],
  // One writer a partition at a time.
  serialBy: ['source', 'window.interval'],
  timeoutMs: 300_000,
  resources: { cpu: '300m', memory: '384Mi' },

  async run({ window, source, benchmark, batch, quality }, ports) {
    const batches = await ports.barBatches.read(batch.key)
    const merged: { dataset: (typeof batches)[number]['dataset']; partitions: Partition[] }[] = []
    for (const { dataset, series } of batches) {
      merged.push({ dataset, partitions: await ports.barArchive.merge(dataset, series) })
    }
    for (const { dataset, partitions } of merged) await ports.catalogue.record(dataset, partitions)

    const rows = countBars(batches.flatMap(({ series }) => series))
    const partitions = merged.reduce((sum, one) => sum + one.partitions.length, 0)
    return [BarsArchived.of({ window, source, benchmark, quality, rows, partitions })]
  },
})
