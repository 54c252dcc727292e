import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  checkClock,
  checkHome,
  checkLock,
  checkNode,
  checkPackages,
  checkProvider,
} from '../../../infra/local/cli/doctor-checks.ts'
import { tryLock } from '../../../infra/local/lock.ts'
import { thisProcess } from '../../../shared/adapters/process/process-identity.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a check-up', () => {
  it('knows which Node is enough', () => {
    expect(checkNode('20.18.3')).toMatchObject({ status: 'fail', advice: expect.stringContaining('20.19') })
    expect(checkNode('20.19.0').status).toBe('ok')
    expect(checkNode('24.0.0').status).toBe('ok')
  })

  it('notices packages older than the lock file', () => {
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}')
    writeFileSync(join(folder, 'package-lock.json'), '{}')
    utimesSync(join(folder, 'node_modules/.package-lock.json'), 1, 1)
    expect(checkPackages(`${folder}/`)).toMatchObject({ status: 'warn', advice: 'run "npm ci"' })
    utimesSync(join(folder, 'package-lock.json'), 1, 1)
    expect(checkPackages(`${folder}/`).status).toBe('ok')
  })

  it('notices a clock that is wrong and holidays that run out', () => {
    expect(checkClock(Date.UTC(1970, 0, 1)).status).toBe('fail')
    expect(checkClock(Date.UTC(2026, 5, 1))).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('2026-05-29'),
    })
    expect(checkClock(Date.UTC(2028, 11, 1)).status).toBe('warn')
    expect(checkClock(Date.UTC(2029, 0, 2)).status).toBe('fail')
  })

  it('looks at the home, or where it will be made', () => {
    expect(checkHome(join(folder, 'a', 'b'))).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('first run'),
    })
    writeFileSync(join(folder, 'file'), '')
    expect(checkHome(join(folder, 'file')).status).toBe('fail')
  })

  it('tells a lock that is held from one that was left behind', () => {
    expect(checkLock(folder).found).toBe('free')
    const lock = tryLock(folder, { verb: 'up' })
    expect(checkLock(folder).found).toMatch(new RegExp(`^held by process ${process.pid} \\(up\\)`))
    lock?.release()
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(join(folder, 'lock'), JSON.stringify({ ...thisProcess(), pid, token: 't', verb: 'run', port: 1 }))
    expect(checkLock(folder).found).toMatch(/^left by process \d+ \(run\).*the next verb takes over$/)
  })

  it('looks for the data of a file provider', () => {
    const of = (provider: object) => checkProvider(readSettings({ provider }, 'test'))
    expect(of({ name: 'simulated' })).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('nothing of it is real'),
    })
    expect(of({ name: 'file', data: join(folder, 'none') }).status).toBe('fail')
    expect(of({ name: 'file', data: folder }).status).toBe('ok')
  })
})
