import { describe, expect, it } from 'vitest'
import markToMarket from '../../../functions/monitoring/mark-to-market/handler.ts'
import measureRisk from '../../../functions/monitoring/measure-risk/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { call } from '../ingestion/memory-ports.ts'
import { aimAt, fundPorts, SOURCE, said } from './fund-ports.ts'

const WHOLE = { from: '2024-03-01', to: '2024-04-16', source: SOURCE }
const MARKED = { ...WHOLE, sessions: 32, value: '1', cash: '1' }

describe('measure-risk', () => {
  it('stores the figures as of the last session, from all that was marked, and counts those with too little', async () => {
    const ports = await fundPorts()
    await call(markToMarket, WHOLE, ports)
    const single = { ...MARKED, from: '2024-04-16' }
    const [[subject, data]] = said(await call(measureRisk, single, ports))

    const figures = await ports.monitoring.figures(SOURCE, session('2024-04-16'))
    const insufficient = figures.filter((figure) => 'insufficient' in figure)
    expect(subject).toBe('monitoring.risk.measured')
    expect(data).toEqual({
      ...WHOLE,
      from: '2024-04-16',
      figures: figures.length,
      insufficient: insufficient.length,
    })
    const named = new Map(figures.map((figure) => [figure.name, figure]))
    expect(named.get('annual_volatility')).toMatchObject({ n: 32, periodsPerYear: 252 })
    expect(named.get('beta_21')).toMatchObject({ n: 21 })
    expect(named.get('sharpe_63')).toEqual({ name: 'sharpe_63', insufficient: true, n: 32, needed: 63 })
    expect([...named.keys()]).toEqual(expect.arrayContaining(['exposure.sector.Energy', 'exposure.name.AAPL', 'drift']))
  })

  it('does not look at what was marked or aimed at later', async () => {
    const [whole, short] = [await fundPorts(), await fundPorts()]
    const march = { ...WHOLE, to: '2024-03-28' }
    await call(markToMarket, WHOLE, whole)
    await aimAt(whole, 'portfolio:later', '2024-04-02', { XOM: 0.9 })
    await call(markToMarket, march, short)
    for (const ports of [whole, short]) await call(measureRisk, { ...MARKED, to: march.to }, ports)
    const figures = ({ monitoring }: typeof whole) => monitoring.figures(SOURCE, session(march.to))
    expect(await figures(whole)).toEqual(await figures(short))
  })
})
