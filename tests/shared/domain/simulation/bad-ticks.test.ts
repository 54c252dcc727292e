import { describe, expect, it } from 'vitest'
import { takeBars } from '../../../../shared/domain/market/bar.ts'
import { checkBars } from '../../../../shared/domain/market/quality.ts'
import { ERROR_BITS, type QualityRule, rulesOf } from '../../../../shared/domain/market/quality-rules.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import {
  BAD_TICK_KINDS,
  BAD_TICK_RATE,
  type BadTickKind,
  badTicksOf,
  hasBadTicks,
  spoilBars,
} from '../../../../shared/domain/simulation/bad-ticks.ts'
import { dailyBars } from '../../../../shared/domain/simulation/daily-path.ts'
import { simulatedMarket } from '../../../../shared/domain/simulation/market.ts'
import { DEFAULT_INSTRUMENTS } from '../../../../shared/domain/universe/default-instruments.ts'

const SEEDS = [1, 4, 9]
/** The rule that must catch a kind; others may see it too. */
const RULE: Readonly<Record<BadTickKind, QualityRule>> = {
  'zero-price': 'non_positive_price',
  'high-below-close': 'ohlc_inconsistent',
  'fat-finger-close': 'ohlc_inconsistent',
  'negative-volume': 'negative_volume',
  'missing-close': 'missing_value',
  duplicate: 'duplicate',
}

function histories(seed: number) {
  return DEFAULT_INSTRUMENTS.map((instrument) => {
    const path = simulatedMarket(seed).path(instrument.symbol)!
    const actions = simulatedMarket(seed).equity(instrument.symbol)?.actions ?? []
    const options = {
      actions: actions.map(({ exDate }) => exDate),
      calendar: tradingCalendar(instrument.calendar),
      actionReach: 'since-last-good',
    } as const
    return { instrument, clean: dailyBars(path, 0, path.at.length), options }
  })
}

describe('the honest market', () => {
  it.each(SEEDS)('passes every quality check but the z-score, seed %i', (seed) => {
    for (const { instrument, clean, options } of histories(seed)) {
      const { findings } = checkBars(clean, options)
      expect([instrument.symbol, findings.filter(({ rule }) => rule !== 'zscore')]).toEqual([instrument.symbol, []])
    }
  })
})

describe('bad ticks', () => {
  it.each(SEEDS)('are where they are said to be, and the quality check catches exactly those, seed %i', (seed) => {
    const seen = new Set<BadTickKind>()
    for (const { instrument, clean, options } of histories(seed)) {
      if (!hasBadTicks(instrument)) continue
      const planned = badTicksOf(seed, instrument.symbol, '1d', clean.at)
      const spoilt = spoilBars(seed, '1d', clean)
      const { reasons } = checkBars(spoilt, options)
      const caught = Array.from(spoilt.at.keys()).filter((row) => reasons[row] & ERROR_BITS)
      expect(caught.map((row) => spoilt.at[row])).toEqual(planned.map(({ at }) => at))
      planned.forEach(({ kind }, i) => {
        seen.add(kind)
        expect(rulesOf(reasons[caught[i]])).toContain(RULE[kind])
      })
    }
    expect([...seen].sort()).toEqual([...BAD_TICK_KINDS].sort())
  })

  it('come about four times in ten thousand bars', () => {
    const at = Float64Array.from({ length: 500_000 }, (_, i) => i * 60_000)
    const share = badTicksOf(1, 'AAPL', '1m', at).length / at.length
    expect(share).toBeGreaterThan(0.7 * BAD_TICK_RATE)
    expect(share).toBeLessThan(1.3 * BAD_TICK_RATE)
  })

  it('do not depend on the range asked for, and leave every other bar alone', () => {
    const { clean } = histories(1)[0]
    const spoilt = spoilBars(1, '1d', clean)
    const bad = new Set(badTicksOf(1, clean.symbol, '1d', clean.at).map(({ at }) => at))
    expect(bad.size).toBeGreaterThan(0)
    const good = (bars: typeof clean) =>
      takeBars(
        bars,
        Array.from(bars.at.keys()).filter((row) => !bad.has(bars.at[row])),
      )
    expect(good(spoilt)).toEqual(good(clean))
    const half = clean.at.slice(1000, 3000)
    expect(badTicksOf(1, clean.symbol, '1d', half).map(({ at }) => at)).toEqual(
      [...bad].filter((at) => half.includes(at)),
    )
  })

  it('do not touch the series they are made from', () => {
    const { clean } = histories(1)[0]
    const before = structuredClone(clean)
    spoilBars(1, '1d', clean)
    expect(clean).toEqual(before)
  })

  it('are for companies and coins only', () => {
    const assets = DEFAULT_INSTRUMENTS.filter(hasBadTicks).map(({ asset }) => asset)
    expect([...new Set(assets)].sort()).toEqual(['crypto', 'equity'])
  })
})
