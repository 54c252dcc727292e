import { contextFrom, windowDays } from '../../../shared/domain/ingestion/windows.ts'
import { QUALITY_CONTEXT_ROWS } from '../../../shared/domain/market/quality.ts'
import { ActionsFetched, WindowOpened } from '../../../shared/events/ingestion.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Stores the splits and dividends of a window first, so that a split is not taken for a jump. */
export default step({
  name: 'ingestion-fetch-corporate-actions',
  on: WindowOpened,
  emits: [ActionsFetched],
  uses: ['providers', 'payloads', 'corporateActions'],
  timeoutMs: 300_000,
  resources: { cpu: '200m', memory: '256Mi' },

  async run(data, ports, { run }) {
    const { window, provider: spec } = data
    const provider = await ports.providers.get(spec)
    const equities = data.symbols.map(resolveInstrument).filter(({ asset }) => asset === 'equity')
    if (equities.length === 0) return [ActionsFetched.of({ ...data, actions: 0 })]

    const days = windowDays(window)
    const from = contextFrom(days.from, QUALITY_CONTEXT_ROWS, window.interval)
    const recorder = ports.payloads.forRun(run)
    const request = { instruments: equities, from, to: days.to }
    const splits = await provider.fetchSplits(request, recorder)
    const dividends = await provider.fetchDividends(request, recorder)
    const actions = [...splits.actions, ...dividends.actions]
    await ports.corporateActions.store(actions)
    return [ActionsFetched.of({ ...data, actions: actions.length })]
  },
})
