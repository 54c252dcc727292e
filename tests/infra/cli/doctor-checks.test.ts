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
import { busFinding, checkBus, checkObjects, checkServer } from '../../../infra/local/cli/doctor-cluster.ts'
import { tryLock } from '../../../infra/local/lock.ts'
import { thisProcess } from '../../../shared/adapters/process/process-identity.ts'
import { readConfig } from '../../../shared/runtime/config.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { startStubS3 } from './stub-s3.ts'

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

describe('a check-up of a cluster', () => {
  const configured = (env: Readonly<Record<string, string>>) =>
    readConfig({ EDGEFUND_HOME: '/home/fund', EDGEFUND_SECRETS: folder, ...env })

  it('says of what is not configured that it is not used', async () => {
    expect(await checkBus(configured({}))).toEqual({ check: 'nats', status: 'ok', found: 'not used' })
    expect(await checkObjects(configured({}))).toEqual({
      check: 's3',
      status: 'ok',
      found: 'not used; objects lie in /home/fund/objects',
    })
  })

  it('calls what is missing broken, and what is different or superfluous worth a look', () => {
    const kept = { name: 'stream edgefund-ingestion', action: 'keep' }
    const of = (...changes: { name: string; action: string }[]) => busFinding('nats-server 2', [kept, ...changes])
    expect(of()).toMatchObject({ status: 'ok' })
    expect(of({ name: 'consumer a/b', action: 'obsolete' })).toMatchObject({
      status: 'warn',
      found: 'nats-server 2, nobody needs: consumer a/b',
    })
    expect(of({ name: 'stream a', action: 'update' })).toMatchObject({
      status: 'warn',
      advice: 'run "edgefund bootstrap"',
    })
    expect(of({ name: 'stream a', action: 'create' }, { name: 'consumer a/b', action: 'obsolete' })).toEqual({
      check: 'nats',
      status: 'fail',
      found: 'nats-server 2 lacks 1 of our 2 parts (stream a)',
      advice: 'run "edgefund bootstrap"',
    })
  })

  it('tells what is away without its password', async () => {
    await expect(checkServer('postgresql://me:secret@127.0.0.1:1/none')).rejects.toThrow(
      /^PostgreSQL cannot be reached: .*ECONNREFUSED/,
    )
    const nats = checkBus(configured({ NATS_URL: 'nats://me:secret@127.0.0.1:1' }))
    await expect(nats).rejects.toThrow(/^Cannot connect to NATS at 127\.0\.0\.1:1: /)
  })

  it.each([
    [true, 'ok'],
    [false, 'fail'],
  ])('asks for the bucket (there: %s) and writes nothing', async (bucketIsThere, status) => {
    const stub = await startStubS3({ bucketIsThere })
    try {
      const s3 = { S3_ENDPOINT: stub.endpoint, S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'secret' }
      expect(await checkObjects(configured(s3))).toMatchObject({ check: 's3', status })
      expect(stub.requests).toEqual(['HEAD /edgefund/'])
    } finally {
      stub.close()
    }
  })
})
