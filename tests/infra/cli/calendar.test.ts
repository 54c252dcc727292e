import { describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/ports/errors.ts'
import { run } from './market-verbs.ts'

describe('calendar sessions', () => {
  it('lists opens, closes and half days of the exchange', async () => {
    const { stdout, error } = await run('calendar', 'sessions', '--from', '2024-07-02', '--to', '2024-07-07')
    expect(error).toBeUndefined()
    expect(stdout).toBe(`date,open,close,early_close
2024-07-02,2024-07-02T13:30:00Z,2024-07-02T20:00:00Z,false
2024-07-03,2024-07-03T13:30:00Z,2024-07-03T17:00:00Z,true
2024-07-05,2024-07-05T13:30:00Z,2024-07-05T20:00:00Z,false
`)
  })

  it('prints the header alone where there is no session, and JSON when asked', async () => {
    expect((await run('calendar', 'sessions', '--from', '2024-07-06', '--to', '2024-07-07')).stdout).toBe(
      'date,open,close,early_close\n',
    )
    const { stdout } = await run('calendar', 'sessions', '--from', '2024-01-02', '--to', '2024-01-02', '--json')
    expect(JSON.parse(stdout)).toEqual([
      { date: '2024-01-02', open: '2024-01-02T14:30:00Z', close: '2024-01-02T21:00:00Z', early_close: false },
    ])
  })

  it('knows the market that never closes', async () => {
    const { stdout } = await run(
      'calendar',
      'sessions',
      '--from',
      '2024-12-25',
      '--to',
      '2024-12-25',
      '--calendar',
      '24/7',
    )
    expect(stdout).toContain('2024-12-25,2024-12-25T00:00:00Z,2024-12-26T00:00:00Z,false\n')
  })

  it.each([
    [['--from', '2024-02-30', '--to', '2024-03-01'], '--from "2024-02-30" is not a date (expected YYYY-MM-DD)'],
    [['--from', '2024-02-01', '--to', 'today'], '--to "today" is not a date (expected YYYY-MM-DD)'],
    [
      ['--from', '1999-12-31', '--to', '2024-03-01'],
      '--from 1999-12-31 is outside the calendar XNYS, which covers 2000-01-01 to 2028-12-31',
    ],
    [['--from', '2024-02-02', '--to', '2024-02-01'], '--from 2024-02-02 is after --to 2024-02-01'],
    [['--from', '2024-02-01', '--to', '2024-02-01', '--calendar', 'XLON'], '--calendar "XLON", expected XNYS or 24/7'],
  ])('refuses %j', async (flags, message) => {
    const { stdout, error } = await run('calendar', 'sessions', ...flags)
    expect(error).toEqual(new InputError(message))
    expect(stdout).toBe('')
  })
})
