import { describe, expect, it } from 'vitest'
import scoreTechnicals from '../../../functions/signals/score-technicals/handler.ts'
import { reference } from '../../shared/domain/universe/reference-market.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { OPENED, rankedPorts } from './ranked-ports.ts'

describe('score-technicals', () => {
  it('scores every ranked stock by its bars', async () => {
    const ports = await rankedPorts()
    expect(await call(scoreTechnicals, OPENED, ports)).toEqual([
      { subject: 'signals.technicals.scored', data: { ...OPENED, scored: 8, absent: 0 } },
    ])
    const scores = await ports.signals.scores(RUN, 'technical')
    expect(scores).toHaveLength(8)
    for (const { symbol, technical } of reference.signals) {
      expect(scores.find((score) => score.symbol === symbol)?.score).toBeCloseTo(technical.score, 10)
    }
  })

  it('says how many have no score', async () => {
    const ports = await rankedPorts()
    const [said] = await call(scoreTechnicals, { ...OPENED, source: 'other' }, ports)
    expect(said.data).toMatchObject({ scored: 0, absent: 8 })
    expect((await ports.signals.scores(RUN, 'technical'))[0]).toMatchObject({ symbol: 'ALFA', reason: 'no bars' })
  })
})
