import { describe, expect, it } from 'vitest'
import combineSignals from '../../../functions/signals/combine-signals/handler.ts'
import scoreFundamentals from '../../../functions/signals/score-fundamentals/handler.ts'
import scoreTechnicals from '../../../functions/signals/score-technicals/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { reference } from '../../shared/domain/universe/reference-market.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { DATED, SOURCE } from '../universe/reference-ports.ts'
import { OPENED, rankedPorts } from './ranked-ports.ts'

const joined = (parts: readonly object[], failed: readonly object[] = []) => ({
  revision: 1,
  expected: [DATED.asOf],
  parts,
  failed,
})
const part = (opened: object) => {
  const subjects = ['technicals', 'fundamentals', 'sentiment'].map((component) => `signals.${component}.scored`)
  const events = subjects.map((subject) => [subject, opened])
  return { part: DATED.asOf, events: Object.fromEntries(events) }
}
const combine = async (ports: AllPorts, opened = OPENED) => {
  await call(scoreTechnicals, opened, ports)
  await call(scoreFundamentals, opened, ports)
  return call(combineSignals, joined([part(opened)]), ports)
}

describe('combine-signals', () => {
  it('keeps a signal of every ranked stock and says what nobody scored', async () => {
    const ports = await rankedPorts()
    const count = (band: string) => reference.signals.filter((signal) => signal.band === band).length
    expect(await combine(ports)).toEqual([
      {
        subject: 'signals.scores.combined',
        data: {
          ...DATED,
          combined: 8,
          withoutScore: 0,
          bands: {
            strongBuy: 0,
            buy: count('buy'),
            hold: count('hold'),
            sell: count('sell'),
            strongSell: count('strong_sell'),
          },
          absent: ['sentiment', 'alpha'],
        },
      },
    ])
    const signals = await ports.signals.signals(RUN)
    for (const { symbol, score, band } of reference.signals) {
      expect(signals.find((signal) => signal.symbol === symbol)).toMatchObject({
        score: expect.closeTo(score, 10),
        band,
      })
    }
    expect(await ports.signals.latest(SOURCE, session('2024-06-30'))).toEqual({ run: RUN, ...OPENED })
  })

  it('joins a component that somebody else has scored', async () => {
    const ports = await rankedPorts()
    const run = { run: RUN, ...OPENED, asOf: session(OPENED.asOf) }
    await ports.signals.putScores(run, 'alpha', [{ symbol: 'ALFA', score: 100, parts: [], coverage: 1 }])
    const [said] = await combine(ports)
    expect(said.data).toMatchObject({ absent: ['sentiment'] })
    const signals = await ports.signals.signals(RUN)
    const components = (symbol: string) =>
      signals.find((signal) => signal.symbol === symbol)?.contributions.map(({ component }) => component)
    expect(components('ALFA')).toEqual(['technical', 'fundamental', 'alpha'])
    expect(components('BRAV')).toEqual(['technical', 'fundamental'])
  })

  it('fails when it has combined nothing, and leaves the last signals standing', async () => {
    const ports = await rankedPorts()
    const [said] = await combine(ports, { ...OPENED, source: 'other' })
    expect(said.data).toMatchObject({
      combined: 0,
      withoutScore: 8,
      absent: ['technical', 'fundamental', 'sentiment', 'alpha'],
    })
    const word = combineSignals.emits.find(({ subject }) => subject === said.subject)
    expect(word?.effect(said.data)).toEqual({ effect: 'failed', reason: 'no stock has a score of any component' })
    expect(await ports.signals.latest('other', session('2024-06-30'))).toBeUndefined()
  })

  it('refuses while a component is lost on the way, with the reason', async () => {
    const failed = [{ part: DATED.asOf, reason: 'signals-score-technicals: broken' }]
    expect(await call(combineSignals, joined([], failed), await rankedPorts())).toEqual([
      { subject: 'signals.scores.refused', data: { reason: 'signals-score-technicals: broken' } },
    ])
  })
})
