import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspectLock, type Owner, readOwner, SILENT_OWNER_MS, tryLock } from '../../../infra/local/lock.ts'
import { isAlive, thisProcess } from '../../../shared/adapters/process/process-identity.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'edgefund-lock-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const lockPath = () => join(home, 'lock')
const guardOf = (content: string) =>
  join(home, `takeover-${createHash('sha256').update(content).digest('hex').slice(0, 32)}`)

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

function ownerFile(changes: Partial<Owner> = {}): string {
  const owner: Owner = {
    ...thisProcess(),
    pid: deadPid(),
    port: 4_711,
    verb: 'up',
    token: Math.random().toString(),
    createdAt: '2026-01-05T00:00:00.000Z',
    ...changes,
  }
  return JSON.stringify(owner)
}

describe.each([true, false])('the lock of a state folder, hard links %s', (hardLinks) => {
  const take = () => tryLock(home, { verb: 'test', hardLinks })

  it('has one owner until it is released', () => {
    const first = take()
    expect(first?.owner).toMatchObject({ pid: process.pid, port: 0, verb: 'test' })
    expect(take()).toBeUndefined()
    first?.release()
    const second = take()
    expect(second).toBeDefined()
    second?.release()
    expect(readdirSync(home)).toEqual([])
  })

  it('can be read by nobody else, and tells the port once there is one', () => {
    const lock = take()
    expect(statSync(lockPath()).mode & 0o777).toBe(0o600)
    expect(readOwner(home)?.port).toBe(0)
    lock?.listensOn(4_000)
    expect(readOwner(home)).toMatchObject({ port: 4_000, token: lock?.owner.token })
    expect(statSync(lockPath()).mode & 0o777).toBe(0o600)
    lock?.release()
  })

  it('is taken over from a dead owner', () => {
    writeFileSync(lockPath(), ownerFile())
    expect(readOwner(home)).toBeUndefined()
    expect(inspectLock(home)).toMatchObject({ held: false, owner: { port: 4_711 } })
    const lock = take()
    expect(readOwner(home)?.pid).toBe(process.pid)
    expect(readdirSync(home)).toEqual(['lock'])
    lock?.release()
  })

  it('is taken over from a process whose pid another one has by now', () => {
    writeFileSync(lockPath(), ownerFile({ pid: process.pid, startTime: '1' }))
    const lock = take()
    expect(lock).toBeDefined()
    lock?.release()
  })

  it('is left to a taker that is alive', () => {
    const dead = ownerFile()
    writeFileSync(lockPath(), dead)
    writeFileSync(guardOf(dead), ownerFile({ pid: process.pid }))
    expect(take()).toBeUndefined()
  })

  it('is taken over from a taker that died on the way, and from the one that died taking over from it', () => {
    const dead = ownerFile()
    const taker = ownerFile()
    writeFileSync(lockPath(), dead)
    writeFileSync(guardOf(dead), taker)
    writeFileSync(guardOf(taker), ownerFile())
    const lock = take()
    expect(readOwner(home)?.pid).toBe(process.pid)
    expect(readdirSync(home)).toEqual(['lock'])
    lock?.release()
  })

  it('is taken over from a taker that died after it had become the owner', () => {
    const dead = ownerFile()
    const taker = ownerFile()
    writeFileSync(lockPath(), taker)
    writeFileSync(guardOf(dead), taker)
    const lock = take()
    expect(lock).toBeDefined()
    expect(readdirSync(home)).toEqual(['lock'])
    lock?.release()
  })

  it('is not taken while it is being written, but is when its writer has died doing so', () => {
    writeFileSync(lockPath(), '{"pid":')
    expect(take()).toBeUndefined()
    const longAgo = new Date(Date.now() - SILENT_OWNER_MS - 1_000)
    utimesSync(lockPath(), longAgo, longAgo)
    const lock = take()
    expect(lock).toBeDefined()
    lock?.release()
  })

  it('leaves an owner in another container alone as long as it touches its lock', () => {
    const elsewhere = ownerFile({ namespace: 'pid:[1]' })
    writeFileSync(lockPath(), elsewhere)
    expect(take()).toBeUndefined()
    expect(readOwner(home)?.namespace).toBe('pid:[1]')
    const longAgo = new Date(Date.now() - SILENT_OWNER_MS - 1_000)
    utimesSync(lockPath(), longAgo, longAgo)
    const lock = take()
    expect(lock).toBeDefined()
    lock?.release()
  })

  it('is not removed by somebody who lost it', () => {
    const lock = take()
    const other = ownerFile({ pid: process.pid })
    writeFileSync(lockPath(), other)
    expect(() => lock?.listensOn(1)).toThrow(/no longer held/)
    lock?.release()
    expect(readFileSync(lockPath(), 'utf8')).toBe(other)
  })
})

describe('a process', () => {
  it('is alive while it runs and dead afterwards, even before its parent has heard of it', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    const identity = { ...thisProcess(), pid: child.pid as number, startTime: '' }
    expect(isAlive(identity)).toBe(true)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(isAlive(identity)).toBe(false)
  })

  it('cannot be asked when it belongs to another boot', () => {
    expect(isAlive({ ...thisProcess(), bootId: 'another' })).toBeUndefined()
  })
})

describe('ten processes that want the same folder', () => {
  const script = fileURLToPath(new URL('lock-contender.ts', import.meta.url))

  it.each([true, false])(
    'never own it two at a time, though they are killed all the time (hard links %s)',
    async (hardLinks) => {
      const forMs = 7_000
      const children = new Set<ChildProcess>()
      let spawned = 0
      const spawnOne = () => {
        spawned++
        const child = spawn(process.execPath, ['--import', 'tsx', script, home, String(hardLinks), String(forMs)], {
          stdio: 'inherit',
        })
        children.add(child)
        child.once('exit', () => children.delete(child))
      }
      const until = Date.now() + forMs
      for (let i = 0; i < 10; i++) spawnOne()
      await sleep(3_000)
      writeFileSync(join(home, 'go'), '')
      while (Date.now() < until) {
        await sleep(50 + Math.random() * 100)
        if (children.size < 10) spawnOne()
        // From outside, at any moment: also in the middle of a take-over. (Without hard links an owner that dies while it writes its
        // lock is only given up after half a minute, so there it dies of itself alone.)
        if (hardLinks && Math.random() < 0.2) [...children][Math.floor(Math.random() * children.size)]?.kill('SIGKILL')
      }
      for (const child of children) child.kill('SIGKILL')
      while (children.size > 0) await sleep(10)

      const lines = readFileSync(join(home, 'log'), 'utf8').trim().split('\n')
      expect(lines.filter((line) => line !== 'in')).toEqual([])
      expect(lines.length).toBeGreaterThan(10)
      expect(spawned).toBeGreaterThan(12)
      const last = tryLock(home, { verb: 'last', hardLinks })
      expect(last).toBeDefined()
      last?.release()
    },
  )
})
