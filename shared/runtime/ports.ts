import type { BarArchive, BarHistory, BarStore, ColdCheck, ObjectCatalogue } from '../ports/bar-store.ts'
import type { Broker } from '../ports/broker.ts'
import type { Clock } from '../ports/clock.ts'
import type { ConsolePages } from '../ports/console-pages.ts'
import type { DailyReports } from '../ports/daily-reports.ts'
import type { DataProvider, PayloadRecorder } from '../ports/data-provider.ts'
import type {
  BarBatches,
  CorporateActions,
  FundamentalsStore,
  NewsStore,
  PayloadLedger,
  QualityReports,
  Quarantine,
} from '../ports/ingestion-stores.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { MonitoringStore } from '../ports/monitoring-stores.ts'
import type { NewsSource } from '../ports/news-source.ts'
import type { Notifier } from '../ports/notifier.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { OrderStore } from '../ports/order-store.ts'
import type { RebalanceStore } from '../ports/rebalance-store.ts'
import type { OrderReports } from '../ports/report-writer.ts'
import type { RunLogs } from '../ports/run-logs.ts'
import type { DeadLetterOffice, RunViews } from '../ports/run-views.ts'
import type { SentimentReader } from '../ports/sentiment-reader.ts'
import type { SignalStore } from '../ports/signal-stores.ts'
import type { UniverseStore } from '../ports/universe-stores.ts'
import type { WindowQualities } from '../ports/window-qualities.ts'
import type { ProviderSpec, Settings } from './settings.ts'

/** Finds the provider that a run asked for. The same answer for the same words within a process. */
export interface Providers {
  get(spec: ProviderSpec): Promise<DataProvider>
}

/** Every place that headlines are fetched from: those that the settings name, beside the provider of a run. */
export interface NewsSources {
  of(provider: ProviderSpec): Promise<readonly NewsSource[]>
}

export interface PayloadRecorders {
  forRun(run: string): PayloadRecorder
}

/** Every port there is. A step's second parameter names the ones it uses. */
export interface AllPorts {
  readonly clock: Clock
  readonly settings: Settings
  readonly providers: Providers
  readonly newsSources: NewsSources
  readonly payloads: PayloadRecorders
  readonly objects: ObjectStore
  readonly barBatches: BarBatches
  readonly windowQualities: WindowQualities
  readonly barStore: BarStore
  readonly barArchive: BarArchive
  readonly barHistory: BarHistory
  readonly catalogue: ObjectCatalogue
  readonly coldCheck: ColdCheck
  readonly corporateActions: CorporateActions
  readonly quarantine: Quarantine
  readonly qualityReports: QualityReports
  readonly fundamentals: FundamentalsStore
  readonly news: NewsStore
  readonly payloadLedger: PayloadLedger
  readonly universe: UniverseStore
  readonly signals: SignalStore
  readonly sentimentReader: SentimentReader
  readonly rebalances: RebalanceStore
  readonly orderReports: OrderReports
  readonly ledger: Ledger
  readonly orders: OrderStore
  /** Undefined when somebody trades by hand. */
  readonly broker: Broker | undefined
  readonly monitoring: MonitoringStore
  readonly dailyReports: DailyReports
  readonly notifiers: readonly Notifier[]
  readonly runViews: RunViews
  /** Undefined where each function writes its own: then whoever runs them keeps the logs. */
  readonly runLogs: RunLogs | undefined
  readonly deadLetterOffice: DeadLetterOffice
  readonly consolePages: ConsolePages
}
