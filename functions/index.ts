import type { AllPorts } from '../shared/runtime/ports.ts'
import type { Service } from '../shared/runtime/service.ts'
import type { Step } from '../shared/runtime/step.ts'
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
]

/** What answers people: each a function of its own, and a route of the local gateway. */
export const services: readonly Service<AllPorts>[] = []
