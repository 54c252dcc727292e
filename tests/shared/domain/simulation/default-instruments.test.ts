import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CHARACTERS } from '../../../../shared/domain/simulation/characters.ts'
import {
  DEFAULT_EQUITIES,
  DEFAULT_INSTRUMENTS,
  GICS_SECTORS,
} from '../../../../shared/domain/universe/default-instruments.ts'

const CONSTITUENTS = new URL('../../../../../shared/market-data/reference/sp500-constituents.csv', import.meta.url)

describe('the default universe', () => {
  it('has 49 companies, at least three in each of eleven sectors', () => {
    expect(new Set(DEFAULT_EQUITIES.map(({ symbol }) => symbol)).size).toBe(49)
    expect(GICS_SECTORS).toHaveLength(11)
    for (const sector of GICS_SECTORS) {
      expect(DEFAULT_EQUITIES.filter((equity) => equity.sector === sector).length, sector).toBeGreaterThanOrEqual(3)
    }
  })

  it('has the ten names of the hourly analysis, and everything around them once', () => {
    const symbols = DEFAULT_INSTRUMENTS.map(({ symbol }) => symbol)
    expect(symbols).toEqual([...new Set(symbols)])
    const needed = 'AAPL MSFT GOOGL AMZN NVDA META TSLA JPM V JNJ ^GSPC ^VIX ^TNX ^IRX ^FVX ^TYX BTC-USD ETH-USD'
    expect(symbols).toEqual(expect.arrayContaining(needed.split(' ')))
  })

  it('has a character for each company', () => {
    expect([...CHARACTERS.keys()]).toEqual(DEFAULT_EQUITIES.map(({ symbol }) => symbol))
    for (const character of CHARACTERS.values()) {
      expect(character.price, character.symbol).toBeLessThan(character.splitAbove)
      expect(Object.values(character.ratios).every((ratio) => ratio > 0)).toBe(true)
    }
  })

  it.skipIf(!existsSync(CONSTITUENTS))('has the sectors of the list of constituents (needs the reference data)', () => {
    const rows = readFileSync(CONSTITUENTS, 'utf8').split('\n')
    for (const { symbol, sector } of DEFAULT_EQUITIES) {
      const row = rows.find((line) => line.startsWith(`${symbol},`))
      expect(row, symbol).toContain(`,${sector},`)
    }
  })
})
