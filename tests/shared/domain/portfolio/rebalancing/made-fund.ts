import { type Mandate, type MandateInput, mandateSchema } from '../../../../../shared/domain/mandate/mandate.ts'
import { instrumentOf } from '../../../../../shared/domain/market/instrument.ts'
import { session } from '../../../../../shared/domain/market/session.ts'
import { add, decimal, multiply, sum, ZERO } from '../../../../../shared/domain/money/decimal.ts'
import type { Deliberation } from '../../../../../shared/domain/portfolio/rebalancing/consider-trade.ts'
import { compositeAlphas } from '../../../../../shared/domain/portfolio/rebalancing/expected-alpha.ts'
import { standings } from '../../../../../shared/domain/portfolio/rebalancing/standing.ts'
import type { NameFacts, StartingPoint } from '../../../../../shared/domain/portfolio/rebalancing/starting-point.ts'
import type { TargetWeight } from '../../../../../shared/domain/portfolio/rebalancing/target-weight.ts'
import type { Band, Signal } from '../../../../../shared/domain/signals/signal.ts'

export const SESSION = session('2024-04-01')

/** A name as a test states it; everything else is liquid and ordinary. */
export interface MadeName {
  readonly symbol: string
  readonly sector?: string
  readonly held?: number | string
  readonly price?: number
  readonly priceAge?: number
  readonly target?: number
  readonly z?: number
  readonly sigma?: number
  readonly volume?: number
  readonly quintile?: number
  readonly band?: Band
  readonly score?: number
}

export interface MadeFund {
  readonly names: readonly MadeName[]
  readonly cash: number | string
  readonly mandate?: MandateInput
  readonly inflow?: number
  readonly initialFunding?: boolean
  readonly run?: string
}

export function madeNames(names: readonly MadeName[]): NameFacts[] {
  return names.map(({ symbol, sector = 'Energy', held = 0, price, priceAge = 0, sigma = 0.02, volume = 1e6 }) => ({
    symbol,
    sector,
    asset: instrumentOf(symbol).asset,
    held: decimal(held),
    price: price === undefined ? undefined : decimal(price),
    priceAge: price === undefined ? Number.NaN : priceAge,
    market: { medianDollarVolume: volume * (price ?? 0), adv: volume, sigmaDaily: sigma },
  }))
}

export function madeSignals(names: readonly MadeName[]): Signal[] {
  return names.flatMap(({ symbol, sector = 'Energy', z, sigma = 0.02, quintile = 1, band = 'buy', score = 60 }, i) =>
    z === undefined
      ? []
      : [
          {
            symbol,
            sector,
            score,
            band,
            zScore: z,
            contributions: [],
            absent: [],
            rank: i + 1,
            quintile,
            observed: false,
            dailyVolatility: sigma,
          },
        ],
  )
}

export function madeTargets(names: readonly MadeName[]): TargetWeight[] {
  return names.map(({ symbol, sector = 'Energy', target = 0 }) => ({
    symbol,
    sector,
    weight: target,
    uncapped: target,
    note: 'made',
  }))
}

export function madePoint(fund: MadeFund): StartingPoint {
  const names = madeNames(fund.names)
  const cash = decimal(fund.cash)
  return {
    value: add(cash, sum(names.map(({ held, price = ZERO }) => multiply(held, price)))),
    cash,
    initialFunding: fund.initialFunding ?? false,
    inflow: decimal(fund.inflow ?? 0),
    income: ZERO,
    names,
  }
}

/** Lists the names in the mandate, so that none of them must be sold for being unknown. */
export function madeMandate({ names, mandate = {} }: Pick<MadeFund, 'names' | 'mandate'>): Mandate {
  const listings = names.map(({ symbol, sector = 'Energy' }) => ({ symbol, sector }))
  return mandateSchema.parse({ ...mandate, universe: { listings, ...mandate.universe } })
}

export function deliberation(fund: MadeFund): Omit<Deliberation, 'overweight'> {
  const mandate = madeMandate(fund)
  const { portfolio } = mandate
  return {
    session: SESSION,
    run: fund.run ?? 'portfolio:2024-04-01',
    point: madePoint(fund),
    rules: portfolio,
    model: mandate.costs,
    exitProbability: portfolio.exitProbability,
    minimumEdgeBps: portfolio.minimumEdgeBps,
    standing: standings(mandate.universe, SESSION),
    alphas: compositeAlphas(madeSignals(fund.names), portfolio.informationCoefficient),
    maximumPriceAgeSessions: mandate.alerts.maximumPriceAgeSessions,
  }
}
