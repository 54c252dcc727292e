import { describe, expect, it } from 'vitest'
import applyFilters from '../../../functions/universe/apply-filters/handler.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { DATED, referencePorts } from './reference-ports.ts'

const DEFINED = { ...DATED, listed: 14, excluded: 1, observed: 1 }

describe('apply-filters', () => {
  it('keeps every listing with its measures and reasons, and says how many may be ranked', async () => {
    const ports = await referencePorts()
    expect(await call(applyFilters, DEFINED, ports)).toEqual([
      { subject: 'universe.filters.applied', data: { ...DATED, eligible: 8, filtered: 6 } },
    ])
    const members = await ports.universe.members(RUN)
    expect(members.map(({ listing, status }) => `${listing.symbol} ${status}`)).toEqual([
      ...['ALFA eligible', 'BRAV eligible', 'CHAR eligible', 'DELT eligible', 'ECHO eligible', 'FOXT eligible'],
      ...['GOLF filtered', 'HOTE filtered', 'INDI filtered', 'JULI filtered', 'KILO eligible', 'LIMA filtered'],
      ...['MIKE observed', 'NOVE excluded'],
    ])
  })

  it('writes the same a second time', async () => {
    const ports = await referencePorts()
    await call(applyFilters, DEFINED, ports)
    const first = await ports.universe.members(RUN)
    await call(applyFilters, DEFINED, ports, 2)
    expect(await ports.universe.members(RUN)).toEqual(first)
  })

  it('finds nobody eligible in a source without bars', async () => {
    const [said] = await call(applyFilters, { ...DEFINED, source: 'other' }, await referencePorts())
    expect(said.data).toMatchObject({ eligible: 0, filtered: 14 })
  })
})
