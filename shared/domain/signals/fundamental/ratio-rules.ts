/** The ratios that a fundamental score is made of, as fractions; one that is not known is undefined. */
export interface Ratios {
  readonly trailingPe?: number | undefined
  /** A year's dividends over the price (0.02 is 2 %). */
  readonly dividendYield?: number | undefined
  readonly returnOnEquity?: number | undefined
  /** Total debt over equity (1.5 is 150 %). */
  readonly debtToEquity?: number | undefined
  readonly currentRatio?: number | undefined
}

interface RatioRule {
  readonly value: (ratios: Ratios) => number | undefined
  /** Whether the number can be what the ratio says it is. */
  readonly means: (value: number) => boolean
  /** Before it is held within 0 and 100. */
  readonly score: (value: number) => number
}

/**
 * What each ratio scores (QUANT §4.3), before it is held within 0 and 100:
 * price to earnings 50 + 25 × (20 − PE) / 20, dividend yield 30 + 15 × percent, return on equity 20 + 2.33 × percent, debt to equity
 * 90 − 40 × D/E, current ratio 80 − 20 × |ratio − 1.5|.
 *
 * A price to earnings that is not positive means that there are no earnings, a negative debt to equity that there is no equity: as
 * numbers they would score best of all, so they count as missing, which is how most sources give them. So do a negative yield and a
 * negative current ratio, which cannot be.
 */
export const RATIO_RULES = {
  priceToEarnings: {
    value: ({ trailingPe }) => trailingPe,
    means: (value) => value > 0,
    score: (value) => 50 + (25 * (20 - value)) / 20,
  },
  dividendYield: {
    value: ({ dividendYield }) => dividendYield,
    means: (value) => value >= 0,
    score: (value) => 30 + 15 * 100 * value,
  },
  returnOnEquity: {
    value: ({ returnOnEquity }) => returnOnEquity,
    means: () => true,
    score: (value) => 20 + 2.33 * 100 * value,
  },
  debtToEquity: {
    value: ({ debtToEquity }) => debtToEquity,
    means: (value) => value >= 0,
    score: (value) => 90 - 40 * value,
  },
  currentRatio: {
    value: ({ currentRatio }) => currentRatio,
    means: (value) => value >= 0,
    score: (value) => 80 - 20 * Math.abs(value - 1.5),
  },
} as const satisfies Readonly<Record<string, RatioRule>>

export type RatioName = keyof typeof RATIO_RULES
