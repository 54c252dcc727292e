import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VERBS } from '../../../infra/local/cli/verbs.ts'
import { cli, startCli } from './spawn-cli.ts'

let folder: string
let home: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-cli-'))
  home = join(folder, 'home')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const inFolder = (args: readonly string[], env: Record<string, string> = {}) => cli(args, { cwd: folder, env })

describe('help', () => {
  it('lists every verb, and opens nothing', async () => {
    const { code, stdout, stderr } = await inFolder(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const { name, summary } of VERBS) expect(stdout).toContain(`${name.padEnd(15)}  ${summary}`)
    expect(stdout).toMatch(/Exit codes: 0 ok, 1 a run failed/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is what no arguments at all print', async () => {
    const { code, stdout } = await inFolder([])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: edgefund /)
  })

  const paths = [
    ...VERBS.map(({ name }) => [name]),
    ['runs', 'list'],
    ['runs', 'show'],
    ['runs', 'retry'],
    ['dead-letters', 'list'],
    ['dead-letters', 'show'],
    ['dead-letters', 'replay'],
    ['calc', 'indicators'],
    ['calc', 'metrics'],
    ['calc', 'weights'],
    ['calc', 'costs'],
    ['calc', 'adjust'],
    ['calc', 'quality'],
    ['fills', 'import'],
    ['positions', 'import'],
    ['cash', 'deposit'],
    ['cash', 'withdraw'],
    ['calendar', 'sessions'],
    ['simulate', 'daily'],
    ['simulate', 'hourly'],
    ['export', 'bars'],
    ['objects', 'ls'],
    ['db', 'migrate'],
    ['config', 'show'],
  ]
  it.each(paths)('is there for %s %s', async (...path) => {
    const words = path.filter((word) => word !== undefined)
    const { code, stdout, stderr } = await inFolder([...words, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: edgefund ${words.join(' ')} `))
    expect(stdout).toContain('--json')
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('wrong arguments end with 2, a line on stderr and nothing on stdout', () => {
  const cases: [string, RegExp][] = [
    ['runn', /unknown command 'runn' \(Did you mean one of run, runs\?\).*expected one of: demo, up, run/],
    ['runs lst', /unknown command 'lst' \(Did you mean list\?\); expected one of: list, show, retry/],
    ['runs', /"edgefund runs" needs one of: list, show, retry/],
    ['run', /missing required argument 'workflow'/],
    ['run ingestion --form 2024-01-02', /unknown option '--form' \(Did you mean --from\?\)/],
    ['run ingestion extra', /too many arguments/],
    ['run ingestion --date 2024-02-30', /--date "2024-02-30" is not a date \(expected YYYY-MM-DD\)/],
    ['run ingestion --from 2024-02-02 --to 2024-02-01', /--from 2024-02-02 is after --to 2024-02-01/],
    ['run ingestion --date 2024-02-02 --from 2024-02-01', /say one or the other/],
    ['run ingestion --interval 2h', /--interval "2h", expected 1d, 1h, 5m or 1m/],
    ['run ingestion --provider bloomberg', /--provider "bloomberg", expected simulated, file or yahoo/],
    ['run ingestion --provider file', /--provider file needs --data/],
    [
      'run ingestion --data nowhere.csv',
      /--data nowhere.csv: there is no such file or folder \(looked at \/.*nowhere.csv\)/,
    ],
    ['run ingestion --provider yahoo --seed 1', /--seed goes with --provider simulated, not with yahoo/],
    ['run ingestion --seed x', /--seed "x", expected a whole number/],
    ['run ingestion --symbols A,,B', /--symbols "A,,B" has an empty name/],
    ['backfill', /backfill needs --from and --to/],
    ['up --port 70000', /--port "70000", expected a number from 0 to 65535/],
    ['export bars --out bars.txt', /--out "bars.txt" ends in none of \.csv, \.csv\.gz and \.parquet/],
    ['export bars', /required option '--out <FILE>' not specified/],
    ['export bars --out b.csv --known-at yesterday', /--known-at "yesterday" is not an instant/],
    ['dead-letters replay', /replay needs the id of an event, or --all/],
    ['runs list --limit 0', /--limit "0", expected a whole number from 1/],
    ['runs list --state done', /--state "done", expected running, ok, partial or failed/],
    ['runs list --log-level loud', /EDGEFUND_LOG_LEVEL is "loud"/],
    ['calendar sessions --from 2024-01-01', /required option '--to <D>' not specified/],
  ]
  it.each(cases)('%s', async (line, complaint) => {
    const { code, stdout, stderr } = await inFolder(line.split(' '))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(complaint)
    expect(stderr).toMatch(/^edgefund: .*\n$/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('in the environment too, without telling a password', async () => {
    const wrong = await inFolder(['config', 'show'], { DATABASE_URL: 'mysql://me:secret@db/x' })
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toMatch(/^edgefund: Environment variable DATABASE_URL: .*postgres:\/\//)
    expect(wrong.stderr).not.toContain('secret')
  })

  it('in the settings, with file and line', async () => {
    writeFileSync(join(folder, 'edgefund.yaml'), 'hotDays: 90\nsymbols: [A, B\n')
    const { code, stderr } = await inFolder(['runs', 'list', '--home', home])
    expect(code).toBe(2)
    expect(stderr).toMatch(/edgefund\.yaml:3:1: /)
    expect(existsSync(home)).toBe(false)
  })
})

describe('what is away ends with 3', () => {
  it('a database', async () => {
    const { code, stdout, stderr } = await inFolder(['runs', 'list', '--home', home], {
      DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none',
    })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^edgefund: PostgreSQL cannot be reached: .*ECONNREFUSED.*\n$/)
    expect(stderr).not.toContain('secret')
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('a home that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { code, stderr } = await inFolder(['runs', 'list', '--home', join(folder, 'file', 'home')])
    expect(code).toBe(3)
    expect(stderr).toMatch(/^edgefund: The state folder .* cannot be locked: .*\n$/)
  })
})

describe('config show', () => {
  it('masks the password and names where settings come from', async () => {
    mkdirSync(home)
    writeFileSync(join(home, 'edgefund.yaml'), 'provider: { name: file, data: prices }\nsymbols: [AAPL]\n')
    const { code, stdout } = await inFolder(['config', 'show', '--json', '--home', home], {
      DATABASE_URL: 'postgres://me:secret@db.example/funds?sslpassword=secret',
      NATS_URL: '',
    })
    expect(code).toBe(0)
    expect(stdout).not.toContain('secret')
    expect(JSON.parse(stdout)).toMatchObject({
      config: { home, database: 'postgres://me:***@db.example/funds?***', nats: null },
      settings_file: join(home, 'edgefund.yaml'),
      settings: { provider: { name: 'file', data: join(home, 'prices') }, symbols: ['AAPL'], hotDays: 90 },
    })
  })
})

describe('doctor', () => {
  it('finds a fresh folder well and founds nothing in it', async () => {
    const { code, stdout } = await inFolder(['doctor', '--json', '--home', home])
    expect(code).toBe(0)
    const findings = JSON.parse(stdout) as { check: string; status: string }[]
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['node', 'clock', 'home', 'lock', 'disk', 'settings', 'provider', 'database']),
    )
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([])
    expect(readdirSync(folder)).toEqual([])
  })

  it('names what fails and what to do about it, and ends with 3', async () => {
    writeFileSync(join(folder, 'edgefund.yaml'), 'provider: { name: file, data: nowhere.csv }\n')
    const { code, stdout } = await inFolder(['doctor', '--home', home])
    expect(code).toBe(3)
    expect(stdout).toMatch(/^provider +fail +\/.*nowhere\.csv does not exist +mend "provider" in edgefund\.yaml$/m)
  })
})

describe('the process', () => {
  it('is quiet when nobody reads its output any more', () => {
    const bin = fileURLToPath(new URL('../../../bin/edgefund.mjs', import.meta.url))
    const line = `"${process.execPath}" "${bin}" calendar sessions --from 2000-01-03 --to 2028-12-29 | head -n 1`
    const { stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${line}; echo "ended $?" >&2`], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('date,open,close,early_close\n')
    expect(stderr).toBe('ended 0\n')
  })

  it.skipIf(!existsSync('/dev/full'))('says in one line that its output cannot be written', () => {
    const bin = fileURLToPath(new URL('../../../bin/edgefund.mjs', import.meta.url))
    const line = `"${process.execPath}" "${bin}" calendar sessions --from 2024-01-02 --to 2024-01-03 > /dev/full`
    const { status, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' })
    expect(stderr).toMatch(/^edgefund: Standard output cannot be written: ENOSPC[^\n]*\n$/)
    expect(status).toBe(3)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at the first %s while it waits for standard input', async (signal, code) => {
    const { child, ended } = startCli(['calc', 'quality', '-'], { cwd: folder })
    // More than any pipe holds: it is all taken only when somebody reads.
    await new Promise((resolve) => child.stdin?.write('A'.repeat(4_000_000), resolve))
    child.kill(signal)
    expect(await ended).toEqual({ code, stdout: '', stderr: '' })
  })

  it('takes the options of every verb before and behind it', async () => {
    const sessions = ['calendar', 'sessions', '--from', '2024-01-02', '--to', '2024-01-02']
    const [before, behind] = await Promise.all([inFolder(['--json', ...sessions]), inFolder([...sessions, '--json'])])
    expect(before.stdout).toBe(behind.stdout)
    expect(JSON.parse(before.stdout)).toHaveLength(1)
  })
})
