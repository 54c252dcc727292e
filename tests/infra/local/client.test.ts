import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OperationsOptions, withOperations } from '../../../infra/local/client.ts'
import { openGateway } from '../../../infra/local/gateway.ts'
import { type HomeLock, tryLock } from '../../../infra/local/lock.ts'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import { openToyHouse, type ToyHouse } from './toy-house.ts'

let home: string
let house: ToyHouse
let opened: number
let notices: string[]
beforeAll(async () => {
  house = await openToyHouse()
})
afterAll(() => house.stop())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'edgefund-client-'))
  opened = 0
  notices = []
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** The one house, so that whoever owns the folder works on the same state; its database outlives every owner. */
function options(changes: Partial<OperationsOptions> = {}): OperationsOptions {
  return {
    home,
    verb: 'test',
    openHouse: async () => {
      opened++
      return { ...house, stop: async () => {} }
    },
    notice: (text) => notices.push(text),
    onLost: () => {},
    ...changes,
  }
}

/** Somebody else who owns the folder. */
async function anotherOwner(): Promise<{ leave(): Promise<void>; lock: HomeLock }> {
  const lock = tryLock(home, { verb: 'up' })
  if (!lock) throw new Error('The folder has an owner')
  const gateway = await openGateway({ house, token: lock.owner.token, port: 0 })
  lock.listensOn(gateway.port)
  return {
    lock,
    async leave() {
      await gateway.stop()
      lock.release()
    },
  }
}

describe('a command line', () => {
  it('is the owner for as long as it works when there is none', async () => {
    const lines = await withOperations(options(), async (operations) => {
      const found = await operations.call('runs-list', {})
      expect(existsSync(join(home, 'lock'))).toBe(true)
      expect(operations.owner()).toBeUndefined()
      return found
    })
    expect(lines).toEqual([])
    expect(opened).toBe(1)
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('talks to the owner there is, whose errors keep their kind', async () => {
    const owner = await anotherOwner()
    await withOperations(options(), async (operations) => {
      expect(await operations.call('due-slot', { workflow: 'toy' })).toMatchObject({ key: '2026-01-09' })
      expect(operations.owner()?.pid).toBe(process.pid)
      await expect(operations.call('run-show', { run: 'none' })).rejects.toThrow(InputError)
      await expect(operations.call('run-progress', { run: '' })).rejects.toThrow(InputError)
      const huge = { workflow: 'toy', key: 'x'.repeat(20_000), params: {} }
      await expect(operations.call('open-run', huge)).rejects.toThrow(/larger than the 10000 bytes/)
    })
    expect(opened).toBe(0)
    await owner.leave()
  })

  it('takes over when the owner leaves in the middle', async () => {
    const owner = await anotherOwner()
    await withOperations(options(), async (operations) => {
      await operations.call('runs-list', {})
      await owner.leave()
      expect(opened).toBe(0)
      await operations.call('runs-list', {})
      expect(opened).toBe(1)
      expect(operations.owner()).toBeUndefined()
    })
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('finds the next owner when that one was faster', async () => {
    const first = await anotherOwner()
    await withOperations(options(), async (operations) => {
      await operations.call('runs-list', {})
      await first.leave()
      const second = await anotherOwner()
      await operations.call('runs-list', {})
      expect(operations.owner()?.token).toBe(second.lock.owner.token)
      await second.leave()
    })
    expect(opened).toBe(0)
  })

  it('waits for an owner that is starting', async () => {
    const lock = tryLock(home, { verb: 'up' })
    const working = withOperations(options(), (operations) => operations.call('runs-list', {}))
    await sleep(3_500)
    expect(notices).toEqual([`Waiting for process ${process.pid} (up), which is starting …`])
    const gateway = await openGateway({ house, token: lock!.owner.token, port: 0 })
    lock!.listensOn(gateway.port)
    expect(await working).toEqual([])
    await gateway.stop()
    lock!.release()
  })

  it('is not taken in by another program on the port of an owner that is gone', async () => {
    const stranger = createServer((_, response) => response.end('<html>hello</html>'))
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const lock = tryLock(home, { verb: 'up' })
    lock!.listensOn((stranger.address() as AddressInfo).port)
    const working = withOperations(options(), (operations) => operations.call('runs-list', {}))
    await sleep(200)
    expect(opened).toBe(0)
    lock!.release()
    expect(await working).toEqual([])
    expect(opened).toBe(1)
    stranger.close()
  })

  it('leaves the folder free when it cannot be opened', async () => {
    const openHouse = async () => {
      throw new UnavailableError('The database is away')
    }
    const working = withOperations(options({ openHouse }), (operations) => operations.call('runs-list', {}))
    await expect(working).rejects.toThrow(UnavailableError)
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('stops waiting when the user has had enough', async () => {
    const lock = tryLock(home, { verb: 'up' })
    const enough = new AbortController()
    const working = withOperations(options({ signal: enough.signal }), (operations) => operations.call('runs-list', {}))
    setTimeout(() => enough.abort(new Error('enough')), 100)
    await expect(working).rejects.toThrow('enough')
    lock!.release()
  })
})
