import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, type Session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { headline } from '../../../../shared/domain/simulation/headlines.ts'
import { simulatedMarket } from '../../../../shared/domain/simulation/market.ts'
import { articlesOf, SIMULATED_PUBLISHER } from '../../../../shared/domain/simulation/news.ts'
import { DEFAULT_EQUITIES } from '../../../../shared/domain/universe/default-instruments.ts'
import { correlation } from './statistics.ts'

const SEED = 1
const market = simulatedMarket(SEED)
const FROM = sessionToMs('2018-01-01' as Session)
const TO = sessionToMs('2023-01-01' as Session)
const apple = market.equity('AAPL')!
const all = articlesOf(SEED, apple, FROM, TO)

describe('articlesOf', () => {
  it('writes about a company on a quarter of its sessions', () => {
    expect(all.length / 1259).toBeGreaterThan(0.2)
    expect(all.length / 1259).toBeLessThan(0.4)
  })

  it('gives each article an id of its own, a publisher, a time in order and a whole sentence', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const times = all.map(({ publishedAt }) => publishedAt)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    for (const { title, publisher, symbol } of all) {
      expect({ publisher, symbol }).toEqual({ publisher: SIMULATED_PUBLISHER, symbol: 'AAPL' })
      expect(title).toContain('Apple')
      expect(title).not.toMatch(/[{}]|undefined|NaN/)
    }
  })

  it('answers the same articles for any part of a range', () => {
    const moment = fc.integer({ min: FROM, max: TO })
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)]
        const expected = all.filter(({ publishedAt }) => publishedAt >= start && publishedAt < end)
        expect(articlesOf(SEED, apple, start, end)).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  it('always writes on the day of results', () => {
    for (const row of apple.reports.slice(1)) {
      const titles = articlesOf(SEED, apple, apple.at[row], apple.at[row] + DAY_MS).map(({ title }) => title)
      expect(titles.filter((title) => /quarterly|revenue/.test(title))).toHaveLength(1)
    }
  })

  it('leans on the shock of the day, and weakly on that of the next', () => {
    const tones: number[] = []
    const today: number[] = []
    const tomorrow: number[] = []
    for (const { symbol } of DEFAULT_EQUITIES) {
      const path = market.equity(symbol)!
      const rowOf = new Map(Array.from(path.at, (at, row) => [at, row]))
      for (const { tone, publishedAt } of articlesOf(SEED, path, path.at[0], TO)) {
        const row = rowOf.get(Math.floor(publishedAt / DAY_MS) * DAY_MS)!
        tones.push({ positive: 1, neutral: 0, negative: -1 }[tone])
        today.push(path.ownShock[row])
        tomorrow.push(path.ownShock[row + 1])
      }
    }
    expect(correlation(tones, today)).toBeGreaterThan(0.25)
    expect(correlation(tones, today)).toBeLessThan(0.65)
    expect(correlation(tones, tomorrow)).toBeGreaterThan(0.02)
    expect(correlation(tones, tomorrow)).toBeLessThan(0.15)
  })
})

it('a headline fills every gap of every template', () => {
  const words = { name: "McDonald's", sector: 'Consumer Discretionary' }
  const titles = new Set<string>()
  for (const tone of ['positive', 'neutral', 'negative'] as const) {
    for (const results of [true, false]) {
      for (let choice = 0; choice < 1; choice += 0.01) {
        titles.add(headline({ ...words, tone, results }, choice, choice))
      }
    }
  }
  expect(titles.size).toBeGreaterThan(39)
  for (const title of titles) expect(title).toMatch(/^[A-Z][^{}]*McDonald's|^McDonald's/)
})
