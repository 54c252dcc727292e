import { z } from 'zod'
import { DEFAULT_LISTINGS } from '../universe/default-instruments.ts'
import { fraction, period, sessions } from './rule-values.ts'

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

/** Who may be held. */
export const universe = z.strictObject({
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

/** How those who may are ranked. */
export const factors = z.strictObject({
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
