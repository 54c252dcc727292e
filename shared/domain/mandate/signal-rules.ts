import { z } from 'zod'
import { SENTIMENT_RULES } from '../signals/sentiment/sentiment-score.ts'
import { fraction, period, positive, sessions } from './rule-values.ts'

/** What is thought of a stock, and of how much weight each voice is. */
export const signals = z.strictObject({
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
