/** Sessions that an expected alpha looks ahead: about a month. */
export const ALPHA_SESSIONS = 21

/**
 * The information coefficient assumed of a signal that has not been measured: what a modest one has, so that a score of one
 * at 2 % a day promises 27 bps a month.
 */
export const DEFAULT_INFORMATION_COEFFICIENT = 0.03

/**
 * What a score promises over the next 21 sessions in basis points: volatility × IC × score, the volatility being σ·√21 of
 * daily returns (a fraction) and the score a z-score across the names of the day. NaN when either is missing.
 * @throws RangeError for an information coefficient outside [0, 1] or a negative deviation.
 * @see Grinold (1994), "Alpha Is Volatility Times IC Times Score", J. Portfolio Management 20(4).
 */
export function expectedAlphaBps(
  score: number,
  sigmaDaily: number,
  informationCoefficient: number = DEFAULT_INFORMATION_COEFFICIENT,
): number {
  if (!(informationCoefficient >= 0 && informationCoefficient <= 1)) {
    throw new RangeError(`Information coefficient ${informationCoefficient}, expected 0 to 1`)
  }
  if (sigmaDaily < 0) throw new RangeError(`Daily deviation ${sigmaDaily}, expected a fraction from 0`)
  return 1e4 * informationCoefficient * sigmaDaily * Math.sqrt(ALPHA_SESSIONS) * score
}
