import { describe, expect, it } from 'vitest'
import type { PlannedRun } from '../../../infra/local/cli/follow-plan.ts'
import { fundText, runsText } from '../../../infra/local/cli/fund-report.ts'
import type { FundSummary } from '../../../infra/local/operations/fund.ts'

const run = (workflow: string, state: PlannedRun['state'], reason: string | null = null): PlannedRun => {
  return { run: `${workflow}:2024-08-02`, workflow, month: '2024-08-05', state, reason, seconds: 0.5, opened: true }
}

const FUND: FundSummary = {
  source: 'simulated',
  session: '2024-08-30',
  value: '1012345.67',
  cash: '50000.01',
  positions: 20,
  figures: [
    { name: 'sharpe', value: 1.23456, n: 250, periodsPerYear: 252 },
    { name: 'beta', insufficient: true, n: 19, needed: 20 },
  ],
  openAlerts: [{ severity: 'critical', message: 'Drawdown 6 %' }],
  rebalance: {
    run: 'portfolio:2024-08-05',
    session: '2024-08-05',
    orders: 3,
    suppressed: 17,
    turnover: 0.0499,
    costs: '12.34',
    report: 'reports/orders/2024-08-05/report.html',
    largest: '2024-08-05-MSFT-buy',
  },
  daily: 'reports/daily/2024-08-30/daily.html',
}

describe('what a walk came to', () => {
  it('counts the runs of a workflow by how they ended and says why months were left out', () => {
    const text = runsText([
      run('universe', 'ok'),
      run('universe', 'failed', 'only 1 stock passed'),
      run('portfolio', 'ok'),
    ])
    expect(text).toMatch(/universe +2 +1 +0 +1/)
    expect(text).toContain('universe:2024-08-02: only 1 stock passed')
  })

  it('counts reasons instead of listing hundreds', () => {
    const text = runsText(Array.from({ length: 9 }, () => run('universe', 'failed', 'too few')))
    expect(text.match(/too few/g)).toHaveLength(5)
    expect(text).toContain('and 4 more')
  })

  it('says how the fund stands, what is not known, where the reports lie, and what to ask', () => {
    const text = fundText(FUND, { home: `${process.cwd()}/.edgefund`, s3: undefined })
    expect(text).toContain('SIMULATED')
    expect(text).toContain('worth 1012345.67 USD, 50000.01 of it in cash, 20 positions')
    expect(text).toMatch(/sharpe +1\.2346 {2}\(n 250\)/)
    expect(text).toMatch(/beta +insufficient data \(19 of 20 observations\)/)
    expect(text).toContain('critical: Drawdown 6 %')
    expect(text).toContain('.edgefund/objects/reports/orders/2024-08-05/report.html')
    expect(text).toContain('npx edgefund explain 2024-08-05-MSFT-buy\n')
  })

  it('names the home that is not the usual one, and a bucket', () => {
    const s3 = { bucket: 'fund', endpoint: 'http://s3', region: 'r', accessKey: 'a', secretKey: 'b' }
    const text = fundText(FUND, { home: '/elsewhere', s3 })
    expect(text).toContain('s3://fund/reports/daily/')
    expect(text).toContain('explain 2024-08-05-MSFT-buy --home /elsewhere')
  })

  it('says nothing of what there is not', () => {
    const nothing = { ...FUND, session: null, figures: [], openAlerts: [], rebalance: null, daily: null }
    expect(fundText(nothing, { home: '/x', s3: undefined }).trim()).toBe('')
  })
})
