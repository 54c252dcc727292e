import { expect } from 'vitest'
import { provesKillable } from './killed-command.ts'

/** Three years of everything: some 46,000 bars in more than 3,000 partitions. */
provesKillable({
  name: 'a backfill',
  args: ['backfill', '--provider', 'simulated', '--seed', '7', '--from', '2021-01-04', '--to', '2023-12-29'],
  kills: 10,
  isWhole: (state) =>
    expect([...state.keys()].filter((key) => key.startsWith('market_data/')).length).toBeGreaterThan(3_000),
})
