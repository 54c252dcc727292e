import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'

const counted = z.object({ passed: z.number(), of: z.number() })

describe('an event', () => {
  it('says its data under its subject, at an address when one is given', () => {
    const BarsCounted = event('toys.bars.counted', counted)
    const data = { passed: 9, of: 10 }

    expect(BarsCounted.of(data)).toEqual({ subject: 'toys.bars.counted', data })
    expect(BarsCounted.of(data, { join: 'symbols', part: 'AAPL', partitionKey: 'k' })).toEqual({
      subject: 'toys.bars.counted',
      data,
      join: 'symbols',
      part: 'AAPL',
      partitionKey: 'k',
    })
  })

  it.each(['toys.bars.counted', 'toys.bars.counted.v2', 'risk_2.var_95.measured'])(
    'takes the subject %s',
    (subject) => {
      expect(event(subject, counted).subject).toBe(subject)
    },
  )

  it.each([
    '',
    'bars.counted',
    'toys.bars.counted.twice',
    'toys.*.counted',
    'toys.>',
    'Toys.bars.counted',
    'toys.bars-counted.now',
    'toys.bars.counted.v',
    ' toys.bars.counted',
    'toys.bars.counted\n',
  ])('refuses the subject %j', (subject) => {
    expect(() => event(subject, counted)).toThrow(/is not <workflow>\.<thing>\.<past participle>/)
  })

  it('means nothing for its run unless it says so', () => {
    expect(event('toys.bars.counted', counted).effect({ passed: 0, of: 10 })).toBeUndefined()
  })

  it('tells a failure before a shortfall, each with its reason', () => {
    const BarsCounted = event('toys.bars.counted', counted, {
      fails: ({ passed }) => (passed === 0 ? 'none passed' : undefined),
      shortfall: ({ passed, of }) => (passed < of ? `${passed} of ${of}` : undefined),
    })

    expect(BarsCounted.effect({ passed: 10, of: 10 })).toBeUndefined()
    expect(BarsCounted.effect({ passed: 9, of: 10 })).toEqual({ effect: 'partial', reason: '9 of 10' })
    expect(BarsCounted.effect({ passed: 0, of: 10 })).toEqual({ effect: 'failed', reason: 'none passed' })
  })
})
