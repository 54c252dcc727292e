import { exponentialCovariance } from './exponential-covariance.ts'
import { ledoitWolfCovariance } from './ledoit-wolf.ts'
import type { Matrix } from './matrix.ts'
import { sampleCovariance } from './sample-covariance.ts'

export const COVARIANCE_ESTIMATORS = ['sample', 'ledoit-wolf', 'exponential'] as const
export type CovarianceEstimator = (typeof COVARIANCE_ESTIMATORS)[number]

/** Covariance of returns (rows × assets, oldest first) per period, by the estimator's name and its defaults. */
export function estimateCovariance(returns: Matrix, estimator: CovarianceEstimator): Matrix {
  switch (estimator) {
    case 'sample':
      return sampleCovariance(returns)
    case 'ledoit-wolf':
      return ledoitWolfCovariance(returns).covariance
    case 'exponential':
      return exponentialCovariance(returns)
  }
}
