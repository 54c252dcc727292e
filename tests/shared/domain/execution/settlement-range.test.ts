import { describe, expect, it } from 'vitest'
import { settlementRange } from '../../../../shared/domain/execution/settlement-range.ts'
import { session } from '../../../../shared/domain/market/session.ts'

const FRIDAY = session('2024-03-15')
const slot = { from: session('2024-03-14'), to: FRIDAY }

describe('the sessions to settle', () => {
  it('are the clock’s, and five before for what became known late', () => {
    expect(settlementRange({}, slot, FRIDAY)).toEqual({ from: '2024-03-07', to: '2024-03-15' })
    const first = session('2000-01-04')
    expect(settlementRange({}, { from: first, to: first }, FRIDAY)).toEqual({ from: '2000-01-03', to: first })
  })

  it('are those that a person asks for, as far as there is trade', () => {
    const asked = { from: session('2024-03-09'), to: session('2024-03-12') }
    expect(settlementRange(asked, undefined, FRIDAY)).toEqual({ from: '2024-03-11', to: '2024-03-12' })
    expect(settlementRange({ from: session('2024-03-13') }, undefined, FRIDAY)).toEqual({
      from: '2024-03-13',
      to: FRIDAY,
    })
    expect(settlementRange({ to: session('2024-03-13') }, undefined, FRIDAY)).toEqual({
      from: '2024-03-13',
      to: '2024-03-13',
    })
    expect(settlementRange({}, undefined, FRIDAY)).toEqual({ from: FRIDAY, to: FRIDAY })
  })

  it.each([
    [{ to: session('2024-03-18') }, 'expected sessions up to 2024-03-15, the last that has closed'],
    [{ from: session('2024-03-14'), to: session('2024-03-13') }, 'there is no session in that range'],
    [{ from: session('2024-03-09'), to: session('2024-03-10') }, 'there is no session in that range'],
    [{ from: session('1900-01-01') }, 'expected dates from'],
  ])('are refused for %o', (asked, reason) => {
    expect(settlementRange(asked, undefined, FRIDAY)).toContain(reason)
  })
})
