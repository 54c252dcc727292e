import { describe, expect, it } from 'vitest'
import markToMarket from '../../../functions/monitoring/mark-to-market/handler.ts'
import raiseAlerts from '../../../functions/monitoring/raise-alerts/handler.ts'
import { call } from '../ingestion/memory-ports.ts'
import { aimAt, fundPorts, SOURCE, said } from './fund-ports.ts'

const day = (date: string) => ({ from: date, to: date, source: SOURCE })
const measured = (date: string) => ({ ...day(date), figures: 1, insufficient: 0 })

describe('raise-alerts', () => {
  it('says what is new once, and once that it is over', async () => {
    const ports = await fundPorts()
    await call(markToMarket, { from: '2024-03-01', to: '2024-04-16', source: SOURCE }, ports)
    const judged = async (date: string) => said(await call(raiseAlerts, measured(date), ports))
    const names = (drafts: Awaited<ReturnType<typeof judged>>, subject: string) =>
      drafts.flatMap(([found, data]) => (found === subject ? [(data as { alert: string }).alert] : []))

    // Two names of a concentrated fund.
    const first = await judged('2024-03-05')
    expect(first[0]).toEqual(['monitoring.alerts.judged', { ...day('2024-03-05'), raised: 2, resolved: 0, open: 2 }])
    expect(names(first, 'monitoring.alert.raised')).toEqual(['name-weight:AAPL', 'name-weight:XOM'])
    expect(first[1][1]).toMatchObject({ session: '2024-03-05', severity: 'warning' })

    expect(await judged('2024-03-06')).toEqual([
      ['monitoring.alerts.judged', { ...day('2024-03-06'), raised: 0, resolved: 0, open: 2 }],
    ])
    // The same session again says the same: its events have the same ids.
    expect(await judged('2024-03-05')).toEqual(first)

    await aimAt(ports, 'portfolio:far', '2024-03-07', { XOM: 0.9 })
    expect(names(await judged('2024-03-07'), 'monitoring.alert.raised')).toEqual(['drift'])
    await aimAt(ports, 'portfolio:near', '2024-03-08', { AAPL: 0.5, XOM: 0.4 })
    expect(names(await judged('2024-03-08'), 'monitoring.alert.resolved')).toEqual(['drift'])
  })

  it('judges only the last session of a range', async () => {
    const ports = await fundPorts()
    const range = { from: '2024-03-01', to: '2024-04-16', source: SOURCE }
    await call(markToMarket, range, ports)
    await call(raiseAlerts, { ...range, figures: 1, insufficient: 0 }, ports)
    const states = await ports.monitoring.alerts(SOURCE, { limit: 10 })
    expect(states.map(({ raised }) => raised)).toEqual(['2024-04-16', '2024-04-16'])
  })
})
