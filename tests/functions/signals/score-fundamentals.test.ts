import { describe, expect, it } from 'vitest'
import scoreFundamentals from '../../../functions/signals/score-fundamentals/handler.ts'
import { reference } from '../../shared/domain/universe/reference-market.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { OPENED, rankedPorts } from './ranked-ports.ts'

describe('score-fundamentals', () => {
  it('scores every ranked stock by its newest ratios; the others keep the reason', async () => {
    const ports = await rankedPorts()
    expect(await call(scoreFundamentals, OPENED, ports)).toEqual([
      { subject: 'signals.fundamentals.scored', data: { ...OPENED, scored: 5, absent: 3 } },
    ])
    const scores = await ports.signals.scores(RUN, 'fundamental')
    for (const { symbol, fundamental } of reference.signals) {
      const found = scores.find((score) => score.symbol === symbol)
      if (fundamental) expect(found?.score).toBeCloseTo(fundamental.score, 10)
      else expect(found).toMatchObject({ score: undefined, reason: expect.stringMatching(/./) })
    }
  })

  it('does not know ratios of a later date', async () => {
    const ports = await rankedPorts()
    const [said] = await call(scoreFundamentals, { ...OPENED, asOf: '2024-06-06' }, ports)
    expect(said.data).toMatchObject({ scored: 1, absent: 7 })
  })
})
