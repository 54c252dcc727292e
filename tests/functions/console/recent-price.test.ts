import { expect, it } from 'vitest'
import { recentPrice } from '../../../functions/console/recent-price.ts'
import { instant } from '../../../shared/domain/market/session.ts'
import type { BarHistory } from '../../../shared/ports/bar-store.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { madeConsole, NAMES, NOW } from './made-console.ts'

async function counted() {
  const { ports } = await madeConsole()
  const state = { reads: 0, away: false, now: NOW }
  const barHistory: BarHistory = {
    async read(query) {
      state.reads++
      if (state.away) throw new UnavailableError('away')
      return ports.barHistory.read(query)
    },
  }
  return { state, ports: { ...ports, barHistory, clock: { now: () => instant(state.now) } } }
}

it('reads a stock once a minute, also when it is asked for twice at once', async () => {
  const { state, ports } = await counted()
  const [page, script] = await Promise.all([recentPrice(ports, 'XOM'), recentPrice(ports, 'XOM')])
  expect(script).toBe(page)
  expect(page.close).toHaveLength(252)
  expect(state.reads).toBe(1)
  state.now += 60_001
  await recentPrice(ports, 'XOM')
  await recentPrice(ports, 'CVX')
  expect(state.reads).toBe(3)
})

it('keeps no failure', async () => {
  const { state, ports } = await counted()
  state.away = true
  await expect(recentPrice(ports, 'XOM')).rejects.toThrow(UnavailableError)
  state.away = false
  expect((await recentPrice(ports, 'XOM')).at).toHaveLength(252)
})

it('keeps few stocks, the ones asked for last', async () => {
  const { state, ports } = await counted()
  for (const { symbol } of NAMES.slice(0, 21)) await recentPrice(ports, symbol)
  await recentPrice(ports, NAMES[20].symbol)
  expect(state.reads).toBe(21)
  await recentPrice(ports, NAMES[0].symbol)
  expect(state.reads).toBe(22)
})
