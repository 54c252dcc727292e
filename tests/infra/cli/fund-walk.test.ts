import { describe, expect, it } from 'vitest'
import { planSession, planWalk } from '../../../infra/local/cli/fund-walk.ts'
import { session } from '../../../shared/domain/market/session.ts'

const date = session

describe('a walk', () => {
  it('takes each month as the clocks would have: universe, rebalance, then the sessions until the next one', () => {
    const plan = planWalk(date('2024-08-01'), date('2024-09-30'), undefined)
    expect(plan.map(({ workflow, key }) => `${workflow} ${key}`)).toEqual([
      'universe 2024-08-02',
      'portfolio 2024-08',
      'execution 2024-08-05..2024-08-30',
      'monitoring 2024-08-05..2024-08-30',
      'universe 2024-08-30', // the last session before Labor Day
      'portfolio 2024-09',
      'execution 2024-09-03..2024-09-30',
      'monitoring 2024-09-03..2024-09-30',
    ])
    expect(plan[1]).toMatchObject({ params: {}, slot: { key: '2024-08', from: '2024-08-05' } })
    expect(plan[2]).toMatchObject({ params: { from: '2024-08-05', to: '2024-08-30' } })
  })

  it('settles and marks every session of the range from the first rebalance on, once', () => {
    const plan = planWalk(date('2012-05-18'), date('2023-12-29'), 'seeds')
    const ranges = plan.filter(({ workflow }) => workflow === 'monitoring').map(({ params }) => params)
    expect(ranges).toHaveLength(139)
    expect(ranges[0].from).toBe('2012-06-04')
    expect(ranges.at(-1)?.to).toBe('2023-12-29')
    for (const [i, range] of ranges.entries()) {
      if (i > 0) expect(String(range.from) > String(ranges[i - 1].to)).toBe(true)
    }
  })

  it('says whose prices count where they are not those of the settings, in the name too', () => {
    const [universe, , execution] = planWalk(date('2024-08-01'), date('2024-08-30'), 'seeds')
    expect(universe).toMatchObject({ key: '2024-08-02-seeds', params: { date: '2024-08-02', source: 'seeds' } })
    expect(universe.slot).toBeUndefined()
    expect(execution).toMatchObject({ key: '2024-08-05..2024-08-30-seeds', params: { source: 'seeds' } })
  })

  it('is empty where no rebalance lies', () => {
    expect(planWalk(date('2024-08-06'), date('2024-08-30'), undefined)).toEqual([])
  })
})

describe('one session', () => {
  it('settles and marks it, and ends with the proposal for the next', () => {
    const plan = planSession(date('2024-08-30'), undefined)
    expect(plan.map(({ workflow, key }) => `${workflow} ${key}`)).toEqual([
      'execution 2024-08-30',
      'monitoring 2024-08-30',
      'universe 2024-08-30',
      'portfolio 2024-09',
    ])
    // The month's rebalance is decided once: in the middle of it, it is the one that has been.
    expect(planSession(date('2024-09-16'), undefined).at(-1)).toMatchObject({
      key: '2024-09',
      slot: { from: '2024-09-17' },
    })
  })
})
