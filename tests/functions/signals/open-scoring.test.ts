import { describe, expect, it } from 'vitest'
import openScoring from '../../../functions/signals/open-scoring/handler.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { DATED, referencePorts } from '../universe/reference-ports.ts'

describe('open-scoring', () => {
  it('opens the scoring of what its own run has ranked, as a part of one join', async () => {
    expect(await call(openScoring, { ...DATED, ranked: 8 }, await referencePorts())).toEqual([
      { subject: 'signals.scoring.opened', data: { ...DATED, universe: RUN }, join: 'scores', part: DATED.asOf },
    ])
  })
})
