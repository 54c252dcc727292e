import { staleReasons } from '../../../shared/domain/ingestion/run-freshness.ts'
import { judgeRun } from '../../../shared/domain/ingestion/run-quality.ts'
import { windowBounds, windowDays } from '../../../shared/domain/ingestion/windows.ts'
import { instant } from '../../../shared/domain/market/session.ts'
import { BarsArchived, BarsStored, QualityChecked, QualityFailed } from '../../../shared/events/ingestion.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { join, step } from '../../../shared/runtime/step.ts'

const SIX_HOURS_MS = 6 * 3_600_000

/** Joins both stores over all windows and judges the run: too few good bars, or no benchmark, and the chain stops with the reason. */
export default step({
  name: 'ingestion-check-quality',
  on: join('windows', [BarsStored, BarsArchived], { deadlineMs: SIX_HOURS_MS }),
  emits: [QualityChecked, QualityFailed],
  uses: ['clock', 'windowQualities', 'qualityReports'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run({ parts, failed }, ports, { run }) {
    const windows = []
    for (const { part, events } of parts) {
      const stored = events[BarsStored.subject]
      const archived = events[BarsArchived.subject]
      const judgements = await ports.windowQualities.read(stored.quality)
      windows.push({ id: part, judgements, rowsStored: stored.rows, rowsArchived: archived.rows, ...stored })
    }
    const judgements = windows.flatMap((window) => window.judgements)
    const instruments = [...new Set(judgements.map(({ symbol }) => symbol))].map(resolveInstrument)
    const [first] = windows
    const to = instant(Math.max(0, ...windows.map(({ window }) => windowBounds(window).to)))
    const stale = first
      ? staleReasons(instruments, judgements, { interval: first.window.interval, to }, ports.clock.now())
      : []
    const benchmark = windows.find((window) => window.benchmark !== undefined)?.benchmark
    const quality = judgeRun(windows, failed, benchmark, stale)
    const { verdict, score, expected, good, leftOut } = quality
    const judged = { score, expected, good, leftOut: leftOut.slice(0, 20), leftOutCount: leftOut.length }
    const reasons = quality.reasons.slice(0, 20).map((reason) => reason.slice(0, 300))
    if (first) {
      const { interval } = first.window
      const days = windows.map(({ window }) => windowDays(window))
      const from = days.map((range) => range.from).sort()[0]
      const through = days.map((range) => range.to).sort()[days.length - 1]
      await ports.qualityReports.put({ run, interval, from, to: through, source: first.source, ...quality })
    }
    if (verdict === 'FAIL') return [QualityFailed.of({ ...judged, reasons })]
    return [QualityChecked.of({ ...judged, verdict, reasons })]
  },
})
