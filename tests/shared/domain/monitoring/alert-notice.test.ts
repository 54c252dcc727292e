import { describe, expect, it } from 'vitest'
import { session } from '../../../../shared/domain/market/session.ts'
import { alertNotice } from '../../../../shared/domain/monitoring/alert-notice.ts'
import type { DailyReport } from '../../../../shared/domain/monitoring/daily-report.ts'
import type { AlertState } from '../../../../shared/domain/monitoring/snapshot.ts'
import { snapshot } from './made-fund.ts'

const [THURSDAY, FRIDAY] = ['2024-03-07', '2024-03-08'].map(session)
const state = (alert: string, severity: AlertState['severity'], resolved?: typeof FRIDAY): AlertState => {
  const raised = resolved ? THURSDAY : FRIDAY
  return { alert, severity, message: `${alert} found`, value: 1, threshold: 0, raised, resolved }
}
const noticeOf = (alerts: Partial<DailyReport['alerts']>, source = 'yahoo') =>
  alertNotice({
    source,
    fund: 'small',
    currency: 'USD',
    benchmark: '^GSPC',
    snapshots: [snapshot(FRIDAY)],
    marks: [],
    figures: [],
    alerts: { raised: [], resolved: [], open: [], ...alerts },
    nameCap: 1,
    sectorCap: 1,
    incomeTarget: 0,
  })

describe('the notice about alerts', () => {
  it('tells what was raised, the critical first, and what was resolved', () => {
    const raised = [state('drift', 'warning'), state('drawdown', 'critical')]
    expect(noticeOf({ raised, resolved: [state('price-age:A', 'warning', FRIDAY)], open: raised })).toEqual({
      key: 'monitoring/yahoo/2024-03-08/alerts',
      severity: 'critical',
      title: 'small, 2024-03-08: 2 alerts raised, 1 alert resolved',
      text: 'Raised, critical: drawdown found\nRaised, warning: drift found\nResolved: price-age:A, raised on 2024-03-07\nOpen in all: 2.\n',
    })
  })

  it('is only information when everything is over, and none when nothing has changed', () => {
    expect(noticeOf({ resolved: [state('drift', 'warning', FRIDAY)] })).toMatchObject({
      severity: 'info',
      title: 'small, 2024-03-08: 1 alert resolved',
    })
    expect(noticeOf({ open: [state('drift', 'warning')] })).toBeUndefined()
  })

  it('says of made prices that they are', () => {
    expect(noticeOf({ raised: [state('drift', 'warning')] }, 'simulated')?.title).toMatch(/^SIMULATED: /)
  })
})
