/**
 * Every port's adapter, one named export a port. They stand alone so that a function's bundle carries only those that its steps use, and
 * nothing here may do anything when it is loaded.
 */
import { modelBroker } from '../../shared/adapters/broker/model-broker.ts'
import { htmlConsolePages } from '../../shared/adapters/console/console-pages.ts'
import { runLogFiles } from '../../shared/adapters/file/log-files.ts'
import { barHistory as joinedHistory } from '../../shared/adapters/history/bar-history.ts'
import { coldCheck as joinedCheck } from '../../shared/adapters/history/cold-check.ts'
import { objectBarBatches } from '../../shared/adapters/objects/bar-batches.ts'
import { objectPayloadRecorder } from '../../shared/adapters/objects/payload-recorder.ts'
import { objectWindowQualities } from '../../shared/adapters/objects/window-qualities.ts'
import { parquetBarArchive } from '../../shared/adapters/parquet/bar-archive.ts'
import { postgresBarStore } from '../../shared/adapters/postgres/bar-store.ts'
import { postgresCorporateActions } from '../../shared/adapters/postgres/corporate-actions.ts'
import { postgresFundamentals } from '../../shared/adapters/postgres/fundamentals.ts'
import { postgresLedger } from '../../shared/adapters/postgres/ledger.ts'
import { postgresMonitoring } from '../../shared/adapters/postgres/monitoring-store.ts'
import { postgresNews } from '../../shared/adapters/postgres/news.ts'
import { postgresObjectCatalogue } from '../../shared/adapters/postgres/object-catalogue.ts'
import { postgresOrderStore } from '../../shared/adapters/postgres/order-store.ts'
import { postgresPayloadLedger } from '../../shared/adapters/postgres/payload-ledger.ts'
import { postgresQualityReports } from '../../shared/adapters/postgres/quality-reports.ts'
import { postgresQuarantine } from '../../shared/adapters/postgres/quarantine.ts'
import { postgresRebalances } from '../../shared/adapters/postgres/rebalance-store.ts'
import { postgresRunViews } from '../../shared/adapters/postgres/run-views.ts'
import { postgresSignals } from '../../shared/adapters/postgres/signal-store.ts'
import { postgresUniverse } from '../../shared/adapters/postgres/universe-store.ts'
import { objectDailyReports } from '../../shared/adapters/reports/daily-report-store.ts'
import { objectOrderReports } from '../../shared/adapters/reports/order-report-store.ts'
import type { DeadLetterOffice } from '../../shared/ports/run-views.ts'
import type { PayloadRecorders } from '../../shared/runtime/ports.ts'
import { replayDead } from '../../shared/runtime/runs.ts'
import { objects } from './objects.ts'
import type { WiringParts } from './parts.ts'

export { newsSources } from './news-sources.ts'
export { notifiers } from './notifiers.ts'
export { providers } from './providers.ts'
export { sentimentReader } from './sentiment-reader.ts'
export { objects }

export const clock = (parts: WiringParts) => parts.clock
export const settings = (parts: WiringParts) => parts.settings

export async function payloads(parts: WiringParts): Promise<PayloadRecorders> {
  const store = await objects(parts)
  return { forRun: (run) => objectPayloadRecorder(store, run) }
}

export const barBatches = async (parts: WiringParts) => objectBarBatches(await objects(parts))
export const windowQualities = async (parts: WiringParts) => objectWindowQualities(await objects(parts))

export const barStore = ({ database }: WiringParts) => postgresBarStore(database)
export const barArchive = async (parts: WiringParts) => parquetBarArchive(await objects(parts))
export const catalogue = ({ database }: WiringParts) => postgresObjectCatalogue(database)
export const corporateActions = ({ database }: WiringParts) => postgresCorporateActions(database)

export async function coldCheck(parts: WiringParts) {
  return joinedCheck({ hot: barStore(parts), cold: await barArchive(parts), catalogue: catalogue(parts) })
}

export async function barHistory(parts: WiringParts) {
  const stores = { hot: barStore(parts), cold: await barArchive(parts), catalogue: catalogue(parts) }
  return joinedHistory({ ...stores, actions: corporateActions(parts) })
}

export const quarantine = ({ database }: WiringParts) => postgresQuarantine(database)
export const qualityReports = ({ database }: WiringParts) => postgresQualityReports(database)
export const fundamentals = ({ database }: WiringParts) => postgresFundamentals(database)
export const news = ({ database }: WiringParts) => postgresNews(database)
export const payloadLedger = ({ database }: WiringParts) => postgresPayloadLedger(database)
export const universe = ({ database }: WiringParts) => postgresUniverse(database)
export const signals = ({ database }: WiringParts) => postgresSignals(database)
export const rebalances = ({ database }: WiringParts) => postgresRebalances(database)
export const orderReports = async (parts: WiringParts) => objectOrderReports(await objects(parts))
export const ledger = ({ database }: WiringParts) => postgresLedger(database)
export const orders = ({ database }: WiringParts) => postgresOrderStore(database)

export async function broker(parts: WiringParts) {
  if (parts.settings.broker === 'none') return undefined
  const { costs } = parts.settings.mandate
  return modelBroker({ barHistory: await barHistory(parts), corporateActions: corporateActions(parts), costs })
}

export const monitoring = ({ database }: WiringParts) => postgresMonitoring(database)
export const dailyReports = async (parts: WiringParts) => objectDailyReports(await objects(parts))

export const runViews = ({ database }: WiringParts) => postgresRunViews(database)
export const runLogs = ({ logFolder }: WiringParts) => (logFolder === undefined ? undefined : runLogFiles(logFolder))
export const consolePages = htmlConsolePages

export function deadLetterOffice({ database, offers }: WiringParts): DeadLetterOffice {
  return {
    async replay(event, subscriber) {
      const replayed = await replayDead({ database, local: offers.local }, event, subscriber)
      if (replayed) offers.onOffered()
      return replayed
    },
  }
}
