import { describe, expect, it } from 'vitest'
import defineUniverse from '../../../functions/universe/define-universe/handler.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { call } from '../ingestion/memory-ports.ts'
import { DATED, referencePorts } from './reference-ports.ts'

const open = async (data: object) => call(defineUniverse, { key: 'k', params: {}, ...data }, await referencePorts())

describe('define-universe', () => {
  it('notes the listings, and says how many are excluded and observed', async () => {
    const ports = await referencePorts()
    const slot = { key: '2024-06-07', from: '2024-06-07', to: '2024-06-07' }
    expect(await call(defineUniverse, { key: 'k', params: {}, slot }, ports)).toEqual([
      { subject: 'universe.instruments.defined', data: { ...DATED, listed: 14, excluded: 1, observed: 1 } },
    ])
    expect(await ports.universe.listings()).toHaveLength(14)
  })

  it('looks after the last completed session when nobody says which', async () => {
    expect((await open({}))[0].data).toMatchObject(DATED)
  })

  it('takes what a person asks for: an exclusion of a later date is not in force', async () => {
    const [said] = await open({ params: { date: '2024-06-06', source: 'other' } })
    expect(said.data).toEqual({ asOf: '2024-06-06', source: 'other', listed: 14, excluded: 0, observed: 1 })
  })

  it.each([
    ['2024-06-10', /Universe of 2024-06-10: expected a session from .* to 2024-06-07, the last that has closed/],
    ['2024-06-02', /Universe of 2024-06-02: no session, expected a trading day such as 2024-05-31/],
    ['1990-01-02', /expected a session from/],
  ])('refuses %s at once, as wrong input', async (date, reason) => {
    const refused = open({ params: { date } })
    await expect(refused).rejects.toThrow(reason)
    await expect(refused).rejects.toBeInstanceOf(InputError)
  })
})
