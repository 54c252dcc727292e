import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLogFile, runLogFiles } from '../../../../shared/adapters/file/log-files.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'edgefund-logs-')), 'logs')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const filter = { run: 'universe:2026-11-06', limit: 100 }

describe('the log of a state folder', () => {
  it('finds what the logger wrote of a run: who, when, how loud, and what else', async () => {
    const file = openLogFile(folder)
    const log = pino({ level: 'info' }, file)
    const child = log.child({ run: filter.run, step: 'universe-rank-stocks', event: 'e1', attempt: 2 })
    child.info({ said: ['universe.stocks.ranked'] }, 'done')
    child.error({ err: new Error('disk full'), dead: true }, 'failed')
    log.info({ run: 'universe:2026-11-0', step: 'a' }, 'another run')
    log.info({ run: 'universe:2026-11-06~2', step: 'a' }, 'another revision')
    log.info({ text: `"run":"${filter.run}"` }, 'only quotes the name')
    file.close()

    const lines = await runLogFiles(folder).of(filter)
    expect(lines).toMatchObject([
      { level: 'info', step: 'universe-rank-stocks', event: 'e1', attempt: 2, message: 'done' },
      { level: 'error', message: 'failed', rest: { dead: true, err: { message: 'disk full' } } },
    ])
    expect(lines[0].rest).toEqual({ said: ['universe.stocks.ranked'] })
    expect(Math.abs(Date.parse(lines[0].at) - Date.now())).toBeLessThan(60_000)
  })

  it('gives the last lines, in order, of a step where one is named', async () => {
    const file = openLogFile(folder)
    const log = pino({ level: 'info' }, file).child({ run: filter.run })
    for (let i = 0; i < 10; i++) log.info({ step: i % 2 === 0 ? 'even' : 'odd' }, String(i))
    file.close()
    const messages = async (part: object) =>
      (await runLogFiles(folder).of({ ...filter, ...part })).map(({ message }) => message)
    expect(await messages({ limit: 3 })).toEqual(['7', '8', '9'])
    expect(await messages({ step: 'even' })).toEqual(['0', '2', '4', '6', '8'])
    expect(await messages({ step: 'even', limit: 2 })).toEqual(['6', '8'])
  })

  it('never outgrows two files, and reads across both', async () => {
    const file = openLogFile(folder, 1_000)
    const log = pino({ level: 'info', base: null }, file).child({ run: filter.run, step: 's' })
    for (let i = 0; i < 60; i++) log.info(`line ${i}`)
    file.close()
    expect(readdirSync(folder).sort()).toEqual(['edgefund.1.jsonl', 'edgefund.jsonl'])
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1_000)
    const lines = await runLogFiles(folder).of(filter)
    expect(lines.length).toBeGreaterThan(readFileSync(join(folder, 'edgefund.jsonl'), 'utf8').split('\n').length - 1)
    const numbers = lines.map(({ message }) => Number(message.slice(5)))
    expect(numbers).toEqual(numbers.map((_, i) => 60 - numbers.length + i))
  })

  it('goes on where it was after a start, and leaves out a line that a crash cut off', async () => {
    const first = openLogFile(folder)
    pino({}, first).info({ run: filter.run }, 'before')
    first.close()
    const path = join(folder, 'edgefund.jsonl')
    writeFileSync(path, `{"level":30,"time":1,"run":"${filter.run}","ms\n`, { flag: 'a' })
    const second = openLogFile(folder)
    pino({}, second).info({ run: filter.run }, 'after')
    second.close()
    const lines = await runLogFiles(folder).of(filter)
    expect(lines.map(({ message }) => message)).toEqual(['before', 'after'])
    expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('has nothing where nothing was written, and lets no work fail for its sake', async () => {
    expect(await runLogFiles(folder).of(filter)).toEqual([])
    writeFileSync(folder, 'a file where the folder should be')
    expect(() => openLogFile(folder).write('{}\n')).not.toThrow()
  })
})
