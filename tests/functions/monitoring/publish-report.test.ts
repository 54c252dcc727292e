import { describe, expect, it } from 'vitest'
import markToMarket from '../../../functions/monitoring/mark-to-market/handler.ts'
import publishReport from '../../../functions/monitoring/publish-report/handler.ts'
import raiseAlerts from '../../../functions/monitoring/raise-alerts/handler.ts'
import { PermanentError, UnavailableError } from '../../../shared/ports/errors.ts'
import type { Notifier } from '../../../shared/ports/notifier.ts'
import { call } from '../ingestion/memory-ports.ts'
import { type FundPorts, fundPorts, SOURCE, said } from './fund-ports.ts'

const WHOLE = { from: '2024-03-01', to: '2024-04-16', source: SOURCE }
const JUDGED = { ...WHOLE, raised: 2, resolved: 0, open: 2 }

async function judged(options: Parameters<typeof fundPorts>[0] = {}): Promise<FundPorts> {
  const ports = await fundPorts(options)
  await call(markToMarket, WHOLE, ports)
  await call(raiseAlerts, { ...WHOLE, figures: 1, insufficient: 0 }, ports)
  return ports
}
const failing = (error: Error): Notifier => ({ name: 'failing', notify: () => Promise.reject(error) })

describe('publish-report', () => {
  it('publishes page and data of the last session, and tells people what was raised', async () => {
    const ports = await judged()
    const keys = {
      html: 'reports/daily/2024-04-16/simulated/daily-report.html',
      json: 'reports/daily/2024-04-16/simulated/daily-report.json',
    }
    expect(said(await call(publishReport, JUDGED, ports))).toEqual([
      ['monitoring.report.published', { ...WHOLE, ...keys }],
    ])
    const page = new TextDecoder().decode((await ports.objects.get(keys.html))!.body)
    expect(page).toContain('SIMULATED')
    expect(page).toContain('name-weight:AAPL')
    expect(ports.told).toMatchObject([
      {
        key: 'monitoring/simulated/2024-04-16/alerts',
        severity: 'warning',
        title: 'SIMULATED: default, 2024-04-16: 2 alerts raised',
      },
    ])
  })

  it('tells nobody of a session that is not the newest any more', async () => {
    const ports = await judged({ now: '2024-04-18T18:00:00Z' })
    await call(publishReport, JUDGED, ports)
    expect(ports.told).toEqual([])
  })

  it('tells nobody when nothing has changed', async () => {
    const ports = await fundPorts()
    await call(markToMarket, WHOLE, ports)
    for (const to of ['2024-04-15', '2024-04-16']) {
      await call(raiseAlerts, { ...WHOLE, to, figures: 1, insufficient: 0 }, ports)
    }
    await call(publishReport, { ...JUDGED, raised: 0 }, ports)
    expect(ports.told).toEqual([])
  })

  it('tells the others when one is away, waits for that one, and tells again under the same key', async () => {
    const away = new UnavailableError('away')
    const ports = await judged({ notifiers: [failing(new PermanentError('refused')), failing(away)] })
    await expect(call(publishReport, JUDGED, ports)).rejects.toBe(away)
    await expect(call(publishReport, JUDGED, ports, 2)).rejects.toBe(away)
    expect(ports.told).toHaveLength(2)
    expect(ports.told[1]).toEqual(ports.told[0])
  })

  it('ends among the dead letters when somebody refuses for good, the report being there', async () => {
    const refused = new PermanentError('refused')
    const ports = await judged({ notifiers: [failing(refused)] })
    await expect(call(publishReport, JUDGED, ports)).rejects.toBe(refused)
    expect(await ports.objects.head('reports/daily/2024-04-16/simulated/daily-report.html')).toBeDefined()
  })
})
