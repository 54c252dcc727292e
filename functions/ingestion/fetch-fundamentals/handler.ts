import { session } from '../../../shared/domain/market/session.ts'
import { FundamentalsFetched, SessionOpened } from '../../../shared/events/ingestion.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Fetches the companies' ratios. They are context: a provider that is away leaves them out and says so, prices do not wait. */
export default step({
  name: 'ingestion-fetch-fundamentals',
  on: SessionOpened,
  emits: [FundamentalsFetched],
  uses: ['providers', 'payloads', 'fundamentals'],
  timeoutMs: 300_000,

  async run({ to, provider: spec, symbols }, ports, { run }) {
    const provider = await ports.providers.get(spec)
    const instruments = symbols.map(resolveInstrument).filter(({ asset }) => asset === 'equity')
    const request = { instruments, asOf: session(to) }
    const fetched = await provider.fetchFundamentals(request, ports.payloads.forRun(run)).catch((error) => {
      if (error instanceof UnavailableError) return error
      throw error
    })
    if (fetched instanceof UnavailableError) {
      return [FundamentalsFetched.of({ symbols: 0, missing: instruments.length, reason: fetched.message })]
    }
    // Outside the catch: a database that is away is waited for.
    await ports.fundamentals.put(provider.name, fetched.fundamentals)
    return [FundamentalsFetched.of({ symbols: fetched.fundamentals.length, missing: fetched.missing.length })]
  },
})
