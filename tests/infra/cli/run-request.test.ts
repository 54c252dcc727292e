import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkRangeIsOver,
  type DataRequest,
  isPlain,
  lastCompleted,
  rangeRequest,
  readDataFlags,
} from '../../../infra/local/cli/run-request.ts'

/** Friday after the close in New York, and the UTC day not over yet. */
const FRIDAY_EVENING = Date.UTC(2024, 0, 5, 22)

describe('the options of a run', () => {
  it('leave out what is the default anyway, so the run is the plain one', () => {
    expect(readDataFlags({ date: '2024-01-05', interval: '1d' })).toEqual({ date: '2024-01-05' })
    expect(isPlain(readDataFlags({ date: '2024-01-05', interval: '1d' }))).toBe(true)
    expect(isPlain(readDataFlags({ symbols: 'A' }))).toBe(false)
  })

  it('name the provider that an option belongs to', () => {
    expect(readDataFlags({ seed: '7' }).provider).toEqual({ name: 'simulated', seed: 7 })
    expect(readDataFlags({ provider: 'yahoo' }).provider).toEqual({ name: 'yahoo' })
  })

  it('make paths absolute', () => {
    const flags = { data: 'infra', basis: 'raw', actions: 'package.json', source: 'mine' }
    expect(readDataFlags(flags, process.cwd()).provider).toEqual({
      name: 'file',
      data: `${process.cwd()}/infra`,
      basis: 'raw',
      source: 'mine',
      actions: `${process.cwd()}/package.json`,
    })
  })

  it('count a symbol once', () => {
    expect(readDataFlags({ symbols: 'B, A,B' }).symbols).toEqual(['B', 'A'])
  })
})

describe('the key of a range', () => {
  it('is its dates, and a hash of whatever else was said', () => {
    expect(rangeRequest('2024-01-02', '2024-01-31', {})).toEqual({
      key: 'backfill-2024-01-02..2024-01-31',
      params: { from: '2024-01-02', to: '2024-01-31' },
    })
    expect(rangeRequest('2024-01-02', '2024-01-31', { symbols: ['A'] }).key).toMatch(
      /^backfill-2024-01-02\.\.2024-01-31-[0-9a-f]{8}$/,
    )
  })

  it('is the same exactly when the parameters are', () => {
    const requests = fc.record<DataRequest>(
      {
        symbols: fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { minLength: 1 }),
        provider: fc.record({ name: fc.constant('simulated' as const), seed: fc.nat(5) }, { requiredKeys: ['name'] }),
        interval: fc.constantFrom('1h', '5m'),
      },
      { requiredKeys: [] },
    )
    const dates = fc.constantFrom('2024-01-02', '2024-01-03')
    fc.assert(
      fc.property(dates, dates, requests, requests, (from, other, one, two) => {
        const a = rangeRequest(from, '2024-02-01', one)
        const b = rangeRequest(other, '2024-02-01', two)
        expect(a.key === b.key).toBe(JSON.stringify(a.params) === JSON.stringify(b.params))
      }),
    )
  })
})

describe('the last day that is over', () => {
  it('is a session as soon as it has closed, and a UTC day for coins', () => {
    expect(lastCompleted(undefined, FRIDAY_EVENING)).toBe('2024-01-05')
    expect(lastCompleted(['AAPL', 'BTC-USD'], FRIDAY_EVENING)).toBe('2024-01-05')
    expect(lastCompleted(['BTC-USD'], FRIDAY_EVENING)).toBe('2024-01-04')
    expect(lastCompleted(['BTC-USD'], Date.UTC(2024, 0, 8, 12))).toBe('2024-01-07')
    expect(lastCompleted(['AAPL'], Date.UTC(2024, 0, 8, 12))).toBe('2024-01-05')
  })

  it('bounds a range', () => {
    expect(() => checkRangeIsOver('2024-01-05', FRIDAY_EVENING)).not.toThrow()
    expect(() => checkRangeIsOver('2024-01-06', FRIDAY_EVENING)).toThrow('--to 2024-01-06 is not over yet; the last')
  })
})
