import { embeddedIngestion } from './ingestion-database.ts'
import { ingestionStoresTests } from './ingestion-stores.ts'

ingestionStoresTests('embedded PostgreSQL', embeddedIngestion)
