import { describe, expect, it } from 'vitest'
import openDay from '../../../functions/signals/open-day/handler.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { call } from '../ingestion/memory-ports.ts'
import { DATED, referencePorts } from '../universe/reference-ports.ts'
import { OPENED, rankedPorts } from './ranked-ports.ts'

describe('open-day', () => {
  it('opens the scoring of the stocks that were ranked last', async () => {
    const ports = await rankedPorts()
    const slot = { key: '2024-06-07', from: '2024-06-07', to: '2024-06-07' }
    expect(await call(openDay, { key: 'k', params: {}, slot }, ports)).toEqual([
      { subject: 'signals.scoring.opened', data: OPENED, join: 'scores', part: DATED.asOf },
    ])
  })

  it('refuses where no universe was ranked by then, and says what to do', async () => {
    const ports = await rankedPorts()
    const refused = call(openDay, { key: 'k', params: { date: '2024-06-06' } }, ports)
    await expect(refused).rejects.toThrow(
      'No ranked universe of source "made" as of 2024-06-06 or earlier: run the universe first',
    )
    await expect(refused).rejects.toBeInstanceOf(InputError)
    await expect(call(openDay, { key: 'k', params: { source: 'other' } }, ports)).rejects.toThrow(/source "other"/)
  })

  it('is on the clock only where the mandate asks for daily scores', async () => {
    const { on } = openDay
    const daily = await referencePorts({ signals: { daily: true } })
    expect(on.kind === 'clock' && on.enabled?.(await referencePorts())).toBe(false)
    expect(on.kind === 'clock' && on.enabled?.(daily)).toBe(true)
  })
})
