import type { Dataset } from '../../domain/market/bar.ts'
import type { Session } from '../../domain/market/session.ts'
import { toKeyPart } from '../objects/object-key.ts'

/**
 * Where a day of a dataset lives: `market_data/source=yahoo/asset=equity/interval=1d/year=2026/month=02/day=08/market_data.parquet`. Hive
 * readers take source, asset, interval, year, month and day from it as columns; no column of the file has one of these names.
 */
export function partitionKey(dataset: Dataset, session: Session): string {
  const [year, month, day] = session.split('-')
  const { source, asset, interval } = dataset
  return [
    'market_data',
    `source=${toKeyPart(source)}`,
    `asset=${asset}`,
    `interval=${interval}`,
    `year=${year}`,
    `month=${month}`,
    `day=${day}`,
    'market_data.parquet',
  ].join('/')
}
