import { z } from 'zod'
import { amount, fraction, sessions } from './rule-values.ts'

/** What is wanted of it, and what may be traded to get there. */
export const portfolio = z.strictObject({
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

/** What the fund earns and pays out. */
export const income = z.strictObject({
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
