import { z } from 'zod'
import { providerSpec } from '../../../shared/events/provider.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { operation } from './operation.ts'

export interface DataRange {
  readonly first: string
  readonly last: string
  readonly symbols: readonly string[]
}

/** What a provider's data spans, when it is finite: a dataset of files. The owner keeps what it reads for the run that follows. */
export const dataRange = operation(
  z.strictObject({ provider: providerSpec.optional() }),
  async ({ provider }, house): Promise<DataRange | null> => {
    const spec = provider ?? house.settings.provider
    const found = await house.parts.ports.providers.get(spec)
    if (!hasRange(found)) return null
    const range = await found.fileRange()
    if (!range) throw new InputError(`${spec.data ?? spec.name} holds no bar`)
    return range
  },
)

interface Ranged {
  fileRange(): Promise<DataRange | undefined>
}

function hasRange(provider: object): provider is Ranged {
  return 'fileRange' in provider && typeof provider.fileRange === 'function'
}
