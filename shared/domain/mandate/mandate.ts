import { z } from 'zod'
import type { CostModel } from '../costs/cost-model.ts'
import { session } from '../market/session.ts'
import { SENTIMENT_RULES } from '../signals/sentiment/sentiment-score.ts'
import { DEFAULT_LISTINGS } from '../universe/default-instruments.ts'

const fraction = z.number().min(0).max(1)
const positive = z.number().positive()
const sessions = z.number().int().min(1)
/** Of an indicator: of one value there is no average. */
const period = z.number().int().min(2)
/** An exact decimal as text: YAML numbers are taken by their shortest form. */
const amount = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d{1,15}(\.\d{1,6})?$/.test(text), 'expected a decimal amount such as 1000000 or 99.50')

const listing = z
  .strictObject({
    symbol: z.string().min(1),
    name: z.string().optional(),
    sector: z.string().min(1),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as USD')
      .default('USD'),
    exchange: z.string().min(1).default('XNYS'),
  })
  .strict()

/** Why a name may not be held, or not be added to: who looks at the list in five years must be able to check it. */
const judgement = z.strictObject({
  symbol: z.string().min(1),
  reason: z.string().min(1),
  date: z.iso.date(),
  evidence: z.string().min(1),
})

const universe = z.strictObject({
  /** The names the fund may hold. Today's list: a name that was delisted since is not in it (survivorship). */
  listings: z.array(listing).min(1).default(DEFAULT_LISTINGS),
  /** Never held from their date on: an exit is forced. */
  exclusions: z.array(judgement).default([]),
  /** Held, but not added to, from their date on. */
  observation: z.array(judgement).default([]),
  filters: z
    .strictObject({
      minimumHistorySessions: sessions.default(252),
      minimumMedianDollarVolume: z.number().min(0).default(5_000_000),
      dollarVolumeSessions: sessions.default(63),
      minimumPrice: z.number().min(0).default(5),
      /** Good bars over expected ones in the history looked at. */
      minimumQuality: fraction.default(0.9),
      /** How many sessions old the newest bar may be. */
      maximumAgeSessions: z.number().int().min(0).default(3),
    })
    .prefault({}),
})

const factors = z.strictObject({
  /** Weights of the z-scores; they are divided by their sum. */
  weights: z
    .strictObject({
      momentum: z.number().min(0).default(0.3),
      lowVolatility: z.number().min(0).default(0.25),
      rsi: z.number().min(0).default(0.2),
      sharpe: z.number().min(0).default(0.25),
    })
    .prefault({}),
  /** One, three, six and twelve months. */
  momentumSessions: z.array(sessions).min(1).default([21, 63, 126, 252]),
  /** Of volatility and Sharpe ratio. */
  lookbackSessions: sessions.default(252),
  rsiPeriod: period.default(14),
  rsiScores: z
    .strictObject({
      oversold: z.number().default(1),
      neutral: z.number().default(0),
      overbought: z.number().default(-0.5),
    })
    .prefault({}),
  /** What lies beyond these quantiles, at either end, is drawn in to them before z-scores are taken. */
  winsorise: z.number().min(0).max(0.25).default(0.05),
})

const signals = z.strictObject({
  /** Of the components that there are; they are divided by the sum of those present. */
  weights: z
    .strictObject({
      technical: z.number().min(0).default(0.3),
      fundamental: z.number().min(0).default(0.4),
      sentiment: z.number().min(0).default(0.3),
      alpha: z.number().min(0).default(0.3),
    })
    .prefault({}),
  /** Lowest score (0 to 100) of each band; below `sell` is a strong sell. */
  bands: z
    .strictObject({
      strongBuy: z.number().default(75),
      buy: z.number().default(60),
      hold: z.number().default(40),
      sell: z.number().default(25),
    })
    .prefault({}),
  technical: z
    .strictObject({
      weights: z
        .strictObject({
          trend: z.number().min(0).default(0.4),
          macd: z.number().min(0).default(0.35),
          bollinger: z.number().min(0).default(0.25),
        })
        .prefault({}),
      scores: z
        .strictObject({
          bullish: z.number().default(80),
          neutral: z.number().default(50),
          bearish: z.number().default(20),
        })
        .prefault({}),
      trendSessions: z.tuple([period, period]).default([50, 200]),
      macd: z.tuple([period, period, sessions]).default([12, 26, 9]),
      bollinger: z.strictObject({ period: period.default(20), deviations: positive.default(2) }).prefault({}),
    })
    .prefault({}),
  fundamental: z
    .strictObject({
      weights: z
        .strictObject({
          priceToEarnings: z.number().min(0).default(0.3),
          dividendYield: z.number().min(0).default(0.15),
          returnOnEquity: z.number().min(0).default(0.25),
          debtToEquity: z.number().min(0).default(0.15),
          currentRatio: z.number().min(0).default(0.15),
        })
        .prefault({}),
      /** Older ratios count as missing. */
      maximumAgeDays: z.number().int().min(1).default(120),
      /** With less than this share of the ratios' weight there is no score. */
      minimumCoverage: fraction.default(0.5),
    })
    .prefault({}),
  sentiment: z
    .strictObject({
      /** After so many days a headline counts half. */
      halfLifeDays: positive.default(SENTIMENT_RULES.halfLifeDays),
      /** Headlines of so many days are looked at; ingestion fetches those of a week. */
      windowDays: z.number().positive().max(7).default(SENTIMENT_RULES.windowDays),
      /** So many headlines of one opinion move the score half of the way. */
      shrinkage: z.number().min(0).default(SENTIMENT_RULES.shrinkage),
      /** Of more headlines about a stock only the newest are read. */
      mostHeadlines: z.number().int().min(1).max(500).default(SENTIMENT_RULES.mostHeadlines),
      /** How many headlines the evidence names. */
      evidence: z.number().int().min(1).max(50).default(SENTIMENT_RULES.evidence),
    })
    .prefault({}),
  /** Whether scores are also made every day, for the console; the rebalance needs only Sunday's. */
  daily: z.boolean().default(false),
})

const portfolio = z.strictObject({
  method: z
    .enum(['score-tilt', 'equal', 'inverse-volatility', 'min-variance', 'risk-parity', 'hrp'])
    .default('score-tilt'),
  covariance: z.enum(['ledoit-wolf', 'sample', 'exponential']).default('ledoit-wolf'),
  covarianceSessions: sessions.default(252),
  /** Score multiples of `score-tilt`; other methods hold the names whose multiple is positive. */
  multiples: z
    .strictObject({
      strongBuy: z.number().min(0).default(3),
      buy: z.number().min(0).default(2),
      hold: z.number().min(0).default(1),
      sell: z.number().min(0).default(0),
      strongSell: z.number().min(0).default(0),
    })
    .prefault({}),
  /** A name that is not held is bought only from these quintiles of the ranking, 1 being the best. */
  buyQuintiles: z.array(z.number().int().min(1).max(5)).min(1).default([1, 2]),
  nameCap: fraction.default(0.05),
  sectorCap: fraction.default(0.25),
  /** Share of the value that stays in cash. */
  cash: fraction.default(0.05),
  band: z
    .strictObject({
      /** No trade while the weight is within this share of its target. */
      relative: fraction.default(0.2),
      /** Where a trade goes that leaves the band: to the target, half-way, or to the band's edge. */
      mode: z.enum(['target', 'half', 'edge']).default('target'),
      /** Asset classes (equity, crypto) may be this far from their target together before anything in them moves, in fractions. */
      assetClass: fraction.default(0.02),
    })
    .prefault({}),
  /** One-way turnover: half of all that is bought and sold, over the value. Not for initial funding, flows and forced exits. */
  turnover: z.strictObject({ month: fraction.default(0.05), year: fraction.default(0.25) }).prefault({}),
  minimumTrade: amount.default('100'),
  wholeShares: z.boolean().default(true),
  /** Expected alpha in bps over 21 sessions = 1e4 × IC × volatility over 21 sessions × z-score of the composite. */
  informationCoefficient: z.number().min(0).max(1).default(0.03),
  /** A trade must be expected to earn this much more than it costs. */
  minimumEdgeBps: z.number().min(0).default(0),
  /** How likely a position is closed again within the horizon: so much of the way out is charged to the way in. */
  exitProbability: fraction.default(0.25),
  /** Share of the median daily volume that an order may be. */
  maximumParticipation: fraction.default(0.05),
  /** How many sessions old the signals may be. */
  maximumSignalAgeSessions: z.number().int().min(0).default(10),
})

const regulatoryFee = z.strictObject({
  name: z.string().min(1),
  from: z.iso.date().transform((text) => session(text)),
  /** Dollars for each million of value sold. */
  perMillion: z.number().min(0).optional(),
  perShare: z.number().min(0).optional(),
  /** The most of `perShare` an order pays. */
  mostPerOrder: z.number().min(0).optional(),
})

const costs = z
  .strictObject({
    commission: z.enum(['none', 'per-share', 'ibkr-fixed', 'ibkr-tiered', 'alpaca']).default('ibkr-fixed'),
    /** Where the spread comes from, or one full spread in bps for every name. */
    spread: z.union([z.enum(['none', 'quote', 'corwin-schultz', 'bucket']), z.number().min(0)]).default('bucket'),
    impact: z.enum(['none', 'linear', 'square-root', 'almgren']).default('square-root'),
    /** Y of the square-root law. */
    y: z.number().min(0).default(1),
    /** What regulators take of sales, each rate from its date on; none are built in, because they change once or twice a year. */
    regulatoryFees: z.array(regulatoryFee).default([]),
  })
  .transform(
    ({ impact, y, ...rest }): CostModel => (impact === 'square-root' ? { ...rest, impact, y } : { ...rest, impact }),
  )

const income = z.strictObject({
  dividends: z.enum(['cash', 'reinvest']).default('cash'),
  /** Share of a dividend that is withheld at its source. */
  withholding: fraction.default(0.15),
  /** Dividends a year over the value, to compare with. */
  target: fraction.default(0.02),
  spending: z
    .strictObject({
      /** A year's payout over the smoothed value. */
      rate: fraction.default(0.03),
      /** Quarters of which the value is the mean. */
      quarters: z.number().int().min(1).default(12),
    })
    .prefault({}),
})

const alerts = z.strictObject({
  /** Of the last 30 sessions; critical. */
  maximumDrawdown: fraction.default(0.05),
  maximumNameWeight: fraction.default(0.07),
  /** Historical, one day, 95 %, over the value; critical. */
  maximumValueAtRisk: fraction.default(0.03),
  maximumUnrealisedLoss: fraction.default(0.1),
  /** One-way distance of the weights from their targets. */
  maximumDrift: fraction.default(0.3),
  maximumTrackingError: z.number().min(0).default(0.1),
  /** How many sessions old a price may be. */
  maximumPriceAgeSessions: z.number().int().min(0).default(3),
})

/**
 * The fund's rules, from `mandate.yaml`. Every rule has a default, so a file says only what differs; `base` chooses the defaults. Weights
 * are fractions of the fund's value, cash included. A rule that contradicts another is refused.
 */
export const mandateSchema = z
  .strictObject({
    name: z.string().min(1).default('default'),
    baseCurrency: z.literal('USD', 'one base currency is served so far: USD').default('USD'),
    /** Deposited with the first orders, unless somebody has paid in before. */
    capital: amount.default('1000000'),
    universe: universe.prefault({}),
    factors: factors.prefault({}),
    signals: signals.prefault({}),
    portfolio: portfolio.prefault({}),
    costs: costs.prefault({}),
    income: income.prefault({}),
    alerts: alerts.prefault({}),
  })
  .superRefine((mandate, context) => {
    const { listings, exclusions, observation } = mandate.universe
    const known = new Set(listings.map(({ symbol }) => symbol))
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (known.size < listings.length) refuse(['universe', 'listings'], 'names a symbol twice')
    for (const [i, { symbol, currency, exchange }] of listings.entries()) {
      if (currency !== mandate.baseCurrency) {
        refuse(['universe', 'listings', i], `${symbol} trades in ${currency}, expected ${mandate.baseCurrency}`)
      }
      if (!EXCHANGES.has(exchange)) {
        refuse(['universe', 'listings', i], `${symbol} trades on ${exchange}, expected ${[...EXCHANGES].join(', ')}`)
      }
    }
    for (const [list, entries] of Object.entries({ exclusions, observation })) {
      for (const [i, { symbol }] of entries.entries()) {
        if (!known.has(symbol)) refuse(['universe', list, i], `${symbol} is not among the listings`)
      }
    }
    const { strongBuy, buy, hold, sell } = mandate.signals.bands
    if (!(strongBuy > buy && buy > hold && hold > sell)) {
      refuse(['signals', 'bands'], `${strongBuy}, ${buy}, ${hold}, ${sell}: expected each band below the one before`)
    }
    const [short, long] = mandate.signals.technical.trendSessions
    if (short >= long)
      refuse(['signals', 'technical', 'trendSessions'], `${short}, ${long}: expected the shorter first`)
  })

/** Exchanges whose sessions are those of the New York Stock Exchange, and coins that trade every day. */
const EXCHANGES = new Set(['XNYS', 'XNAS', 'ARCX', 'BATS', '24/7'])

export type Mandate = z.output<typeof mandateSchema>
export type MandateInput = z.input<typeof mandateSchema>
