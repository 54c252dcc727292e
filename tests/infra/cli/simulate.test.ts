import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerSimulate } from '../../../infra/local/cli/simulate.ts'
import { fileProvider } from '../../../shared/adapters/file/file-provider.ts'
import { simulatedProvider } from '../../../shared/adapters/simulated/provider.ts'
import { DAY_MS, type Instant, type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { DEFAULT_INSTRUMENTS } from '../../../shared/domain/universe/default-instruments.ts'
import type { PayloadRecorder } from '../../../shared/ports/data-provider.ts'
import { InputError } from '../../../shared/ports/errors.ts'

const recorder: PayloadRecorder = { payload: (_symbol, _request, fetch) => fetch() }

let home = ''
let out = ''
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'edgefund-simulate-'))
  out = path.join(home, 'out')
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function simulate(args: readonly string[], json = false) {
  const said = { stdout: '', stderr: '' }
  const stdout = (text: string) => {
    said.stdout += text
  }
  const program = new Command('edgefund').exitOverride().configureOutput({ writeOut: stdout })
  registerSimulate(program, () => ({
    json,
    stdout,
    stderr(text) {
      said.stderr += text
    },
  }))
  await program.parseAsync(['simulate', ...args], { from: 'user' }).catch((error: Error & { code?: string }) => {
    if (error.code !== 'commander.helpDisplayed') throw error
  })
  return said
}

const read = (name: string) => readFile(path.join(out, name), 'utf8')
const rowsOf = async (name: string) => (await read(name)).trimEnd().split('\n')

describe('simulate daily', () => {
  it('writes what the file provider reads back as the simulated provider says it', async () => {
    await simulate(['daily', '--out', out, '--seed', '7', '--from', '2022-01-03', '--to', '2023-12-29', '--bad-ticks'])
    const request = { instruments: DEFAULT_INSTRUMENTS, from: '2022-01-03' as Session, to: '2023-12-29' as Session }
    const files = await fileProvider({ data: out })
    const simulated = simulatedProvider({ seed: 7 })
    expect({ name: files.name, simulated: files.simulated }).toEqual({ name: 'simulated', simulated: true })

    const found = await files.fetchEod(request, recorder)
    const expected = await simulated.fetchEod(request, recorder)
    expect(found.missing).toEqual([])
    expect(found.series).toEqual(expected.series)
    const ordered = (actions: readonly { symbol: string; exDate: string }[]) =>
      [...actions].sort((a, b) => (`${a.symbol}${a.exDate}` < `${b.symbol}${b.exDate}` ? -1 : 1))
    for (const name of ['fetchSplits', 'fetchDividends'] as const) {
      const { actions } = await files[name](request, recorder)
      expect(ordered(actions)).toEqual(ordered((await simulated[name](request, recorder)).actions))
      expect(actions.length).toBeGreaterThan(0)
    }
  })

  it('has the columns of a daily file, with an empty adjusted close', async () => {
    await simulate(['daily', '--out', out, '--symbols', 'AAPL,^GSPC', '--from', '2024-01-02', '--to', '2024-01-05'])
    const [header, ...rows] = await rowsOf('daily.csv')
    expect(header).toBe('symbol,date,open,high,low,close,adj_close,volume,dividend,split')
    expect(rows).toHaveLength(8)
    expect(rows[0]).toMatch(/^AAPL,2024-01-02,\d+(\.\d+)?,[\d.]+,[\d.]+,[\d.]+,,\d+,0,1$/)
    expect((await rowsOf('corporate-actions.csv'))[0]).toBe('symbol,date,type,value,source')
    expect(await read('dataset.yaml')).toMatch(/# seed: 6\n[\s\S]*basis: raw\nsimulated: true\nsource: simulated\n/)
  })

  it('writes the same bytes for the same seed, and others for another', async () => {
    const range = ['--from', '2024-01-02', '--to', '2024-03-28']
    await simulate(['daily', '--out', out, ...range])
    const first = await read('daily.csv')
    await simulate(['daily', '--out', out, '--force', ...range])
    expect(await read('daily.csv')).toBe(first)
    await simulate(['daily', '--out', out, '--force', '--seed', '2', ...range])
    expect(await read('daily.csv')).not.toBe(first)
  })

  it('is clean unless asked for bad ticks', async () => {
    const range = ['--from', '2015-01-02', '--to', '2024-12-31', '--symbols', 'AAPL,MSFT,JPM,KO']
    await simulate(['daily', '--out', out, ...range])
    const clean = await rowsOf('daily.csv')
    await simulate(['daily', '--out', out, '--force', '--bad-ticks', ...range])
    const spoilt = await rowsOf('daily.csv')
    const changed = spoilt.filter((row) => !clean.includes(row)).length + (spoilt.length - clean.length)
    expect(changed).toBeGreaterThan(0)
    expect(changed).toBeLessThan(30)
  })

  it('prints what it wrote', async () => {
    const args = ['daily', '--out', out, '--symbols', 'AAPL', '--from', '2024-01-02', '--to', '2024-01-05']
    const { stdout, stderr } = await simulate(args, true)
    expect(JSON.parse(stdout)).toEqual([
      { file: 'daily.csv', rows: 4 },
      { file: 'corporate-actions.csv', rows: 0 },
      { file: 'dataset.yaml', rows: 8 },
    ])
    expect(stderr).toContain('SIMULATED data of seed 6, 2024-01-02 to 2024-01-05')
  })
})

describe('simulate hourly', () => {
  it('writes a file a stock beside index and volatility, and all bars in one', async () => {
    await simulate(['hourly', '--out', out, '--symbols', 'AAPL,JPM', '--from', '2024-11-25', '--to', '2024-11-29'])
    expect((await readdir(out)).sort()).toEqual([
      'AAPL.csv',
      'JPM.csv',
      'corporate-actions.csv',
      'dataset.yaml',
      'hourly.csv',
    ])
    const [header, ...rows] = await rowsOf('AAPL.csv')
    expect(header).toBe('timestamp,close,spx,vix')
    // Three whole sessions of seven bars, and the half day after Thanksgiving.
    expect(rows).toHaveLength(3 * 7 + 4)
    expect(rows[0]).toMatch(/^2024-11-25T14:30:00Z,[\d.]+,[\d.]+,[\d.]+$/)

    const hours = await rowsOf('hourly.csv')
    expect(hours[0]).toBe('symbol,timestamp,open,high,low,close,volume')
    expect(hours).toHaveLength(1 + 4 * 25)
    const close = (symbol: string, timestamp: string) =>
      hours.find((row) => row.startsWith(`${symbol},${timestamp}`))!.split(',')[5]
    for (const row of rows) {
      const [timestamp, own, spx, vix] = row.split(',')
      expect([own, spx, vix]).toEqual(['AAPL', '^GSPC', '^VIX'].map((symbol) => close(symbol, timestamp)))
    }
  })

  it('writes hours that the file provider reads back', async () => {
    await simulate(['hourly', '--out', out, '--symbols', 'AAPL', '--from', '2024-11-25', '--to', '2024-11-29'])
    const from = sessionToMs('2024-11-25' as Session)
    const request = {
      instruments: DEFAULT_INSTRUMENTS.filter(({ symbol }) => symbol === 'AAPL' || symbol === '^VIX'),
      interval: '1h',
      from,
      to: (from + 5 * DAY_MS) as Instant,
    } as const
    const files = await fileProvider({ data: path.join(out, 'hourly.csv') })
    const expected = await simulatedProvider({ badTicks: false }).fetchIntraday(request, recorder)
    expect((await files.fetchIntraday(request, recorder)).series).toEqual(expected.series)
  })

  it('takes the ten names of the analysis when not told which', async () => {
    const { stdout } = await simulate(['hourly', '--out', out, '--from', '2024-12-02', '--to', '2024-12-03'], true)
    const files = (JSON.parse(stdout) as { file: string; rows: number }[]).map(({ file }) => file)
    expect(files.slice(0, 10).sort()).toEqual(
      ['AAPL', 'AMZN', 'GOOGL', 'JNJ', 'JPM', 'META', 'MSFT', 'NVDA', 'TSLA', 'V'].map((symbol) => `${symbol}.csv`),
    )
  })
})

describe('simulate', () => {
  it.each([
    [['--seed', 'x'], '--seed "x" is not a whole number'],
    [['--seed', '1.5'], '--seed "1.5" is not a whole number'],
    [['--from', '2024-02-30'], '--from "2024-02-30" is not a date (expected YYYY-MM-DD)'],
    [['--from', '2014-01-02'], '--from 2014-01-02 is outside the simulation, which covers 2015-01-02 to 2028-12-31'],
    [['--from', '2024-02-02', '--to', '2024-02-01'], '--from 2024-02-02 is after --to 2024-02-01'],
    [['--symbols', 'AAPL,NOPE'], '--symbols: the simulated market does not list "NOPE"'],
    [['--symbols', ''], '--symbols: the simulated market does not list ""'],
  ])('refuses %j', async (args, message) => {
    for (const verb of ['daily', 'hourly']) {
      const attempt = simulate([verb, '--out', out, ...args])
      await expect(attempt).rejects.toThrow(InputError)
      await expect(attempt).rejects.toThrow(message)
    }
    expect(await readdir(home)).toEqual([])
  })

  it('refuses coins and indices by the hour, which have no hours in common with the index or are it', async () => {
    for (const symbol of ['BTC-USD', '^VIX']) {
      await expect(simulate(['hourly', '--out', out, '--symbols', symbol])).rejects.toThrow(/expected stocks/)
    }
  })

  it('refuses a folder that is not empty unless forced', async () => {
    const args = ['daily', '--out', out, '--symbols', 'AAPL', '--from', '2024-01-02', '--to', '2024-01-05']
    await simulate(args)
    await expect(simulate(args)).rejects.toThrow(InputError)
    await expect(simulate([...args, '--force'])).resolves.toBeDefined()
  })

  it.each(['daily', 'hourly'])('teaches %s', async (verb) => {
    const { stdout } = await simulate([verb, '--help'])
    expect(stdout).toMatch(/dataset\.yaml[\s\S]*Example/)
  })

  it('says when a range has no session', async () => {
    const attempt = simulate(['daily', '--out', out, '--symbols', 'AAPL', '--from', '2024-06-08', '--to', '2024-06-09'])
    await expect(attempt).rejects.toThrow(/AAPL: .*nothing for the time asked for/)
  })
})
