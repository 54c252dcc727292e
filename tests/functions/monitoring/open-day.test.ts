import { describe, expect, it } from 'vitest'
import openDay from '../../../functions/monitoring/open-day/handler.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { call, madeProvider, memoryPorts } from '../ingestion/memory-ports.ts'

// Wednesday in the evening, UTC: Wednesday's session is still on.
const ports = memoryPorts(madeProvider({}).provider, {}, Date.parse('2024-04-17T18:00:00Z'))
const opened = async (opening: Readonly<Record<string, unknown>>) => {
  const [{ data }] = await call(openDay, { key: 'k', params: {}, ...opening }, ports)
  return data
}
const asked = (params: Readonly<Record<string, string | undefined>>) => opened({ params })

describe('open-day', () => {
  it('opens the slot of its clock, on the prices of the settings', async () => {
    const slot = { key: '2024-04-15..2024-04-16', from: '2024-04-15', to: '2024-04-16' }
    expect(await opened({ slot })).toEqual({ from: '2024-04-15', to: '2024-04-16', source: 'simulated' })
  })

  it('opens the last session that has closed, a date, or a range without its holidays', async () => {
    expect(await asked({})).toMatchObject({ from: '2024-04-16', to: '2024-04-16' })
    expect(await asked({ to: '2024-04-12' })).toMatchObject({ from: '2024-04-12', to: '2024-04-12' })
    expect(await asked({ from: '2024-04-12' })).toMatchObject({ from: '2024-04-12', to: '2024-04-16' })
    expect(await asked({ from: '2024-03-29', to: '2024-04-07', source: 'yahoo' })).toEqual({
      from: '2024-04-01',
      to: '2024-04-05',
      source: 'yahoo',
    })
  })

  it('refuses what has not closed, what no calendar knows, and a range without a session', async () => {
    for (const params of [
      { to: '2024-04-17' },
      { from: '1999-12-31', to: '2024-04-16' },
      { from: '2024-04-13', to: '2024-04-14' },
      { from: '2024-04-16', to: '2024-04-15' },
    ]) {
      await expect(asked(params)).rejects.toThrow(InputError)
    }
    await expect(asked({ to: '2024-04-17' })).rejects.toThrow(
      'Monitoring from 2024-04-17 to 2024-04-17: expected sessions from 2000-01-04 to 2024-04-16, the last that has closed',
    )
  })
})
