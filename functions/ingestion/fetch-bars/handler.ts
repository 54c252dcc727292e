import { groupByAsset } from '../../../shared/domain/ingestion/group-by-asset.ts'
import { contextFrom, windowBounds, windowDays } from '../../../shared/domain/ingestion/windows.ts'
import { QUALITY_CONTEXT_ROWS } from '../../../shared/domain/market/quality.ts'
import { sessionToMs } from '../../../shared/domain/market/session.ts'
import { ActionsFetched, BarsFetched } from '../../../shared/events/ingestion.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Fetches the bars of a window, with enough before it to judge its first ones. A symbol that fails is reported, not waited for. */
export default step({
  name: 'ingestion-fetch-bars',
  on: ActionsFetched,
  emits: [BarsFetched],
  uses: ['providers', 'payloads', 'barBatches', 'payloadLedger'],
  timeoutMs: 300_000,
  resources: { cpu: '500m', memory: '512Mi' },

  async run({ window, provider: spec, symbols, benchmark }, ports, { run }) {
    const provider = await ports.providers.get(spec)
    const instruments = symbols.map(resolveInstrument)
    const recorder = ports.payloads.forRun(run)
    const { interval } = window
    const days = windowDays(window)
    const from = contextFrom(days.from, QUALITY_CONTEXT_ROWS, interval)
    const fetched =
      interval === '1d'
        ? await provider.fetchEod({ instruments, from, to: days.to }, recorder)
        : await provider.fetchIntraday(
            { instruments, interval, from: sessionToMs(from), to: windowBounds(window).to },
            recorder,
          )
    const batch = await ports.barBatches.write(
      `work/${run}/${window.id}/fetched`,
      groupByAsset(provider.name, interval, instruments, fetched.series),
    )
    await ports.payloadLedger.record(run, fetched.provenance, fetched.missing)
    const missing = fetched.missing.slice(0, 20).map(({ symbol, reason }) => ({ symbol, reason: reason.slice(0, 200) }))
    const missingCount = fetched.missing.length
    return [
      BarsFetched.of({
        window,
        provider: spec,
        symbols,
        benchmark,
        source: provider.name,
        batch,
        missing,
        missingCount,
      }),
    ]
  },
})
