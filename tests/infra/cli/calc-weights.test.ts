import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../../infra/local/cli/exit.ts'
import { apart, PORTFOLIO_CASES, toMatrix } from '../../shared/domain/portfolio/reference.ts'
import { runProgram } from './run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgefund-weights-'))
let files = 0
afterAll(() => rmSync(folder, { recursive: true }))

function csvFile(text: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, text)
  return path
}

/** Its first price is so small that no number holds the return to the second. */
const APART = 'date,A,B\n2024-01-01,1e-300,2\n2024-01-02,1e300,2.1\n2024-01-03,1e-300,2.2\n2024-01-04,1.7,2.1\n'

const weights = (...args: string[]) => runProgram(['calc', 'weights', ...args])

const reference = PORTFOLIO_CASES[0]
const symbols = reference.sectors.map((_, i) => `Name ${i}.B`)

/** The case's returns as prices from 100 on, and its sectors. */
function referenceFiles(): { prices: string; sectors: string } {
  const price = symbols.map(() => 100)
  const lines = reference.returns.map((row, t) => {
    for (const [i, change] of row.entries()) price[i] *= 1 + change
    return [date(t + 1), ...price].join()
  })
  const text = [`date,${symbols}`, [date(0), ...symbols.map(() => 100)].join(), ...lines].join('\n')
  const sectors = symbols.map((symbol, i) => `${symbol},${reference.sectors[i]}\n`).join('')
  return { prices: csvFile(`${text}\n`), sectors: csvFile(`symbol,sector\n${sectors}OTHER,none\n`) }
}

function date(day: number): string {
  return new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10)
}

/** The printed weights, whose symbols must be the file's in its order. */
function printed(stdout: string): number[] {
  const [header, ...rows] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  expect(header).toEqual(['symbol', 'weight'])
  expect(rows.map(([symbol]) => symbol)).toEqual(symbols)
  return rows.map(([, weight]) => Number(weight))
}

const SMALL = 'date,A,b\n2024-01-02,10,20\n2024-01-03,11,20.5\n2024-01-04,10.5,20.1\n'

describe('calc weights', () => {
  it('prints a weight for each symbol in the order of the file', async () => {
    const { stdout, stderr, error } = await weights(csvFile(SMALL), '--method', 'equal')
    expect([stdout, stderr, error]).toEqual(['symbol,weight\nA,0.5\nb,0.5\n', '', undefined])
  })

  it('has the outside numbers of every method', async () => {
    const { prices } = referenceFiles()
    const expected = [
      ['inverse-volatility', 'sample', reference.inverseVolatility],
      ['min-variance', 'ledoit-wolf', reference.minVarianceShrunk],
      ['risk-parity', 'ledoit-wolf', reference.riskParity],
      ['hrp', 'sample', reference.hrp],
    ] as const
    for (const [method, covariance, theirs] of expected) {
      const { stdout, stderr } = await weights(prices, '--method', method, '--covariance', covariance)
      expect(stderr).toBe('')
      expect(apart(printed(stdout), theirs), method).toBeLessThan(1e-10)
    }
  })

  it('keeps the caps, exactly where they are part of the minimum', async () => {
    const { prices, sectors } = referenceFiles()
    const caps = ['--max-weight', '0.2', '--sectors', sectors, '--max-sector', '0.33']
    const { stdout } = await weights(prices, '--method', 'min-variance', '--json', ...caps)
    const document = JSON.parse(stdout)
    const held = document.weights.map(({ weight }: { weight: number }) => weight)
    // Three sectors of at most 0.33 hold 0.99.
    expect(document.cash).toBeCloseTo(0.01, 12)
    expect(document.residuals.kkt).toBeLessThan(1e-8)
    expect(document.residuals.sum).toBeLessThan(1e-12)
    for (const sector of new Set(reference.sectors)) {
      const sum = held.reduce(
        (all: number, weight: number, i: number) => all + (reference.sectors[i] === sector ? weight : 0),
        0,
      )
      expect(sum).toBeCloseTo(0.33, 12)
    }
    expect(Math.max(...held)).toBeLessThanOrEqual(0.2)
  })

  it('prints one document with covariance per year and what is left of zero', async () => {
    const { prices } = referenceFiles()
    const { stdout } = await weights(prices, '--method', 'risk-parity', '--json', '--periods', '12')
    const document = JSON.parse(stdout)
    expect(Object.keys(document)).toEqual(['weights', 'cash', 'observations', 'covariance', 'residuals'])
    expect(document.weights[0].symbol).toBe('Name 0.B')
    expect(document.cash).toBe(0)
    expect(document.observations).toBe(reference.returns.length)
    expect(document.covariance.symbols).toEqual(symbols)
    const yearly = toMatrix(reference.sample).values.map((value) => 12 * value)
    expect(apart(document.covariance.matrix.flat(), yearly)).toBeLessThan(1e-14)
    expect(Object.keys(document.residuals)).toEqual(['sum', 'risk_parity'])
    expect(document.residuals.risk_parity).toBeLessThan(1e-8)
  })

  it('leaves out rows that lack a price, so returns span them', async () => {
    const gap = SMALL.replace('2024-01-04', '2024-01-04,,1\n2024-01-05')
    const { stdout, stderr } = await weights(csvFile(gap), '--method', 'hrp')
    expect(stderr).toBe('Left out 1 of 4 rows, which lack a price\n')
    expect(stdout).toBe((await weights(csvFile(SMALL), '--method', 'hrp')).stdout)
  })

  it('says what the caps leave as cash', async () => {
    const flags = ['--method', 'inverse-volatility', '--max-weight', '0.3']
    const { stdout, stderr, error } = await weights(csvFile(SMALL), ...flags)
    expect([stdout, error]).toEqual(['symbol,weight\nA,0.3\nb,0.3\n', undefined])
    expect(stderr).toBe('40 % of the fund could not be placed and stays cash\n')
    const document = JSON.parse((await weights(csvFile(SMALL), ...flags, '--json')).stdout)
    expect(document.cash).toBe(0.4)
  })

  it('takes what does not move where it can: equal weight and minimum variance', async () => {
    const still = csvFile('date,A,B\n2024-01-02,10,5\n2024-01-03,11,5\n2024-01-04,10,5\n')
    expect((await weights(still, '--method', 'min-variance')).stdout).toBe('symbol,weight\nA,0\nB,1\n')
    expect((await weights(still, '--method', 'equal')).error).toBeUndefined()
    for (const method of ['inverse-volatility', 'risk-parity', 'hrp']) {
      const { error } = await weights(still, '--method', method)
      expect(String(error)).toContain(`the price of B does not move, which --method ${method} cannot weigh`)
    }
  })

  it('reads gzip, BOM and CR LF', async () => {
    const file = csvFile(gzipSync(`\uFEFF${SMALL.replaceAll('\n', '\r\n')}`))
    expect((await weights(file, '--method', 'equal')).stdout).toBe('symbol,weight\nA,0.5\nb,0.5\n')
  })

  it.each<[string, string, string[], RegExp]>([
    ['a header alone', 'date,A\n', [], /has 0 rows with a price of every symbol, expected at least 3/],
    ['too few rows', 'date,A\n2024-01-02,1\n2024-01-03,\n2024-01-04,2\n', [], /has 2 rows .* \(1 lack one\), expected/],
    ['no column of dates', 'A,B\n1,2\n', [], /no column "date"/],
    ['no symbol', 'date\n2024-01-02\n', [], /no column beside date/],
    ['a column without a name', 'date,A,\n', [], /line 1: a column has no name/],
    ['a price of 0', SMALL.replace('20.5', '0'), [], /line 3: price 0 of b, expected a positive number/],
    ['a negative price', SMALL.replace('10.5', '-10.5'), [], /line 4: price -10.5 of A/],
    ['a price that is no number', SMALL.replace('10.5', 'ten'), [], /line 4, column "A": "ten" is not a number/],
    [
      'prices too far apart for a return',
      APART,
      ['--method', 'min-variance'],
      /no covariance\. Returns of asset 0 are not all/,
    ],
    ['dates out of order', SMALL.replace('01-04', '01-02'), [], /line 4: 2024-01-02 after 2024-01-03, expected dates/],
    ['a date twice', SMALL.replace('01-04', '01-03'), [], /line 4: 2024-01-03 after 2024-01-03/],
    ['a date that is none', SMALL.replace('01-04', '02-30'), [], /line 4: date "2024-02-30" is not a date/],
    ['another method', SMALL, ['--method', 'best'], /--method "best", expected one of: equal, inverse-volatility/],
    ['another covariance', SMALL, ['--covariance', 'x'], /--covariance "x", expected one of: sample, ledoit-wolf/],
    ['periods of nothing', SMALL, ['--periods', '0'], /--periods "0", expected a number above 0/],
    ['a cap that is no fraction', SMALL, ['--max-weight', '5'], /--max-weight "5", expected a fraction of the fund/],
    ['a cap that is no number', SMALL, ['--max-weight', '0x1'], /--max-weight "0x1", expected a number above 0/],
    ['a sector cap without sectors', SMALL, ['--max-sector', '0.5'], /Expected --sectors and --max-sector together/],
  ])('refuses %s with exit code 2 and prints nothing', async (_, text, flags, message) => {
    const method = flags.includes('--method') ? [] : ['--method', 'equal']
    const { stdout, stderr, error } = await weights(csvFile(text), ...method, ...flags)
    expect(String(error)).toMatch(message)
    expect(exitCodeOf(error)).toBe(2)
    expect(stdout + stderr).toBe('')
  })

  it.each([
    ['A,x\n', 'has no sector for b'],
    ['A,x\nA,y\nb,x\n', 'line 3: A is there twice'],
    ['A,\nb,x\n', 'line 2: expected a symbol and a sector'],
  ])('refuses the sectors %j', async (lines, message) => {
    const sectors = csvFile(`symbol,sector\n${lines}`)
    const { error } = await weights(
      csvFile(SMALL),
      ...['--method', 'equal', '--sectors', sectors, '--max-sector', '0.5'],
    )
    expect(String(error)).toContain(message)
    expect(exitCodeOf(error)).toBe(2)
  })

  it('refuses a riskless mixture as risk parity, and standard input for both files', async () => {
    const hedge = csvFile('date,A,B\n2024-01-02,8,8\n2024-01-03,10,6\n2024-01-04,7.5,7.5\n')
    const { error } = await weights(hedge, '--method', 'risk-parity')
    expect(String(error)).toContain('--method risk-parity has no answer')
    expect(exitCodeOf(error)).toBe(2)
    const both = await weights('-', '--method', 'equal', '--sectors', '-', '--max-sector', '1')
    expect(String(both.error)).toContain('Only one of FILE and --sectors')
  })

  it('teaches its methods, columns and units', async () => {
    const { stdout } = await weights('--help')
    for (const word of ['min-variance', 'ledoit-wolf', 'symbol,sector', 'cash', 'Example'])
      expect(stdout).toContain(word)
  })
})
