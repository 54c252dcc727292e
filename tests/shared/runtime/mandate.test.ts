import { describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/ports/errors.ts'
import { readMandate } from '../../../shared/runtime/mandate.ts'

describe('a mandate', () => {
  it('is the shipped one where no file says more', () => {
    const mandate = readMandate(undefined, 'mandate.yaml', 'default')
    expect(mandate.universe.listings).toHaveLength(49)
    expect(new Set(mandate.universe.listings.map(({ sector }) => sector)).size).toBe(11)
    expect(mandate.portfolio).toMatchObject({ nameCap: 0.05, sectorCap: 0.25, cash: 0.05 })
  })

  it('differs from the shipped one that it names in what it says, and in nothing else', () => {
    const small = readMandate({ base: 'small' }, 'mandate.yaml', 'default')
    const mine = readMandate({ base: 'small', portfolio: { method: 'hrp' } }, 'mandate.yaml', 'default')
    expect(small.portfolio).toMatchObject({ nameCap: 0.15, sectorCap: 0.5, method: 'score-tilt' })
    expect(mine).toEqual({ ...small, portfolio: { ...small.portfolio, method: 'hrp' } })
  })

  it('replaces a list instead of adding to it', () => {
    const listings = [{ symbol: 'AAPL', sector: 'Information Technology' }]
    const mandate = readMandate({ universe: { listings } }, 'mandate.yaml', 'small')
    expect(mandate.universe.listings).toEqual([{ ...listings[0], currency: 'USD', exchange: 'XNYS' }])
  })

  it('takes an amount as text or number and keeps it exact', () => {
    expect(readMandate({ capital: '25000.10' }, 'm', 'default').capital).toBe('25000.10')
    expect(readMandate({ capital: 25000.1 }, 'm', 'default').capital).toBe('25000.1')
  })

  it('states what regulators take of sales, and nothing unless it does', () => {
    const regulatoryFees = [{ name: 'SEC', from: '2024-05-22', perMillion: 27.8 }]
    expect(readMandate({}, 'm', 'default').costs.regulatoryFees).toEqual([])
    expect(readMandate({ costs: { regulatoryFees } }, 'm', 'default').costs).toMatchObject({ regulatoryFees })
  })

  it.each([
    ['a fee from a day that is none', { costs: { regulatoryFees: [{ name: 'SEC', from: '2024-02-30' }] } }, /from/],
    ['an unknown rule', { portfolio: { nameCaps: 0.1 } }, /nameCaps/],
    ['a cap above one', { portfolio: { nameCap: 5 } }, /portfolio\.nameCap/],
    ['an amount that is none', { capital: '1,000' }, /capital.*decimal amount/],
    [
      'an exclusion without evidence',
      { universe: { exclusions: [{ symbol: 'BA', reason: 'x', date: '2024-01-01' }] } },
      /evidence/,
    ],
    [
      'an exclusion of a name it does not list',
      { universe: { exclusions: [{ symbol: 'ZZ', reason: 'x', date: '2024-01-01', evidence: 'y' }] } },
      /ZZ is not among the listings/,
    ],
    [
      'a name in another currency',
      { universe: { listings: [{ symbol: 'SAP', sector: 'IT', currency: 'EUR' }] } },
      /SAP trades in EUR/,
    ],
    [
      'a name on another calendar',
      { universe: { listings: [{ symbol: '7203', sector: 'CD', exchange: 'XTKS' }] } },
      /7203 trades on XTKS/,
    ],
    [
      'a name listed twice',
      {
        universe: {
          listings: [
            { symbol: 'A', sector: 'B' },
            { symbol: 'A', sector: 'B' },
          ],
        },
      },
      /twice/,
    ],
    ['bands out of order', { signals: { bands: { buy: 80 } } }, /each band below/],
    ['a base that is not shipped', { base: 'large' }, /base is "large"/],
    ['a list instead of rules', [1, 2], /is no mandate/],
  ])('refuses %s, naming the file', (_, content, message) => {
    const read = () => readMandate(content, 'mandate.yaml', 'default')
    expect(read).toThrow(InputError)
    expect(read).toThrow(message)
    expect(read).toThrow(/^mandate\.yaml: /)
  })
})
