import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readOwner } from '../../infra/local/lock.ts'
import { type Cli, cli, startCli } from '../infra/cli/spawn-cli.ts'

// Every verb is a process of its own with a database to open; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

let folder: string
let home: string
let started: Cli[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-state-'))
  home = join(folder, 'home')
  started = []
})
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL')
  await Promise.all(started.map(({ ended }) => ended))
  rmSync(folder, { recursive: true, force: true })
})

const ask = (...args: string[]) => cli([...args, '--home', home], { cwd: folder })
const start = (...args: string[]) => {
  const running = startCli([...args, '--home', home], { cwd: folder })
  started.push(running)
  return running
}
const runsOf = async () => JSON.parse((await ask('runs', 'list', '--json')).stdout) as { run: string; state: string }[]

const SMALL = ['run', 'ingestion', '--date', '2024-01-05', '--symbols', 'AAPL,MSFT', '--seed', '7']
/** Long enough to be killed in the middle. */
const LONG = ['backfill', '--from', '2016-01-04', '--to', '2024-12-31', '--seed', '7']

describe('a run', () => {
  it('ends with its table, and is done when it is asked for again', async () => {
    const first = await ask(...SMALL)
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(/^ingestion:backfill-2024-01-05\.\.2024-01-05-[0-9a-f]{8} ok in /)
    expect(first.stdout).toMatch(/^ingestion-store-bars +1 +0 +0 +1 /m)
    expect(first.stdout).toMatch(/SIMULATED data/)
    expect(first.stdout).toMatch(/^2 rows stored, 2 archived, source simulated/m)

    const second = await ask(...SMALL, '--json')
    expect(second.code).toBe(0)
    expect(second.stderr).toMatch(/Already done: .* ended ok; --again makes a new revision/)
    expect(JSON.parse(second.stdout)).toMatchObject({
      state: 'ok',
      revision: 1,
      quality: { verdict: 'PASS', stored: 2 },
    })

    const again = await ask(...SMALL, '--again', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ state: 'ok', revision: 2 })

    const exported = await ask('export', 'bars', '--out', 'bars.csv', '--symbols', 'AAPL')
    expect(exported.code).toBe(0)
    expect(readFileSync(join(folder, 'bars.csv'), 'utf8')).toMatch(
      /^symbol,date,open,high,low,close,volume,basis\nAAPL,2024-01-05,[\d.]+,[\d.]+,[\d.]+,[\d.]+,\d+,raw\n$/,
    )
    const none = await ask('export', 'bars', '--out', 'none.csv', '--symbols', 'AAPL,NOPE')
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/There are no 1d bars of NOPE/) })
    expect(existsSync(join(folder, 'none.csv'))).toBe(false)
    expect(readdirSync(home).sort()).toEqual(['logs', 'objects', 'postgres'])
  })

  it('that fails ends with 1 and says how to go on', async () => {
    // A benchmark that the data lacks fails the run.
    writeFileSync(join(folder, 'bars.csv'), 'symbol,date,open,high,low,close,volume\nAAA,2024-01-05,1,2,1,2,100\n')
    const failing = [
      'run',
      'ingestion',
      '--data',
      'bars.csv',
      '--basis',
      'raw',
      '--symbols',
      '^GSPC',
      '--date',
      '2024-01-05',
    ]
    const first = await ask(...failing)
    expect(first.code).toBe(1)
    expect(first.stdout).toMatch(/failed in .*: /)
    const second = await ask(...failing)
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/ended failed; "edgefund runs retry ingestion:.*" tries its dead letters again/)
  })

  it('whose file breaks leaves a dead letter, which is tried again once the file is mended', async () => {
    const good = 'symbol,date,open,high,low,close,volume\nAAA,2024-01-05,1,2,1,2,100\n'
    const file = join(folder, 'bars.csv')
    writeFileSync(file, good)
    const flags = ['--data', 'bars.csv', '--basis', 'raw', '--symbols', 'AAA', '--date', '2024-01-05']
    // Who only opens a run leaves before its second step.
    const opened = await ask('run', 'ingestion', ...flags, '--no-wait')
    const run = /^Opened (\S+);/m.exec(opened.stderr)?.[1] ?? ''
    writeFileSync(file, good.replace('2024-01-05', '2024-13-05'))
    expect((await ask('runs', 'retry', run)).code).toBe(1)
    const [letter] = JSON.parse((await ask('dead-letters', 'list', '--json')).stdout) as { event: string }[]
    const shown = await ask('dead-letters', 'show', letter.event)
    expect(shown.stdout).toMatch(/^reason +PermanentError: .*bars\.csv, line 2, column "date": "2024-13-05"/m)

    writeFileSync(file, good)
    const replayed = await ask('dead-letters', 'replay', letter.event)
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('1 rows stored, 1 archived') })
    expect((await ask('dead-letters', 'list', '--json')).stdout).toBe('[]\n')
    const trail = await ask('trail', run)
    expect(trail.stdout).toMatch(/ingestion\.quality\.checked/)
  })

  it('takes a file whole when nothing else is said', async () => {
    const rows = ['2024-01-04', '2024-01-05', '2024-01-08'].map(
      (date) => `AAA,${date},1,2,1,2,100\nBBB,${date},3,4,3,4,100\n`,
    )
    writeFileSync(join(folder, 'bars.csv'), `symbol,date,open,high,low,close,volume\n${rows.join('')}`)
    const { code, stdout, stderr } = await ask(
      'backfill',
      '--data',
      'bars.csv',
      '--basis',
      'raw',
      '--source',
      'mine',
      '--json',
    )
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'ok',
      params: { from: '2024-01-04', to: '2024-01-08', symbols: ['AAA', 'BBB'] },
      quality: { stored: 6, archived: 6, source: 'mine' },
    })
  })

  it('of a session by the plain settings is the one the clock would open', async () => {
    const opened = await ask('run', 'ingestion', '--date', '2024-01-05', '--no-wait')
    expect(opened).toMatchObject({ code: 0, stdout: '' })
    expect(opened.stderr).toMatch(/Opened ingestion:2024-01-05; it goes on with the next command/)
    const shown = JSON.parse((await ask('runs', 'show', '2024-01-05', '--json')).stdout)
    expect(shown).toMatchObject({ run: 'ingestion:2024-01-05', params: {} })
    const weekend = await ask('run', 'ingestion', '--date', '2024-01-06')
    expect(weekend).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no session of XNYS; the one before it is 2024-01-05/),
    })
    const unknown = await ask('run', 'ingestoin')
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no workflow "ingestoin"; there are .*, ingestion, /),
    })
  })
})

describe('two command lines at once on one folder', () => {
  it('both end well, with one run', async () => {
    const ended = await Promise.all(Array.from({ length: 4 }, () => ask(...SMALL, '--json')))
    expect(ended.map(({ code, stderr }) => ({ code, stderr: code === 0 ? '' : stderr }))).toEqual(
      Array.from({ length: 4 }, () => ({ code: 0, stderr: '' })),
    )
    for (const { stdout } of ended) expect(JSON.parse(stdout)).toMatchObject({ state: 'ok', revision: 1 })
    expect(await runsOf()).toHaveLength(1)
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('the second takes over when the first is killed in the middle, and loses nothing', {
    timeout: 180_000,
  }, async () => {
    const first = start(...LONG)
    await first.says(/ \d+ %, [1-9]\d* of /)
    const second = start(...LONG, '--json')
    await second.says(/is under way already/)
    expect(readOwner(home)?.pid).toBe(first.child.pid)
    first.child.kill('SIGKILL')
    expect((await first.ended).code).toBeNull()
    const { code, stdout, stderr } = await second.ended
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const run = JSON.parse(stdout)
    expect(run).toMatchObject({ state: expect.stringMatching(/ok|partial/), revision: 1 })
    expect(run.quality.stored).toBe(run.quality.archived)
    expect(run.quality.stored).toBeGreaterThan(100_000)
    expect(await runsOf()).toHaveLength(1)
  })

  it('one that is stopped in the middle goes on with the same command', async () => {
    const first = start(...LONG)
    await first.says(/ \d+ %, [1-9]\d* of /)
    first.child.kill('SIGINT')
    const stopped = await first.ended
    expect(stopped).toMatchObject({ code: 130, stdout: '' })
    expect(stopped.stderr).toMatch(/goes on with the same command/)
    expect(existsSync(join(home, 'lock'))).toBe(false)
    const [run] = await runsOf()
    expect(run.state).toBe('running')
    const second = await ask(...LONG, '--json')
    expect(second.code).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({ run: run.run, revision: 1 })
  })
})

describe('up', () => {
  it('serves others until it is stopped', async () => {
    const up = start('up', '--port', '0', '--log-level', 'error')
    await up.says(/edgefund is up at http:\/\/127\.0\.0\.1:\d+/)
    const owner = readOwner(home)
    expect(owner).toMatchObject({ pid: up.child.pid, verb: 'up' })
    const response = await fetch(`http://127.0.0.1:${owner?.port}/system/functions`)
    expect(((await response.json()) as { name: string }[]).map(({ name }) => name)).toContain('ingestion-open-session')

    const run = await ask(...SMALL, '--json')
    expect(JSON.parse(run.stdout)).toMatchObject({ state: 'ok' })
    const opened = await ask(...SMALL, '--again', '--no-wait')
    expect(opened.stderr).toMatch(new RegExp(`process ${up.child.pid} works on it`))
    const wrong = await ask('runs', 'show', 'nothing')
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/^edgefund: There is no run "nothing"/) })
    const other = await ask('up', '--port', '0')
    expect(other).toMatchObject({ code: 3, stderr: expect.stringMatching(/is up at http:.* already/) })

    up.child.kill('SIGTERM')
    const { code, stderr } = await up.ended
    expect(code).toBe(143)
    expect(stderr).toMatch(/Finishing what is under way/)
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('leaves the folder when its port is taken', async () => {
    const up = start('up', '--port', '0')
    await up.says(/edgefund is up at/)
    const port = String(readOwner(home)?.port)
    const other = await cli(['up', '--port', port, '--home', join(folder, 'other')], { cwd: folder })
    expect(other).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/another program listens there; choose another --port/),
    })
    expect(existsSync(join(folder, 'other', 'lock'))).toBe(false)
  })
})
