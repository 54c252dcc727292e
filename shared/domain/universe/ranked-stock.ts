export const FACTORS = ['momentum', 'lowVolatility', 'rsi', 'sharpe'] as const
export type Factor = (typeof FACTORS)[number]

/** A stock's place among its peers, by what was known at a session's close. */
export interface RankedStock {
  readonly symbol: string
  readonly sector: string
  /** The numbers behind the factors. NaN where it cannot be known. */
  readonly measures: {
    /** Total return over each of the mandate's momentum windows, fractions, by sessions. */
    readonly momentum: Readonly<Record<string, number>>
    /** Annualised standard deviation of daily returns. */
    readonly volatility: number
    readonly rsi: number
    /** Annualised, of daily returns. */
    readonly sharpe: number
  }
  /** Each factor's value, more being better; NaN where it is missing. */
  readonly values: Readonly<Record<Factor, number>>
  /** Cross-sectional z-scores of the winsorised values; NaN where the value is missing. */
  readonly zScores: Readonly<Record<Factor, number>>
  /** Mean of the z-scores, weighted by those of the factors it has. */
  readonly score: number
  /** 1 is the best; ties go by symbol. */
  readonly rank: number
  /** 1 (best fifth) to 5. */
  readonly quintile: number
  /** Held but not added to. */
  readonly observed: boolean
}
