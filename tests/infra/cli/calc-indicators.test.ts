import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { registerCalcIndicators } from '../../../infra/local/cli/calc-indicators.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { csvFile, type Ran } from './market-verbs.ts'

/** Runs `calc indicators` in this process. */
async function indicators(...words: string[]): Promise<Ran> {
  const said = { stdout: '', stderr: '' }
  const program = new Command('edgefund')
    .option('--json')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  const calc = program
    .command('calc')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  registerCalcIndicators(calc, () => ({
    json: program.opts<{ json?: boolean }>().json === true,
    stdout: (text) => {
      said.stdout += text
    },
    stderr: (text) => {
      said.stderr += text
    },
  }))
  try {
    await program.parseAsync(['calc', 'indicators', ...words], { from: 'user' })
    return { ...said, error: undefined }
  } catch (error) {
    return { ...said, error }
  }
}

const HEADER = 'date,open,high,low,close,volume\n'
const week = () =>
  csvFile(`${HEADER}2024-01-02,9,11,9,10,100
2024-01-03,10,12,10,12,200
2024-01-04,12,14,11,11,300
2024-01-05,11,13,10,13,
2024-01-08,13,16,13,16,500
`)

const WHOLE_SET =
  'sma:20,ema:12,wma:20,rsi:14,macd:12:26:9,bbands:20:2,atr:14,natr:14,trange,obv,ad,adosc:3:10,roc:10,mom:10,stddev:5,mfi:14,cci:14,willr:14,adx:14,vwap'

describe('calc indicators', () => {
  it('prints the date and the columns in the order of --set, empty where undefined', async () => {
    const { stdout, stderr, error } = await indicators(week(), '--set', 'mom:1,sma:2,bbands:2:1.50,obv,vwap,trange')
    expect({ error, stderr }).toEqual({ error: undefined, stderr: '' })
    expect(stdout).toBe(`date,mom_1,sma_2,bbands_upper_2_1.50,bbands_middle_2_1.50,bbands_lower_2_1.50,obv,vwap,trange
2024-01-02,,,,,,100,10,
2024-01-03,2,11,12.5,11,9.5,300,11.333333333333336,2
2024-01-04,-1,11.5,12.25,11.5,10.75,0,12,3
2024-01-05,2,12,13.5,12,10.5,,,3
2024-01-08,3,14.5,16.75,14.5,12.25,,15,3
`)
  })

  it('names the columns of the whole set, and gives them for no rows too', async () => {
    const { stdout } = await indicators(csvFile(HEADER), '--set', WHOLE_SET)
    expect(stdout).toBe(
      'date,sma_20,ema_12,wma_20,rsi_14,macd_12_26_9,macd_signal_12_26_9,macd_hist_12_26_9,bbands_upper_20_2,bbands_middle_20_2,bbands_lower_20_2,atr_14,natr_14,trange,obv,ad,adosc_3_10,roc_10,mom_10,stddev_5,mfi_14,cci_14,willr_14,adx_14,vwap\n',
    )
    expect((await indicators(csvFile(HEADER), '--set', WHOLE_SET, '--json')).stdout).toBe('[]\n')
  })

  it('gives the same numbers bar by bar', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => {
      const date = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)
      const close = 100 + ((i * 37) % 23) / 4
      return `${date},${close},${close + (i % 5) / 4},${close - (i % 3) / 4},${i === 70 ? '' : close},${100 * (i % 7)}\n`
    })
    const file = csvFile(HEADER + rows.join(''))
    const batch = await indicators(file, '--set', `${WHOLE_SET},hv:20:252`)
    expect(batch.stdout.split('\n').length).toBe(122)
    expect(await indicators(file, '--set', `${WHOLE_SET},hv:20:252`, '--stream')).toEqual(batch)
  })

  it('prints JSON rows with the same keys in the same order, null for what is undefined', async () => {
    const zipped = week().replace('.csv', '.csv.gz')
    writeFileSync(zipped, gzipSync(readFileSync(zipped.replace('.gz', ''))))
    const { stdout } = await indicators(zipped, '--set', 'roc:1,sma:2', '--json')
    expect(
      stdout.startsWith('[{"date":"2024-01-02","roc_1":null,"sma_2":null},{"date":"2024-01-03","roc_1":19.9'),
    ).toBe(true)
  })

  it('uses the usual parameters for a bare name, and keeps the name bare', async () => {
    const { stdout } = await indicators(csvFile(HEADER), '--set', 'rsi, macd')
    expect(stdout).toBe('date,rsi,macd,macd_signal,macd_hist\n')
  })

  const vwaps = async (times: readonly string[], ...flags: string[]) => {
    const rows = times.map((time, i) => `${time},1,${10 + i},${10 + i},${10 + i},1\n`).join('')
    const { stdout, error } = await indicators(csvFile(HEADER + rows), '--set', 'vwap', ...flags)
    if (error) throw error
    const lines = stdout.split('\n').slice(1, -1)
    expect(lines.map((line) => line.split(',')[0])).toEqual(times)
    return lines.map((line) => Number(line.split(',')[1]))
  }

  it('starts vwap anew where the time zone has a new date', async () => {
    // 23:30 and 00:30 in New York; both are 3 January in UTC.
    const times = ['2024-01-03T04:30:00Z', '2024-01-03 05:30:00+00:00', '2024-01-04T01:00:00Z']
    expect(await vwaps(times)).toEqual([10, 11, 11.5])
    expect(await vwaps(times, '--timezone', 'UTC')).toEqual([10, 10.5, 12])
  })

  it('changes with daylight saving time', async () => {
    const times = ['2024-03-11T03:59:00Z', '2024-03-11T04:00:00Z', '2024-11-04T04:59:00Z', '2024-11-04T05:00:00Z']
    expect(await vwaps(times)).toEqual([10, 11, 12, 13])
  })

  it('takes a timestamp without a zone for one of the time zone', async () => {
    expect(await vwaps(['2024-01-02T09:30:00', '2024-01-02T15:59:00', '2024-01-03T09:30:00'])).toEqual([10, 10.5, 12])
  })

  const row = '2024-01-02,1,1,1,1,1\n'
  it.each<[string, string, string[], RegExp]>([
    [
      'an unknown name',
      HEADER,
      ['--set', 'smaa:20'],
      /--set smaa:20: There is no indicator "smaa", expected one of sma, /,
    ],
    ['an empty set', HEADER, ['--set', ''], /There is no indicator ""/],
    ['a period too short', HEADER, ['--set', 'rsi:1'], /"rsi:1": period "1", expected a whole number from 2 to 100000/],
    ['a period too long', HEADER, ['--set', 'rsi:100001'], /expected a whole number from 2 to 100000/],
    ['a broken period', HEADER, ['--set', 'sma:2.5'], /"sma:2.5": period "2.5", expected a whole number/],
    ['deviations that are none', HEADER, ['--set', 'bbands:20:-2'], /deviations "-2", expected a number from 0/],
    ['too few parameters', HEADER, ['--set', 'macd:12:26'], /has 2 parameters, expected macd:fast:slow:signal/],
    ['too many parameters', HEADER, ['--set', 'obv:3'], /"obv:3" has 1 parameters, expected obv/],
    ['the same twice', HEADER, ['--set', 'sma:20,ema:5,sma:20'], /sma_20 is asked for twice/],
    ['no set', HEADER, [], /required option '--set <LIST>'/],
    [
      'a zone that is none',
      HEADER,
      ['--set', 'vwap', '--timezone', 'Mars/Base'],
      /--timezone "Mars\/Base" is no time zone/,
    ],
    ['a missing column', 'date,open,high,low,close\n', ['--set', 'sma:2'], /has no column "volume"/],
    ['a date twice', HEADER + row + row, ['--set', 'sma:2'], /line 3: 2024-01-02 after 2024-01-02, expected dates asc/],
    [
      'a date that is none',
      `${HEADER}2024-02-30,1,1,1,1,1\n`,
      ['--set', 'sma:2'],
      /line 2: date "2024-02-30" is not a/,
    ],
    [
      'instants out of order',
      `${HEADER}2024-01-02T10:00:00Z,1,1,1,1,1\n2024-01-02T10:30:00+01:00,1,1,1,1,1\n`,
      ['--set', 'sma:2'],
      /line 3: .* after /,
    ],
    [
      'dates and timestamps',
      `${HEADER + row}2024-01-03T10:00Z,1,1,1,1,1\n`,
      ['--set', 'obv'],
      /line 3: .*is not a date/,
    ],
    ['timestamps and dates', `${HEADER}2024-01-01T10:00Z,1,1,1,1,1\n${row}`, ['--set', 'obv'], /line 3: .*is a date/],
    ['a word for a number', `${HEADER}2024-01-02,x,1,1,1,1\n`, ['--set', 'obv'], /line 2, column "open": "x" is not a/],
  ])('refuses %s and prints nothing', async (what, text, flags, message) => {
    const { stdout, error } = await indicators(csvFile(text), ...flags)
    if (what !== 'no set') expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })
})
