import { pino } from 'pino'
import { modelBroker } from '../../../shared/adapters/broker/model-broker.ts'
import { htmlConsolePages } from '../../../shared/adapters/console/console-pages.ts'
import { barHistory } from '../../../shared/adapters/history/bar-history.ts'
import { coldCheck } from '../../../shared/adapters/history/cold-check.ts'
import { memoryBarStore } from '../../../shared/adapters/memory/bar-store.ts'
import { memoryCorporateActions } from '../../../shared/adapters/memory/corporate-actions.ts'
import { memoryFundamentals } from '../../../shared/adapters/memory/fundamentals.ts'
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts'
import { memoryMonitoring } from '../../../shared/adapters/memory/monitoring-store.ts'
import { memoryNews } from '../../../shared/adapters/memory/news.ts'
import { memoryObjectCatalogue } from '../../../shared/adapters/memory/object-catalogue.ts'
import { memoryObjectStore } from '../../../shared/adapters/memory/object-store.ts'
import { memoryOrderStore } from '../../../shared/adapters/memory/order-store.ts'
import { memoryPayloadLedger } from '../../../shared/adapters/memory/payload-ledger.ts'
import { memoryQualityReports } from '../../../shared/adapters/memory/quality-reports.ts'
import { memoryQuarantine } from '../../../shared/adapters/memory/quarantine.ts'
import { memoryRebalances } from '../../../shared/adapters/memory/rebalance-store.ts'
import { memorySignals } from '../../../shared/adapters/memory/signal-store.ts'
import { memoryUniverse } from '../../../shared/adapters/memory/universe-store.ts'
import { objectBarBatches } from '../../../shared/adapters/objects/bar-batches.ts'
import { objectPayloadRecorder } from '../../../shared/adapters/objects/payload-recorder.ts'
import { objectWindowQualities } from '../../../shared/adapters/objects/window-qualities.ts'
import { parquetBarArchive } from '../../../shared/adapters/parquet/bar-archive.ts'
import { objectDailyReports } from '../../../shared/adapters/reports/daily-report-store.ts'
import { objectOrderReports } from '../../../shared/adapters/reports/order-report-store.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import { takeBars } from '../../../shared/domain/market/bar.ts'
import type { CorporateAction } from '../../../shared/domain/market/corporate-action.ts'
import type { Instrument } from '../../../shared/domain/market/instrument.ts'
import { addDays, sessionToMs } from '../../../shared/domain/market/session.ts'
import type { EventDraft } from '../../../shared/events/event.ts'
import type { WindowData } from '../../../shared/events/ingestion.ts'
import { fixedClock } from '../../../shared/ports/clock.ts'
import type { DataProvider, EodRequest, FetchedActions } from '../../../shared/ports/data-provider.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import type { Step, StepContext } from '../../../shared/runtime/step.ts'
import { toldRunViews } from '../console/told-run-views.ts'
import { wordReader } from '../signals/made-reader.ts'

/** A Wednesday morning in April; Tuesday the 16th is the last completed session. */
export const NOW = Date.parse('2024-04-17T06:00:00Z')
export const RUN = 'ingestion:test'

/** Every port of ingestion in this process. `settings` is the content of a settings file. */
export function memoryPorts(
  provider: DataProvider,
  settings: Readonly<Record<string, unknown>> = {},
  now = NOW,
): AllPorts {
  const clock = fixedClock(now)
  const objects = memoryObjectStore()
  const hot = memoryBarStore(clock)
  const cold = parquetBarArchive(objects)
  const catalogue = memoryObjectCatalogue()
  const corporateActions = memoryCorporateActions()
  const history = barHistory({ hot, cold, catalogue, actions: corporateActions })
  const chosen = readSettings(settings, 'the settings of a test')
  return {
    clock,
    settings: chosen,
    providers: { get: async () => provider },
    newsSources: { of: async () => [provider] },
    payloads: { forRun: (run) => objectPayloadRecorder(objects, run) },
    objects,
    barBatches: objectBarBatches(objects),
    windowQualities: objectWindowQualities(objects),
    barStore: hot,
    barArchive: cold,
    catalogue,
    coldCheck: coldCheck({ hot, cold, catalogue }),
    barHistory: history,
    corporateActions,
    quarantine: memoryQuarantine(),
    qualityReports: memoryQualityReports(),
    fundamentals: memoryFundamentals(),
    news: memoryNews(),
    payloadLedger: memoryPayloadLedger(),
    universe: memoryUniverse(),
    signals: memorySignals(),
    sentimentReader: wordReader(),
    ledger: memoryLedger(),
    rebalances: memoryRebalances(),
    orderReports: objectOrderReports(objects),
    orders: memoryOrderStore(),
    monitoring: memoryMonitoring(),
    dailyReports: objectDailyReports(objects),
    notifiers: [],
    broker: modelBroker({ barHistory: history, corporateActions, costs: chosen.mandate.costs }),
    runViews: toldRunViews({}),
    runLogs: undefined,
    deadLetterOffice: { replay: async () => false },
    consolePages: htmlConsolePages(),
  }
}

/** Calls a step as the runtime does, and checks what it says against the words it declares. */
export async function call(
  step: Step<AllPorts>,
  data: unknown,
  ports: AllPorts,
  attempt = 1,
): Promise<readonly EventDraft[]> {
  const context: StepContext = {
    run: RUN,
    step: step.name,
    eventId: 'event',
    attempt,
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
  }
  const drafts = await step.run(data, ports, context)
  for (const { subject, data: said } of drafts) {
    step.emits.find((type) => type.subject === subject)!.schema.parse(said)
  }
  return drafts
}

/** The parts of a made provider; what is left out brings nothing. */
export interface MadeProvider {
  readonly series?: readonly BarSeries[]
  readonly actions?: readonly CorporateAction[]
  readonly failing?: Readonly<Record<string, string>>
  readonly fetchFundamentals?: DataProvider['fetchFundamentals']
  readonly fetchNews?: DataProvider['fetchNews']
}

/** A provider that has these bars and actions and hears what it is asked for. */
export function madeProvider(made: MadeProvider) {
  const { series = [], actions = [], failing = {} } = made
  const requests: Record<string, unknown>[] = []
  const split = (instruments: readonly Instrument[]) => ({
    asked: new Set(instruments.map(({ symbol }) => symbol).filter((symbol) => !(symbol in failing))),
    missing: instruments.flatMap(({ symbol }) => (symbol in failing ? [{ symbol, reason: failing[symbol] }] : [])),
  })
  const barsOf = (instruments: readonly Instrument[], from: number, to: number) => {
    const { asked, missing } = split(instruments)
    const found = series
      .filter(({ symbol }) => asked.has(symbol))
      .map((bars) =>
        takeBars(
          bars,
          [...bars.at.keys()].filter((row) => bars.at[row] >= from && bars.at[row] < to),
        ),
      )
    const provenance = found.map(({ symbol }) => ({ symbol, request: 'made', sha256: '00' }))
    return { series: found.filter(({ at }) => at.length > 0), missing, provenance }
  }
  const actionsOf = (type: CorporateAction['type'], { instruments, from, to }: EodRequest): FetchedActions => {
    const { asked, missing } = split(instruments)
    const found = actions.filter(
      (action) => action.type === type && asked.has(action.symbol) && action.exDate >= from && action.exDate <= to,
    )
    return { actions: found, missing, provenance: [] }
  }
  const heard = <Request extends object>(call: string, request: Request): Request => {
    requests.push({ call, ...request })
    return request
  }
  const provider: DataProvider = {
    name: 'made',
    simulated: false,
    fetchEod: async (request) => {
      const { instruments, from, to } = heard('eod', request)
      return barsOf(instruments, sessionToMs(from), sessionToMs(addDays(to, 1)))
    },
    fetchIntraday: async (request) => {
      const { instruments, from, to } = heard('intraday', request)
      return barsOf(instruments, from, to)
    },
    fetchSplits: async (request) => actionsOf('split', heard('splits', request)),
    fetchDividends: async (request) => actionsOf('dividend', heard('dividends', request)),
    fetchFundamentals: made.fetchFundamentals ?? (async () => ({ fundamentals: [], missing: [], provenance: [] })),
    fetchNews: made.fetchNews ?? (async () => ({ articles: [], missing: [], provenance: [] })),
  }
  return { provider, requests }
}

/** A window of daily bars as an event carries it. */
export function windowData(symbols: readonly string[], from = '2024-04-01', to = '2024-04-16'): WindowData {
  return { window: { id: 'w00001', interval: '1d', from, to }, provider: { name: 'simulated' }, symbols: [...symbols] }
}
