import { corwinSchultzBps } from '../costs/corwin-schultz.ts'
import type { SpreadModel } from '../costs/cost-model.ts'
import type { CostMarket } from '../costs/estimate-costs.ts'
import { quotedSpreadBps } from '../costs/quoted-spread.ts'
import { type BarSeries, sliceBars } from '../market/bar.ts'
import { sampleDeviation } from '../statistics/deviation.ts'
import { observed } from '../statistics/observed.ts'
import { median } from '../statistics/quantile.ts'

/** Three months: long enough that one busy day says little. */
export const COST_SESSIONS = 63

/**
 * What a cost model wants to know of a symbol's market, from the last 63 of its daily bars before the order: the median volume and value
 * traded, the deviation of close-to-close returns, and the spread where the model measures it from bars (`quote`: the last bar's). The bars
 * should be restated for splits as of the order, so that shares are counted alike. Missing numbers are left out; too few give NaN.
 */
export function costMarket(bars: BarSeries, spread: SpreadModel): CostMarket {
  const rows = bars.at.length
  const { close, volume, high, low, bid, ask } = sliceBars(bars, Math.max(0, rows - COST_SESSIONS - 1), rows)
  const returns = close.subarray(1).map((price, row) => price / close[row] - 1)
  const volumes = volume.subarray(-COST_SESSIONS)
  const prices = close.subarray(-COST_SESSIONS)
  const market = {
    adv: median(observed(volumes)),
    medianDollarVolume: median(observed(volumes.map((shares, row) => shares * prices[row]))),
    sigmaDaily: sampleDeviation(observed(returns)),
  }
  if (spread === 'corwin-schultz') return { ...market, spreadBps: corwinSchultzBps({ high, low, close }) }
  if (spread === 'quote') return { ...market, spreadBps: quotedSpreadBps(bid?.at(-1) ?? NaN, ask?.at(-1) ?? NaN) }
  return market
}
