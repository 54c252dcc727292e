import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { csvFile, run } from './market-verbs.ts'

const HEADER = 'symbol,date,open,high,low,close,volume\n'
const bars = () =>
  csvFile(`${HEADER}A,2024-01-02,99,101,98,100,1000
B,2024-01-02,7,8,6,7,10
A,2024-01-03,100,,99,102,1100
A,2024-01-04,51,52,50,51.5,2200
B,2024-01-04,7,8,6,7.5,11
`)
const actions = (text: string, header = 'symbol,date,type,value\n') => csvFile(header + text)

describe('calc adjust', () => {
  it('prints the rows in the order of the file, adjusted, with their factors', async () => {
    const file2 = actions('A,2024-01-04,split,2\nA,2024-01-04,dividend,0.51\nC,2024-01-04,split,9\n')
    const { stdout, stderr, error } = await run('calc', 'adjust', bars(), '--actions', file2)
    expect(error).toBeUndefined()
    expect(stderr).toBe('')
    expect(stdout).toBe(`symbol,date,open,high,low,close,volume,price_factor,volume_factor
A,2024-01-02,49.005,49.995,48.51,49.5,2000,0.495,2
B,2024-01-02,7,8,6,7,10,1,1
A,2024-01-03,49.5,,49.005,50.49,2200,0.495,2
A,2024-01-04,51,52,50,51.5,2200,1,1
B,2024-01-04,7,8,6,7.5,11,1,1
`)
  })

  it('applies nothing after --as-of', async () => {
    const file2 = actions('A,2024-01-03,dividend,1\nA,2024-01-04,split,2\n')
    const { stdout } = await run('calc', 'adjust', bars(), '--actions', file2, '--as-of', '2024-01-03')
    const factors = stdout
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(',').slice(-2).join())
    expect(factors).toEqual(['0.99,1', '1,1', '1,1', '1,1', '1,1'])
  })

  it('scales split-adjusted cash back by later splits', async () => {
    const file2 = actions('A,2024-01-03,dividend,1\nA,2024-01-04,split,2\n')
    const { stdout } = await run('calc', 'adjust', bars(), '--actions', file2, '--dividends', 'split-adjusted')
    expect(stdout).toContain(',49,2000,0.49,2\n')
  })

  it('takes one source of several', async () => {
    const file2 = actions('A,2024-01-04,split,2,yahoo\nA,2024-01-04,split,4,other\n', 'symbol,date,type,value,source\n')
    const { stdout } = await run('calc', 'adjust', bars(), '--actions', file2, '--source', 'other')
    expect(stdout).toContain('A,2024-01-02,24.75,25.25,24.5,25,4000,0.25,4\n')
  })

  it('names on stderr what it could not apply', async () => {
    const file2 = actions('A,2024-01-03,split,0\nA,2024-01-04,dividend,\nA,2024-01-04,dividend,102\n')
    const { stdout, stderr } = await run('calc', 'adjust', bars(), '--actions', file2)
    expect(stdout).toContain('A,2024-01-02,99,101,98,100,1000,1,1\n')
    expect(stderr.split('\n')).toEqual([
      'Skipped split of A on 2024-01-03: its ratio 0 is not a positive number',
      'Skipped dividend of A on 2024-01-04: it has no cash',
      'Skipped dividend of A on 2024-01-04: its cash is not below the previous close 102',
      '',
    ])
  })

  it('reads gzip, prints JSON with null for what is missing, and a header alone for no rows', async () => {
    const zipped = bars().replace('.csv', '.csv.gz')
    writeFileSync(zipped, gzipSync(readFileSync(zipped.replace('.gz', ''))))
    const none = actions('')
    const rows = JSON.parse((await run('calc', 'adjust', zipped, '--actions', none, '--json')).stdout)
    expect(rows[2]).toEqual({
      symbol: 'A',
      date: '2024-01-03',
      open: 100,
      high: null,
      low: 99,
      close: 102,
      volume: 1100,
      price_factor: 1,
      volume_factor: 1,
    })
    expect((await run('calc', 'adjust', csvFile(HEADER), '--actions', none)).stdout).toBe(
      'symbol,date,open,high,low,close,volume,price_factor,volume_factor\n',
    )
  })

  const SOURCES = 'symbol,date,type,value,source\n'
  it.each<[string, string, string, string[], RegExp]>([
    [
      'dates out of order',
      `${HEADER}A,2024-01-03,1,1,1,1,1\nB,2024-01-01,1,1,1,1,1\nA,2024-01-02,1,1,1,1,1\n`,
      SOURCES,
      [],
      /line 4: A 2024-01-02 after 2024-01-03/,
    ],
    [
      'a date twice',
      `${HEADER}A,2024-01-03,1,1,1,1,1\nA,2024-01-03,1,1,1,1,1\n`,
      SOURCES,
      [],
      /line 3: A 2024-01-03 after 2024-01-03, expected each symbol's dates ascending and unique/,
    ],
    ['a date that is none', `${HEADER}A,2024-13-03,1,1,1,1,1\n`, SOURCES, [], /line 2: date "2024-13-03"/],
    [
      'several sources',
      HEADER,
      `${SOURCES}A,2024-01-03,split,2,x\nA,2024-01-03,split,2,y\n`,
      [],
      /holds several sources \(x, y\)/,
    ],
    [
      'a source that is not there',
      HEADER,
      `${SOURCES}A,2024-01-03,split,2,x\n`,
      ['--source', 'z'],
      /no source "z", expected one of x/,
    ],
    ['a source without a column', HEADER, 'symbol,date,type,value\n', ['--source', 'z'], /no column source/],
    [
      'another type',
      HEADER,
      `${SOURCES}A,2024-01-03,merger,2,x\n`,
      [],
      /line 2: type "merger", expected split or dividend/,
    ],
    ['an ex-date that is none', HEADER, `${SOURCES}A,2024,split,2,x\n`, [], /line 2: date "2024" is not a date/],
    ['an as-of that is no date', HEADER, SOURCES, ['--as-of', 'today'], /--as-of "today" is not a date/],
    [
      'another dividend basis',
      HEADER,
      SOURCES,
      ['--dividends', 'net'],
      /--dividends "net", expected raw or split-adjusted/,
    ],
  ])('refuses %s and prints nothing', async (_, text, actionText, flags, message) => {
    const { stdout, error } = await run('calc', 'adjust', csvFile(text), '--actions', csvFile(actionText), ...flags)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })

  it('refuses to read both files from standard input', async () => {
    expect(String((await run('calc', 'adjust', '-', '--actions', '-')).error)).toContain(
      'Only one of FILE and --actions',
    )
  })
})

const data = fileURLToPath(new URL('../../../../shared/market-data/normalized/', import.meta.url))

describe.skipIf(!existsSync(data))('calc adjust on real prices (../shared/market-data)', () => {
  it("reproduces Yahoo's adjusted closes of nine symbols from another provider's raw ones", async () => {
    const asOf = '2023-12-29'
    const { stdout, stderr, error } = await run(
      ...[
        'calc',
        'adjust',
        `${data}daily-raw-to-2023-alphavantage.csv.gz`,
        '--actions',
        `${data}corporate-actions.csv`,
      ],
      ...['--source', 'yfinance', '--dividends', 'split-adjusted', '--as-of', asOf],
    )
    expect(error).toBeUndefined()
    expect(stderr).toBe('')

    const columns = ['symbol', 'date', 'close']
    const yahoo = await readCsv(`${data}daily-adjusted-yfinance.csv.gz`, { required: columns })
    const [symbol, date, close] = [yahoo.text('symbol'), yahoo.text('date'), yahoo.number('close')]
    const theirs = new Map(Array.from(close, (value, row) => [`${symbol(row)} ${date(row)}`, value]))
    const ours = new Map<string, Map<string, number>>()
    for (const line of stdout.split('\n').slice(1, -1)) {
      const cells = line.split(',')
      const own = ours.get(cells[0]) ?? new Map<string, number>()
      ours.set(cells[0], own.set(cells[1], Number(cells[5])))
    }
    expect([...ours.keys()]).toEqual(['AAPL', 'AMZN', 'GOOGL', 'JNJ', 'JPM', 'META', 'MSFT', 'NVDA', 'TSLA'])
    for (const [name, closes] of ours) {
      // Yahoo's series is as of 2024: brought to the as-of day by its own ratio there.
      const scale = (closes.get(asOf) ?? Number.NaN) / (theirs.get(`${name} ${asOf}`) ?? Number.NaN)
      const errors = [...closes]
        .filter(([day]) => day <= asOf && theirs.has(`${name} ${day}`))
        .map(([day, value]) => Math.abs(value / (scale * (theirs.get(`${name} ${day}`) ?? Number.NaN)) - 1))
        .sort((a, b) => a - b)
      expect(errors.length, name).toBeGreaterThan(2900)
      expect(errors[Math.floor(errors.length / 2)], name).toBeLessThan(1e-6)
    }
  })
})
