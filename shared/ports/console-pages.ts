import type { FundCurve } from '../domain/console/fund-curve.ts'
import type { PeriodProfit } from '../domain/console/period-profit.ts'
import type { PriceView } from '../domain/console/price-view.ts'
import type { Fill } from '../domain/execution/order.ts'
import type { Mandate } from '../domain/mandate/mandate.ts'
import type { Session } from '../domain/market/session.ts'
import type { AlertState, Figure, PositionMark, Snapshot } from '../domain/monitoring/snapshot.ts'
import type { ConsideredTrade } from '../domain/portfolio/considered-trade.ts'
import type { NameFacts } from '../domain/portfolio/rebalancing/starting-point.ts'
import type { Component, ComponentScore, Signal } from '../domain/signals/signal.ts'
import type { Listing } from '../domain/universe/listing.ts'
import type { RankedStock } from '../domain/universe/ranked-stock.ts'
import type { QualityReport, QuarantinedBar } from './ingestion-stores.ts'
import type { OrderState } from './order-store.ts'
import type { OrderReport, Rebalance, TargetWeight } from './rebalance-store.ts'
import type { LogLine } from './run-logs.ts'
import type {
  BarOrigin,
  DeadLetter,
  RunEdge,
  RunFilter,
  RunJoin,
  RunLine,
  RunOpening,
  RunStep,
  TrailLine,
} from './run-views.ts'
import type { SignalRun, SignalStore } from './signal-stores.ts'

/** What every page of the console is drawn with. */
export interface Frame {
  /** Of the page, from the console's root: `/runs`. */
  readonly path: string
  /** The way from the page to the root, as relative links begin: `./`, `../`. */
  readonly root: string
  /** The prices are made, and every page says so. */
  readonly simulated: boolean
  /** Whose forms these are; see `Visitor`. */
  readonly formToken: string
  /** Whether there is a session to end. */
  readonly signedIn: boolean
}

export interface OverviewView {
  readonly runs: readonly RunLine[]
  readonly deadLetters: number
  readonly snapshot: Snapshot | undefined
  readonly alerts: readonly AlertState[]
  readonly report: OrderReport | undefined
  readonly signals: SignalRun | undefined
  readonly quality: QualityReport | undefined
  /** The last session that has closed: what there should be data of. */
  readonly due: Session
}

export interface RunsView {
  readonly filter: RunFilter
  readonly workflows: readonly string[]
  readonly runs: readonly RunLine[]
  /** Where the next page starts; undefined when this is the last. */
  readonly next: number | undefined
}

export interface RunView {
  readonly run: RunOpening
  readonly steps: readonly RunStep[]
  readonly edges: readonly RunEdge[]
  readonly joins: readonly RunJoin[]
  readonly children: readonly RunLine[]
  readonly letters: readonly DeadLetter[]
  readonly quality: QualityReport | undefined
  /** The one that events and logs are narrowed down to. */
  readonly step: string | undefined
  readonly trail: readonly TrailLine[]
  readonly from: number
  readonly next: number | undefined
  /** The last lines, oldest first; undefined where they are kept elsewhere. */
  readonly logs: readonly LogLine[] | undefined
}

export interface PortfolioView {
  readonly source: string
  readonly mandate: Mandate
  readonly snapshot: Snapshot | undefined
  readonly curve: FundCurve
  readonly profits: readonly PeriodProfit[]
  readonly marks: readonly PositionMark[]
  readonly figures: readonly Figure[]
  readonly targets: readonly TargetWeight[]
  readonly report: OrderReport | undefined
}

export interface OrdersView {
  /** Newest first. */
  readonly reports: readonly OrderReport[]
}

export interface OrderReportView {
  readonly report: OrderReport
  readonly trades: readonly ConsideredTrade[]
  readonly fills: readonly Fill[]
  /** Ids of orders that a broker still works on. */
  readonly open: ReadonlySet<string>
}

/** Everything that led to a trade, or to its not being made. */
export interface ExplanationView {
  readonly trade: ConsideredTrade
  readonly rebalance: Rebalance
  /** What the rebalance knew of the name. */
  readonly facts: NameFacts | undefined
  readonly target: TargetWeight | undefined
  readonly signal: Signal | undefined
  readonly components: ReadonlyMap<Component, ComponentScore>
  readonly ranking: { readonly run: string; readonly of: number; readonly stock: RankedStock } | undefined
  /** The last bars that could be seen, as traded. */
  readonly bars: readonly { readonly session: Session; readonly close: number; readonly volume: number }[]
  readonly origins: readonly BarOrigin[]
  readonly execution:
    | { readonly broker: string; readonly state: OrderState; readonly fills: readonly Fill[] }
    | undefined
  /** The run that decided, with the code and the settings it ran on. */
  readonly decided: RunOpening | undefined
}

export interface SignalsView {
  readonly run: SignalRun | undefined
  readonly signals: readonly Signal[]
  readonly names: ReadonlyMap<string, string>
}

export interface SignalView {
  readonly symbol: string
  readonly listing: Listing | undefined
  readonly run: SignalRun | undefined
  /** Undefined when the stock has none in the newest run. */
  readonly signal: Signal | undefined
  readonly components: ReadonlyMap<Component, ComponentScore>
  readonly history: Awaited<ReturnType<SignalStore['history']>>
  readonly price: PriceView
  readonly bands: Mandate['signals']['bands']
}

export interface QualityView {
  readonly reports: readonly QualityReport[]
  /** The report that is looked at. */
  readonly shown: QualityReport | undefined
  readonly quarantine: readonly (QuarantinedBar & { readonly run: string })[]
  readonly symbol: string | undefined
  readonly quarantineLimit: number
}

export interface DeadLettersView {
  readonly letters: readonly DeadLetter[]
  readonly run: string | undefined
  readonly limit: number
  /** The event that has just been offered again. */
  readonly replayed: string | undefined
}

export interface AlertsView {
  readonly alerts: readonly AlertState[]
}

export interface SignInView {
  /** Where to go afterwards. */
  readonly to: string
  readonly wrong: boolean
}

export interface FailureView {
  readonly status: number
  readonly message: string
}

/** A file that pages ask for, under a name that changes with its content. */
export interface Asset {
  readonly type: string
  readonly body: string
}

/** Draws the console's pages. They read without scripts, link relatively and ask for nothing from elsewhere. */
export interface ConsolePages {
  /** Every page is sent with these. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined for a name that no page of this version asks for. */
  asset(name: string): Asset | undefined
  overview(frame: Frame, view: OverviewView): string
  runs(frame: Frame, view: RunsView): string
  run(frame: Frame, view: RunView): string
  portfolio(frame: Frame, view: PortfolioView): string
  orders(frame: Frame, view: OrdersView): string
  orderReport(frame: Frame, view: OrderReportView): string
  explanation(frame: Frame, view: ExplanationView): string
  signals(frame: Frame, view: SignalsView): string
  signal(frame: Frame, view: SignalView): string
  quality(frame: Frame, view: QualityView): string
  deadLetters(frame: Frame, view: DeadLettersView): string
  alerts(frame: Frame, view: AlertsView): string
  signIn(frame: Frame, view: SignInView): string
  failure(frame: Frame, view: FailureView): string
}
