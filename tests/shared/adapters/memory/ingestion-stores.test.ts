import { memoryBarStore } from '../../../../shared/adapters/memory/bar-store.ts'
import { memoryCorporateActions } from '../../../../shared/adapters/memory/corporate-actions.ts'
import { memoryFundamentals } from '../../../../shared/adapters/memory/fundamentals.ts'
import { memoryNews } from '../../../../shared/adapters/memory/news.ts'
import { memoryObjectCatalogue } from '../../../../shared/adapters/memory/object-catalogue.ts'
import { memoryPayloadLedger } from '../../../../shared/adapters/memory/payload-ledger.ts'
import { memoryQualityReports } from '../../../../shared/adapters/memory/quality-reports.ts'
import { memoryQuarantine } from '../../../../shared/adapters/memory/quarantine.ts'
import type { Instant } from '../../../../shared/domain/market/session.ts'
import { barStoreContract } from '../../../contracts/bar-store.ts'
import { corporateActionsContract } from '../../../contracts/corporate-actions.ts'
import { fundamentalsStoreContract } from '../../../contracts/fundamentals-store.ts'
import { newsStoreContract } from '../../../contracts/news-store.ts'
import { objectCatalogueContract } from '../../../contracts/object-catalogue.ts'
import { payloadLedgerContract } from '../../../contracts/payload-ledger.ts'
import { qualityReportsContract } from '../../../contracts/quality-reports.ts'
import { quarantineContract } from '../../../contracts/quarantine.ts'

barStoreContract('memory', async () => {
  let now = Date.UTC(2026, 0, 1)
  return {
    store: memoryBarStore({ now: () => now as Instant }),
    between: async () => {
      now += 2
      return (now - 1) as Instant
    },
  }
})
corporateActionsContract('memory', async () => memoryCorporateActions())
fundamentalsStoreContract('memory', async () => memoryFundamentals())
newsStoreContract('memory', async () => memoryNews())
objectCatalogueContract('memory', async () => memoryObjectCatalogue())
payloadLedgerContract('memory', async () => memoryPayloadLedger())
qualityReportsContract('memory', async () => memoryQualityReports())
quarantineContract('memory', async () => memoryQuarantine())
