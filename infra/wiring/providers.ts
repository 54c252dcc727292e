import type { ProviderSpec } from '../../shared/events/provider.ts'
import type { DataProvider } from '../../shared/ports/data-provider.ts'
import { InputError } from '../../shared/ports/errors.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import type { Providers } from '../../shared/runtime/ports.ts'
import { oncePerProcess, type WiringParts } from './parts.ts'

/** One provider a spec: a file is parsed once, a rate limit is shared. Each is loaded when it is first asked for, and guarded. */
export const providers = oncePerProcess(({ database, notice, openProvider }: WiringParts): Providers => {
  const open = openProvider ?? ((spec) => providerNamed(spec, notice))
  const known = new Map<string, Promise<DataProvider>>()
  return {
    get(spec) {
      const key = JSON.stringify(Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1)))
      let provider = known.get(key)
      if (!provider) {
        provider = open(spec).then((opened) => guardPort(opened, spec.name, database))
        known.set(key, provider)
        // A file that was not there may be there the next time.
        provider.catch(() => known.delete(key))
      }
      return provider
    },
  }
})

async function providerNamed(spec: ProviderSpec, notice: (text: string) => void): Promise<DataProvider> {
  switch (spec.name) {
    case 'simulated': {
      const { simulatedProvider } = await import('../../shared/adapters/simulated/provider.ts')
      return simulatedProvider({ ...(spec.seed !== undefined && { seed: spec.seed }) })
    }
    case 'file': {
      const { data, basis, source, actions, actionsSource, dividends } = spec
      if (data === undefined) throw new InputError('The provider "file" needs to know where its data is (--data FILE)')
      const { fileProvider } = await import('../../shared/adapters/file/file-provider.ts')
      return fileProvider({ data, basis, source, actions, actionsSource, dividends, notice })
    }
    case 'yahoo': {
      const { yahooProvider } = await import('../../shared/adapters/yahoo/yahoo-provider.ts')
      return yahooProvider({ notice })
    }
  }
}
