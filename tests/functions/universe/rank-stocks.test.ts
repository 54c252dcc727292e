import { describe, expect, it } from 'vitest'
import applyFilters from '../../../functions/universe/apply-filters/handler.ts'
import rankStocks from '../../../functions/universe/rank-stocks/handler.ts'
import { session, sessionToMs } from '../../../shared/domain/market/session.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { reference } from '../../shared/domain/universe/reference-market.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { DATED, referencePorts, SOURCE } from './reference-ports.ts'

const rank = async (ports: AllPorts, dated = DATED) => {
  const [applied] = await call(applyFilters, { ...dated, listed: 14, excluded: 1, observed: 1 }, ports)
  return call(rankStocks, applied.data, ports)
}

describe('rank-stocks', () => {
  it('ranks the eligible and the observed among themselves', async () => {
    const ports = await referencePorts()
    expect(await rank(ports)).toEqual([{ subject: 'universe.stocks.ranked', data: { ...DATED, ranked: 8 } }])
    const ranking = await ports.universe.ranking(RUN)
    expect(ranking.map(({ symbol }) => symbol)).toEqual(reference.ranking.map(({ symbol }) => symbol))
    expect(ranking.filter(({ observed }) => observed).map(({ symbol }) => symbol)).toEqual(['MIKE'])
    expect(await ports.universe.latest(SOURCE, session('2024-06-30'))).toEqual({ run: RUN, ...DATED })
  })

  it('ranks by total returns: a dividend lifts the momentum of who paid it', async () => {
    const ports = await referencePorts()
    const of = async (symbol: string) => (await ports.universe.ranking(RUN)).find((one) => one.symbol === symbol)!
    const dataset = { source: SOURCE, asset: 'equity', interval: '1d' } as const
    const range = { from: sessionToMs(session('2020-01-01')), to: sessionToMs(session('2025-01-01')) }
    const stored = await ports.barStore.read({ dataset, ...range })
    await ports.barStore.store(
      dataset,
      stored.map((series) => ({ ...series, basis: 'raw' })),
    )
    await rank(ports)
    const before = (await of('ALFA')).measures.momentum['63']
    const dividend = {
      symbol: 'ALFA',
      exDate: session('2024-05-15'),
      type: 'dividend',
      value: 2,
      source: SOURCE,
    } as const
    await ports.corporateActions.store([dividend])
    await rank(ports)
    expect((await of('ALFA')).measures.momentum['63']).toBeGreaterThan(before + 0.03)
  })

  it('refuses to rank fewer than two, with the reason', async () => {
    const ports = await referencePorts()
    expect(await rank(ports, { ...DATED, source: 'other' })).toEqual([
      {
        subject: 'universe.ranking.refused',
        data: {
          ...DATED,
          source: 'other',
          eligible: 0,
          reason:
            '0 of 14 stocks can be ranked, expected at least 2; ALFA: no bars in the last 280 sessions; BRAV: no bars in the last 280 sessions; CHAR: no bars in the last 280 sessions; and 11 more',
        },
      },
    ])
    expect(await ports.universe.latest('other', session('2024-06-30'))).toBeUndefined()
  })

  it('knows nothing of bars and actions that come after the session', async () => {
    const ports = await referencePorts()
    const early = { asOf: '2024-05-10', source: SOURCE }
    await rank(ports, early)
    const whole = await ports.universe.ranking(RUN)
    const later = { symbol: 'BRAV', exDate: session('2024-05-13'), source: SOURCE }
    await ports.corporateActions.store([
      { ...later, type: 'split', value: 4 },
      { ...later, type: 'dividend', value: 9 },
    ])
    await rank(ports, early)
    expect(await ports.universe.ranking(RUN)).toEqual(whole)
  })
})
