import { join } from 'node:path'
import { fileProvider } from '../../shared/adapters/file/file-provider.ts'
import { folderObjectStore } from '../../shared/adapters/folder/object-store.ts'
import { barHistory } from '../../shared/adapters/history/bar-history.ts'
import { coldCheck } from '../../shared/adapters/history/cold-check.ts'
import { objectBarBatches } from '../../shared/adapters/objects/bar-batches.ts'
import { objectPayloadRecorder } from '../../shared/adapters/objects/payload-recorder.ts'
import { objectWindowQualities } from '../../shared/adapters/objects/window-qualities.ts'
import { parquetBarArchive } from '../../shared/adapters/parquet/bar-archive.ts'
import { postgresBarStore } from '../../shared/adapters/postgres/bar-store.ts'
import { postgresCorporateActions } from '../../shared/adapters/postgres/corporate-actions.ts'
import { postgresFundamentals } from '../../shared/adapters/postgres/fundamentals.ts'
import { postgresNews } from '../../shared/adapters/postgres/news.ts'
import { postgresObjectCatalogue } from '../../shared/adapters/postgres/object-catalogue.ts'
import { postgresPayloadLedger } from '../../shared/adapters/postgres/payload-ledger.ts'
import { postgresQualityReports } from '../../shared/adapters/postgres/quality-reports.ts'
import { postgresQuarantine } from '../../shared/adapters/postgres/quarantine.ts'
import { simulatedProvider } from '../../shared/adapters/simulated/provider.ts'
import type { ProviderSpec } from '../../shared/events/provider.ts'
import type { Clock } from '../../shared/ports/clock.ts'
import type { DataProvider } from '../../shared/ports/data-provider.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import type { AllPorts, Providers } from '../../shared/runtime/ports.ts'
import type { Settings } from '../../shared/runtime/settings.ts'

export interface WiringParts {
  readonly home: string
  readonly database: StepDatabase
  readonly settings: Settings
  readonly clock: Clock
  /** Told what a provider has to say beside its data. */
  readonly notice: (text: string) => void
  /** Opens a provider in another way than by its name, such as on recorded replies. */
  readonly openProvider?: (spec: ProviderSpec) => Promise<DataProvider>
}

/** Gives every port its adapter. Objects and providers are guarded: they refuse inside a step's transaction. */
export async function wirePorts(parts: WiringParts): Promise<AllPorts> {
  const { home, database, settings, clock, notice, openProvider = (spec) => providerNamed(spec, notice) } = parts
  const objects: ObjectStore = guardPort(folderObjectStore(join(home, 'objects')), 'objects', database)
  const hot = postgresBarStore(database)
  const cold = parquetBarArchive(objects)
  const catalogue = postgresObjectCatalogue(database)
  const corporateActions = postgresCorporateActions(database)
  return {
    clock,
    settings,
    providers: providers(database, openProvider),
    payloads: { forRun: (run) => objectPayloadRecorder(objects, run) },
    objects,
    barBatches: objectBarBatches(objects),
    windowQualities: objectWindowQualities(objects),
    barStore: hot,
    barArchive: cold,
    catalogue,
    coldCheck: coldCheck({ hot, cold, catalogue }),
    barHistory: barHistory({ hot, cold, catalogue, actions: corporateActions }),
    corporateActions,
    quarantine: postgresQuarantine(database),
    qualityReports: postgresQualityReports(database),
    fundamentals: postgresFundamentals(database),
    news: postgresNews(database),
    payloadLedger: postgresPayloadLedger(database),
  }
}

/** One provider a spec: a file is parsed once, a rate limit is shared. */
function providers(database: StepDatabase, open: (spec: ProviderSpec) => Promise<DataProvider>): Providers {
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
}

async function providerNamed(spec: ProviderSpec, notice: (text: string) => void): Promise<DataProvider> {
  switch (spec.name) {
    case 'simulated':
      return simulatedProvider({ ...(spec.seed !== undefined && { seed: spec.seed }) })
    case 'file': {
      const { data, basis, source, actions, actionsSource, dividends } = spec
      if (data === undefined) throw new InputError('The provider "file" needs to know where its data is (--data FILE)')
      return fileProvider({ data, basis, source, actions, actionsSource, dividends, notice })
    }
    case 'yahoo': {
      const { yahooProvider } = await import('../../shared/adapters/yahoo/yahoo-provider.ts')
      return yahooProvider({ notice })
    }
  }
}
