import type { BarSeries, Dataset, Interval } from '../market/bar.ts'
import { ASSET_CLASSES, type Instrument } from '../market/instrument.ts'

/** Sorts series into the datasets they belong to, in a fixed order; classes without a series are left out. */
export function groupByAsset(
  source: string,
  interval: Interval,
  instruments: readonly Instrument[],
  series: readonly BarSeries[],
): { readonly dataset: Dataset; readonly series: readonly BarSeries[] }[] {
  const assetOf = new Map(instruments.map(({ symbol, asset }) => [symbol, asset]))
  return ASSET_CLASSES.map((asset) => ({
    dataset: { source, asset, interval },
    series: series.filter(({ symbol }) => assetOf.get(symbol) === asset),
  })).filter((group) => group.series.length > 0)
}
