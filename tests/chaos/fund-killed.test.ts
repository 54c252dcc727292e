import { expect } from 'vitest'
import { provesKillable } from './killed-command.ts'

/** Two years of a market, and a fund through three months of it: universe, rebalances, fills, dividends, marks, alerts, reports. */
provesKillable({
  name: 'a fund',
  args: ['run', 'all', '--provider', 'simulated', '--seed', '7', '--from', '2023-09-01', '--to', '2023-11-30'],
  kills: 8,
  isWhole(state) {
    const keys = [...state.keys()]
    expect(keys.filter((key) => key.startsWith('reports/orders/'))).toHaveLength(12)
    expect(keys.find((key) => key.startsWith('monitoring.portfolio_snapshots'))).toContain(': 62 rows')
    expect(keys.find((key) => key.startsWith('execution.entries'))).not.toContain(': 0 rows')
  },
})
