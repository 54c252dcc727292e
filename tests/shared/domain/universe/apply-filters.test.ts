import { describe, expect, it } from 'vitest'
import { session } from '../../../../shared/domain/market/session.ts'
import { applyFilters, countMembers, filterLookback } from '../../../../shared/domain/universe/apply-filters.ts'
import { listingOf } from '../../../../shared/domain/universe/listing.ts'
import { AS_OF, BARS, MANDATE, reference } from './reference-market.ts'

const members = applyFilters(MANDATE.universe, BARS, AS_OF)
const memberOf = (symbol: string) => members.find(({ listing }) => listing.symbol === symbol)

describe('the members of the reference market', () => {
  it('are those that pandas finds', () => {
    expect(members.map(({ listing }) => listing.symbol)).toEqual(Object.keys(reference.members).sort())
    for (const { listing, status, measures } of members) {
      const expected = reference.members[listing.symbol]
      expect([listing.symbol, status]).toEqual([listing.symbol, expected.status])
      for (const [name, value] of Object.entries(measures ?? {})) {
        expect(value, `${listing.symbol} ${name}`).toBeCloseTo(expected.measures![name], 6)
      }
    }
  })
})

describe('a member', () => {
  it('that is filtered says of every measure what was found and what was expected', () => {
    expect(memberOf('GOLF')?.reasons).toEqual(['220 sessions of history, expected at least 252'])
    expect(memberOf('HOTE')?.reasons).toEqual([
      'median dollar volume 3120763, expected at least 5000000',
      'price 4.80, expected at least 5',
    ])
    expect(memberOf('JULI')?.reasons).toEqual(['quality 0.871, expected at least 0.9'])
    expect(memberOf('LIMA')?.reasons).toEqual(['newest bar 5 sessions old, expected at most 3'])
  })

  it('without bars is filtered and says so', () => {
    const [first] = applyFilters(MANDATE.universe, new Map(), AS_OF)
    expect(first).toMatchObject({ status: 'filtered', reasons: ['no bars in the last 280 sessions'] })
  })

  it('is excluded or observed from the date of the judgement on, with its evidence', () => {
    expect(memberOf('NOVE')).toMatchObject({
      status: 'excluded',
      reasons: ['excluded since 2024-06-07: tobacco (a letter)'],
    })
    expect(memberOf('MIKE')).toMatchObject({
      status: 'observed',
      reasons: ['observed since 2024-01-02: bribery (a court)'],
    })
    const before = applyFilters(MANDATE.universe, BARS, session('2024-06-06'))
    expect(before.find(({ listing }) => listing.symbol === 'NOVE')?.status).toBe('eligible')
  })

  it('is counted once, by the graver judgement', () => {
    const { observation, exclusions } = MANDATE.universe
    const rules = { ...MANDATE.universe, observation: [...observation, { ...exclusions[0], date: '2024-01-02' }] }
    expect(countMembers(rules, AS_OF)).toEqual({ listed: 14, excluded: 1, observed: 1 })
    expect(countMembers(rules, session('2024-06-06'))).toEqual({ listed: 14, excluded: 0, observed: 2 })
  })

  it('is a coin by its symbol, on the calendar of coins', () => {
    const coin = listingOf({ symbol: 'BTC-USD', sector: 'Crypto', currency: 'USD', exchange: '24/7' })
    expect(coin).toMatchObject({ asset: 'crypto', calendar: '24/7', name: 'BTC-USD' })
  })
})

describe('the look-back of the filters', () => {
  it('reaches so far that a name of the least quality can still show its history', () => {
    const { filters } = MANDATE.universe
    expect(filterLookback(filters)).toBe(280)
    expect(filterLookback({ ...filters, minimumQuality: 0 })).toBe(504)
  })
})
