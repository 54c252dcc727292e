import { describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/ports/errors.ts'
import { csvFile, run } from './market-verbs.ts'

const HEADER = 'symbol,date,open,high,low,close,volume\n'
const faulty = () =>
  csvFile(`${HEADER}B,2024-01-03,20,21,19,20.5,500
A,2024-01-02,10,11,9,10.5,100
A,2024-01-04,10,10.2,9,10.5,-100
B,2024-01-03,20,21,19,20.5,500
A,2024-01-03,10,,9,10.6,100
A,2024-01-08,10,16,9,15,100
`)

describe('calc quality', () => {
  it('prints a row a finding, symbols in order of appearance and each by date', async () => {
    const { stdout, stderr, error } = await run('calc', 'quality', faulty(), '--calendar', 'XNYS')
    expect(error).toBeUndefined()
    expect(stdout).toBe(`symbol,date,rule,severity,detail
B,2024-01-03,duplicate,error,a row of this time came before
A,2024-01-03,missing_value,error,no high
A,2024-01-04,ohlc_inconsistent,error,"open 10, high 10.2, low 9, close 10.5"
A,2024-01-04,negative_volume,error,volume -100
A,2024-01-05,gap,warning,no bar for this session
A,2024-01-08,jump,error,"close 15, last good close 10.5 of 2024-01-02: 42.9 % apart, no action"
`)
    expect(stderr).toBe('Verdict FAIL, score 0.3333333333333333, findings 6\n')
  })

  it('gives verdict, score and findings as one JSON document', async () => {
    const { stdout } = await run('calc', 'quality', faulty(), '--json')
    const { verdict, score, findings } = JSON.parse(stdout)
    expect([verdict, score, findings.length]).toEqual(['FAIL', 0.4, 5])
    expect(findings[0]).toEqual({
      symbol: 'B',
      date: '2024-01-03',
      rule: 'duplicate',
      severity: 'error',
      detail: 'a row of this time came before',
    })
    expect(Object.keys(JSON.parse(stdout))).toEqual(['verdict', 'score', 'findings'])
  })

  it('lets an action excuse a jump of its symbol and day', async () => {
    const file = csvFile(`${HEADER}A,2024-01-02,10,11,9,10,1\nA,2024-01-03,20,21,19,20,1\n`)
    const rules = async (actions: string) => {
      const { stdout } = await run('calc', 'quality', file, '--actions', csvFile(`symbol,date,type,value\n${actions}`))
      return stdout.split('\n').slice(1, -1)
    }
    expect(await rules('A,2024-01-03,split,0.5\n')).toEqual([])
    expect(await rules('B,2024-01-03,split,0.5\n')).toHaveLength(1)
    expect(await rules('A,2024-01-02,split,0.5\n')).toHaveLength(1)
  })

  it('judges future and stale against --now, quotes only where bid and ask are there', async () => {
    const file = csvFile(
      'symbol,date,open,high,low,close,volume,bid,ask\nA,2024-01-02,10,11,9,10,1,8,12\nA,2024-01-03,10,11,9,10.1,1,,\n',
    )
    const rules = async (now: string) =>
      (await run('calc', 'quality', file, '--now', now)).stdout
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(',')[2])
    expect(await rules('2024-01-03T22:00:00Z')).toEqual(['spread'])
    expect(await rules('2024-01-02')).toEqual(['spread', 'future'])
    expect(await rules('2024-01-05T00:00:00+00:00')).toEqual(['spread', 'stale'])
  })

  it('passes a header without rows', async () => {
    const file = csvFile(HEADER)
    expect((await run('calc', 'quality', file)).stdout).toBe('symbol,date,rule,severity,detail\n')
    expect((await run('calc', 'quality', file, '--json')).stdout).toBe('{"verdict":"PASS","score":1,"findings":[]}\n')
  })

  it.each([
    [
      'a date that is none',
      `${HEADER}A,2024-01-02,1,1,1,1,1\nA,2024-1-3,1,1,1,1,1\n`,
      [],
      /line 3: date "2024-1-3" is not a date/,
    ],
    ['a row without symbol', `${HEADER},2024-01-02,1,1,1,1,1\n`, [], /line 2: no symbol/],
    ['a word for a number', `${HEADER}A,2024-01-02,1,1,1,null,1\n`, [], /line 2.*close.*null/],
    ['a missing column', 'symbol,date,open,high,low,close\n', [], /volume/],
    ['a time without zone', HEADER, ['--now', '2024-01-02T10:00:00'], /has no zone/],
    [
      'a now outside the calendar',
      HEADER,
      ['--now', '2030-01-02', '--calendar', 'XNYS'],
      /2030-01-02 is outside the NYSE calendar/,
    ],
    ['an unknown calendar', HEADER, ['--calendar', 'xnys'], /expected XNYS or 24\/7/],
  ])('refuses %s and prints nothing', async (_, text, flags, message) => {
    const { stdout, error } = await run('calc', 'quality', csvFile(text), ...flags)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })
})
