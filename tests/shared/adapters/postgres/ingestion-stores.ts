import { afterAll, beforeAll } from 'vitest'
import { postgresBarStore } from '../../../../shared/adapters/postgres/bar-store.ts'
import { postgresCorporateActions } from '../../../../shared/adapters/postgres/corporate-actions.ts'
import { postgresFundamentals } from '../../../../shared/adapters/postgres/fundamentals.ts'
import { postgresNews } from '../../../../shared/adapters/postgres/news.ts'
import { postgresObjectCatalogue } from '../../../../shared/adapters/postgres/object-catalogue.ts'
import { postgresPayloadLedger } from '../../../../shared/adapters/postgres/payload-ledger.ts'
import { postgresQualityReports } from '../../../../shared/adapters/postgres/quality-reports.ts'
import { postgresQuarantine } from '../../../../shared/adapters/postgres/quarantine.ts'
import type { Database } from '../../../../shared/ports/database.ts'
import { barStoreContract } from '../../../contracts/bar-store.ts'
import { corporateActionsContract } from '../../../contracts/corporate-actions.ts'
import { fundamentalsStoreContract } from '../../../contracts/fundamentals-store.ts'
import { newsStoreContract } from '../../../contracts/news-store.ts'
import { objectCatalogueContract } from '../../../contracts/object-catalogue.ts'
import { payloadLedgerContract } from '../../../contracts/payload-ledger.ts'
import { qualityReportsContract } from '../../../contracts/quality-reports.ts'
import { quarantineContract } from '../../../contracts/quarantine.ts'
import { databaseInstant, emptyIngestion, type OpenedDatabase } from './ingestion-database.ts'
import { storedBarsTests } from './stored-bars.ts'

/** Every contract of the ingestion room, and what is true of its tables alone, on one engine. */
export function ingestionStoresTests(engine: string, openDatabase: () => Promise<OpenedDatabase>): void {
  let opened: OpenedDatabase
  beforeAll(async () => {
    opened = await openDatabase()
  })
  afterAll(() => opened?.drop())

  const empty = <Store>(storeOn: (database: Database) => Store) => {
    return async () => {
      await emptyIngestion(opened.database)
      return storeOn(opened.database)
    }
  }

  barStoreContract(
    engine,
    empty((database) => ({ store: postgresBarStore(database), between: () => databaseInstant(database) })),
  )
  corporateActionsContract(engine, empty(postgresCorporateActions))
  fundamentalsStoreContract(engine, empty(postgresFundamentals))
  newsStoreContract(engine, empty(postgresNews))
  objectCatalogueContract(engine, empty(postgresObjectCatalogue))
  payloadLedgerContract(engine, empty(postgresPayloadLedger))
  qualityReportsContract(engine, empty(postgresQualityReports))
  quarantineContract(engine, empty(postgresQuarantine))
  storedBarsTests(
    engine,
    empty((database) => database),
  )
}
