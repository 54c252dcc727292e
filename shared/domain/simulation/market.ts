import { type CalendarName, instrumentOf } from '../market/instrument.ts'
import { type Session, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { BENCHMARK, VOLATILITY_INDEX } from '../universe/default-instruments.ts'
import { CHARACTERS } from './characters.ts'
import { CRYPTO_SYMBOLS, simulateCrypto } from './crypto-path.ts'
import type { DailyPath, EquityPath } from './daily-path.ts'
import { simulateEquity } from './equity-path.ts'
import { type Factors, simulateFactors } from './factors.ts'
import { simulateBenchmark, simulateVolatilityIndex } from './index-path.ts'
import { RATE_SYMBOLS, simulateRate } from './rate-path.ts'

/** Raised whenever the same seed would give other numbers than before; it goes into every provenance hash. */
export const MODEL_VERSION = 1

/** The market one gets without asking: an ordinary one, with rises, stressed weeks and splits in the years shown by default. */
export const DEFAULT_SEED = 6

/** The `source` of everything simulated. */
export const SIMULATED_SOURCE = 'simulated'

/** The first simulated session; there is nothing before. */
export const FIRST_SESSION = '2015-01-02' as Session

/** The last date the simulation knows: that of the exchange's calendar. */
export function lastSimulatedDate(): Session {
  return tradingCalendar('XNYS').last
}

/**
 * A whole market that never was, given by its seed. Every symbol's history is generated once, from its first session on, when it is
 * first asked for; so what a request covers never changes a number.
 */
export interface SimulatedMarket {
  readonly seed: number
  readonly factors: Factors
  /** Undefined for a symbol the market does not list. */
  path(symbol: string): DailyPath | undefined
  /** Undefined for what is not a listed company. */
  equity(symbol: string): EquityPath | undefined
}

/** Markets kept: a process that compares seeds drops the oldest. */
const KEPT_MARKETS = 4
const markets = new Map<number, SimulatedMarket>()

/** The market of a seed (a safe integer), remembered for the life of the process. */
export function simulatedMarket(seed: number): SimulatedMarket {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Seed ${seed} is not an integer`)
  const known = markets.get(seed)
  if (known) return known
  const market = createMarket(seed)
  markets.set(seed, market)
  if (markets.size > KEPT_MARKETS) markets.delete(markets.keys().next().value!)
  return market
}

/** Whether the simulated market lists the symbol. */
export function isSimulated(symbol: string): boolean {
  return CHARACTERS.has(symbol) || generatorOf(symbol) !== undefined
}

/** A market of its own, not remembered. */
export function createMarket(seed: number): SimulatedMarket {
  const factors = simulateFactors(seed, sessionTimes('XNYS'))
  const equities = new Map<string, EquityPath>()
  const others = new Map<string, DailyPath>()

  const equity = (symbol: string) => {
    const character = CHARACTERS.get(symbol)
    if (!character) return undefined
    return remember(equities, symbol, () => simulateEquity(character, factors, SIMULATED_SOURCE))
  }
  const path = (symbol: string) => {
    const company = equity(symbol)
    if (company) return company
    const generate = generatorOf(symbol)
    return generate && remember(others, symbol, () => generate(factors))
  }
  return { seed, factors, path, equity }
}

function generatorOf(symbol: string): ((factors: Factors) => DailyPath) | undefined {
  if (symbol === BENCHMARK.symbol) return simulateBenchmark
  if (symbol === VOLATILITY_INDEX.symbol) return simulateVolatilityIndex
  if (RATE_SYMBOLS.includes(symbol)) return (factors) => simulateRate(symbol, factors)
  const { calendar } = instrumentOf(symbol)
  if (CRYPTO_SYMBOLS.includes(symbol)) return (factors) => simulateCrypto(symbol, sessionTimes(calendar), factors)
  return undefined
}

const times = new Map<CalendarName, Float64Array>()

function sessionTimes(name: CalendarName): Float64Array {
  return remember(times, name, () =>
    Float64Array.from(tradingCalendar(name).sessions(FIRST_SESSION, lastSimulatedDate()), sessionToMs),
  )
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key)
  if (value === undefined) {
    value = make()
    known.set(key, value)
  }
  return value
}
