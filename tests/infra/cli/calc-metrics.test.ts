import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../../infra/local/cli/exit.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { expectNumber, reference } from '../../shared/domain/performance/reference.ts'
import { runProgram } from './run-program.ts'

const HEADER =
  'n,cumulative_return,annual_return,annual_volatility,sharpe,sortino,max_drawdown,calmar,omega,tail_ratio,var_95,cvar_95,' +
  'win_rate,alpha,beta,tracking_error,information_ratio\n'

const folder = mkdtempSync(join(tmpdir(), 'edgefund-metrics-'))
let files = 0
afterAll(() => rmSync(folder, { recursive: true }))

function csvFile(text: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, text)
  return path
}

const metrics = (...args: string[]) => runProgram(['calc', 'metrics', ...args])

/** The printed row by column. */
async function row(...args: string[]): Promise<Record<string, string>> {
  const { stdout, error } = await metrics(...args)
  expect(error).toBeUndefined()
  const [names, values, end] = stdout.split('\n')
  expect([`${names}\n`, end]).toEqual([HEADER, ''])
  const cells = values.split(',')
  return Object.fromEntries(names.split(',').map((name, i) => [name, cells[i]]))
}

const RETURNS = 'returns\n0.1\n\n-0.05\n0.02\n'

describe('calc metrics', () => {
  it('prints one row in the order of the contract, empty where nothing is defined', async () => {
    const { stdout, stderr, error } = await metrics(csvFile('returns\n0.5\n-0.5\n'), '--periods', '2')
    expect({ stderr, error }).toEqual({ stderr: '', error: undefined })
    expect(stdout.startsWith(HEADER)).toBe(true)
    expect(stdout).toMatch(/^[^\n]+\n[^\n]+,,,,\n$/)
    const cells = stdout.split('\n')[1].split(',').slice(0, -4).map(Number)
    const expected = [2, -0.25, -0.25, 1, 0, 0, -0.5, -0.5, 1, 1, -0.45, -0.5, 0.5]
    for (const [i, value] of expected.entries()) expectNumber(cells[i], value)
    expect(cells).toHaveLength(expected.length)
  })

  it('prints one object with --json, null where nothing is defined', async () => {
    const { stdout } = await metrics(csvFile('returns\n0.01\n'), '--periods', '252', '--json')
    const object = JSON.parse(stdout)
    expect(Object.keys(object).join(',')).toBe(HEADER.trim())
    expect(object).toMatchObject({ n: 1, max_drawdown: 0, sharpe: null, omega: null, beta: null, win_rate: 1 })
    expect(stdout).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('agrees with numpy, benchmark, rates and missing cells included', async () => {
    const { returns, benchmark, expected } = reference.figures[2]
    const lines = returns.map((value, i) => `${value ?? ''},${benchmark![i] ?? ''}`)
    const file = csvFile(`fund,index\n${lines.join('\n')}\n`)
    const found = await row(file, '--periods', '252', '--benchmark', 'index', '--risk-free', '1e-4')
    const names: Record<string, string> = { var_95: 'var95', cvar_95: 'cvar95' }
    for (const [name, cell] of Object.entries(found)) {
      const key = names[name] ?? name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
      expect(expected).toHaveProperty(key)
      expectNumber(Number(cell), expected[key])
    }
  })

  it('takes the column named, else returns, else the only other one', async () => {
    const named = csvFile('date,returns,fund\n2024-01-02,0.1,0.2\n2024-01-03,0.1,-0.1\n')
    expect((await row(named, '--periods', '12')).cumulative_return).toBe(String(1.1 * 1.1 - 1))
    expect((await row(named, '--periods', '12', '--column', 'fund')).cumulative_return).toBe(String(1.2 * 0.9 - 1))
    const only = csvFile('date,fund\n2024-01-02,0.2\n')
    expect((await row(only, '--periods', '12')).n).toBe('1')
    const beside = csvFile('date,fund,index\n2024-01-02,0.2,0.1\n')
    expect((await row(beside, '--periods', '12', '--benchmark', 'index')).max_drawdown).toBe('0')
  })

  it('reads rates below zero, gzip, a byte order mark and carriage returns', async () => {
    const plain = await row(csvFile(RETURNS), '--periods', '252', '--mar', '-0.01', '--risk-free=-.001')
    const dressed = csvFile(gzipSync(`\uFEFF${RETURNS.replaceAll('\n', '\r\n')}`))
    expect(await row(dressed, '--periods', '252', '--mar', '-1e-2', '--risk-free', '-0.001')).toEqual(plain)
    expect(plain.n).toBe('3')
    expect(plain.sortino).not.toBe((await row(csvFile(RETURNS), '--periods', '252')).sortino)
  })

  it('prints the header alone for a header alone', async () => {
    const file = csvFile('date,returns\n')
    expect((await metrics(file, '--periods', '252')).stdout).toBe(HEADER)
    expect(JSON.parse((await metrics(file, '--periods', '252', '--json')).stdout)).toMatchObject({ n: 0, sharpe: null })
  })

  it.each([
    ['no --periods', RETURNS, [], /--periods/],
    ['periods of 0', RETURNS, ['--periods', '0'], /--periods "0", expected a positive number/],
    ['periods that are a word', RETURNS, ['--periods', 'daily'], /--periods "daily" is not a number/],
    ['a risk-free rate in percent', RETURNS, ['--periods', '252', '--risk-free', '2%'], /--risk-free "2%"/],
    ['an empty rate', RETURNS, ['--periods', '252', '--mar', ''], /--mar "" is not a number/],
    [
      'several columns without returns',
      'date,a,b\n',
      ['--periods', '252'],
      /no column "returns" but the columns a, b, expected --column/,
    ],
    ['dates alone', 'date\n2024-01-02\n', ['--periods', '252'], /no column "returns" but no other column/],
    ['a column that is not there', RETURNS, ['--periods', '252', '--column', 'fund'], /no column "fund"/],
    ['a benchmark that is not there', RETURNS, ['--periods', '252', '--benchmark', 'spx'], /no column "spx"/],
    ['a word for a number', 'returns\n0.1\nNaN\n', ['--periods', '252'], /line 3, column "returns": "NaN"/],
    [
      'a date that is none',
      'date,returns\n2024-01-02,0.1\n2024-02-30,0.1\n',
      ['--periods', '252'],
      /line 3: date "2024-02-30" is not a date/,
    ],
    [
      'dates that do not ascend',
      'date,returns\n2024-01-03,0.1\n2024-01-03,0.1\n',
      ['--periods', '252'],
      /line 3: 2024-01-03 after 2024-01-03, expected dates ascending and unique/,
    ],
    ['an empty file', '', ['--periods', '252'], /is empty/],
  ])('refuses %s and prints nothing', async (_, text, flags, message) => {
    const { stdout, error } = await metrics(csvFile(text), ...flags)
    expect(error).toBeInstanceOf(InputError)
    expect(exitCodeOf(error)).toBe(2)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })

  it('takes times of day without a zone for dates, for only their order counts', async () => {
    const rows = ['2024-01-02 09:30:00', '2024-01-02T09:31', '2024-01-03T09:30:00.5']
    const csv = (times: readonly string[]) =>
      csvFile(`date,returns\n${times.map((time) => `${time},0.1`).join('\n')}\n`)
    expect((await metrics(csv(rows), '--periods', '252')).error).toBeUndefined()
    const { error } = await metrics(csv([...rows].reverse()), '--periods', '252')
    expect(String(error)).toMatch(/line 3: 2024-01-02T09:31 after 2024-01-03T09:30:00\.5, expected dates ascending/)
    const wrong = await metrics(csv(['2024-01-02 25:30']), '--periods', '252')
    expect(String(wrong.error)).toMatch(/line 2: date "2024-01-02 25:30" is not a date/)
  })

  it('takes instants for dates', async () => {
    const hours = 'date,returns\n2024-01-02T14:30:00Z,0.1\n2024-01-02T10:30:00-05:00,0.1\n'
    expect((await row(csvFile(hours), '--periods', '1764')).n).toBe('2')
  })

  it('explains every column in its help', async () => {
    const { stdout } = await metrics('--help')
    for (const name of HEADER.trim().split(',').slice(1)) expect(stdout).toContain(name)
    expect(stdout).toMatch(/--risk-free <R>/)
  })
})
