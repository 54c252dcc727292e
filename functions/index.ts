import type { AllPorts } from '../shared/runtime/ports.ts'
import type { Service } from '../shared/runtime/service.ts'
import type { Step } from '../shared/runtime/step.ts'
import console from './console/handler.ts'
import openSettlement from './execution/open-session/handler.ts'
import recordFills from './execution/record-fills/handler.ts'
import settleOrders from './execution/settle-orders/handler.ts'
import submitOrders from './execution/submit-orders/handler.ts'
import archiveBars from './ingestion/archive-bars/handler.ts'
import checkQuality from './ingestion/check-quality/handler.ts'
import fetchBars from './ingestion/fetch-bars/handler.ts'
import fetchCorporateActions from './ingestion/fetch-corporate-actions/handler.ts'
import fetchFundamentals from './ingestion/fetch-fundamentals/handler.ts'
import fetchNews from './ingestion/fetch-news/handler.ts'
import openCryptoDay from './ingestion/open-crypto-day/handler.ts'
import openPoll1h from './ingestion/open-poll-1h/handler.ts'
import openPoll1m from './ingestion/open-poll-1m/handler.ts'
import openPoll5m from './ingestion/open-poll-5m/handler.ts'
import openSession from './ingestion/open-session/handler.ts'
import retireBars from './ingestion/retire-bars/handler.ts'
import storeBars from './ingestion/store-bars/handler.ts'
import validateBars from './ingestion/validate-bars/handler.ts'
import markToMarket from './monitoring/mark-to-market/handler.ts'
import measureRisk from './monitoring/measure-risk/handler.ts'
import openMonitoring from './monitoring/open-day/handler.ts'
import publishReport from './monitoring/publish-report/handler.ts'
import raiseAlerts from './monitoring/raise-alerts/handler.ts'
import checkLimits from './portfolio/check-limits/handler.ts'
import estimateCosts from './portfolio/estimate-costs/handler.ts'
import openRebalance from './portfolio/open-rebalance/handler.ts'
import setTargetWeights from './portfolio/set-target-weights/handler.ts'
import writeOrderReport from './portfolio/write-order-report/handler.ts'
import combineSignals from './signals/combine-signals/handler.ts'
import openDay from './signals/open-day/handler.ts'
import openScoring from './signals/open-scoring/handler.ts'
import scoreFundamentals from './signals/score-fundamentals/handler.ts'
import scoreSentiment from './signals/score-sentiment/handler.ts'
import scoreTechnicals from './signals/score-technicals/handler.ts'
import applyFilters from './universe/apply-filters/handler.ts'
import defineUniverse from './universe/define-universe/handler.ts'
import rankStocks from './universe/rank-stocks/handler.ts'

/** The table of contents: every step, in the order data moves. All that is generated is generated from here. */
export const steps: readonly Step<AllPorts>[] = [
  openSession,
  openCryptoDay,
  openPoll1m,
  openPoll5m,
  openPoll1h,
  fetchCorporateActions,
  fetchBars,
  fetchFundamentals,
  fetchNews,
  validateBars,
  storeBars,
  archiveBars,
  checkQuality,
  retireBars,
  defineUniverse,
  applyFilters,
  rankStocks,
  openScoring,
  openDay,
  scoreTechnicals,
  scoreFundamentals,
  scoreSentiment,
  combineSignals,
  openRebalance,
  setTargetWeights,
  estimateCosts,
  checkLimits,
  writeOrderReport,
  submitOrders,
  openSettlement,
  settleOrders,
  recordFills,
  openMonitoring,
  markToMarket,
  measureRisk,
  raiseAlerts,
  publishReport,
]

/** What answers people: each a function of its own, and a route of the local gateway. */
export const services: readonly Service<AllPorts>[] = [console]
