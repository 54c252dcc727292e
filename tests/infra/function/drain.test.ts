import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { drainOnSignals } from '../../../infra/function/drain.ts'
import { type FunctionProcess, startFunction } from '../../real/function-process.ts'
import { call, DEAD_DATABASE } from './calls.ts'
import { AROUND, bundleToys } from './toy-bundle.ts'

describe.each(AROUND)('a function in the %s that is asked to end', (around) => {
  let toys: Awaited<ReturnType<typeof bundleToys>>
  let fn: FunctionProcess
  beforeAll(async () => {
    toys = await bundleToys(around)
  })
  afterEach(() => fn?.kill())
  afterAll(() => toys?.remove())

  const start = async (healthcheckInterval: string) => {
    fn = await startFunction({
      folder: toys.folder,
      env: { DATABASE_URL: DEAD_DATABASE, healthcheck_interval: healthcheckInterval },
    })
  }
  const sleepIn = (ms: number) => call(`${fn.url}/toy-sleeper/sleep/${ms}`)

  it('finishes what is under way and serves what comes in the grace, then exits with 0', async () => {
    await start('700ms')
    const slow = sleepIn(1_500)
    await sleep(200)
    const began = performance.now()
    const ended = fn.stop('SIGTERM')
    await sleep(200)
    expect(await sleepIn(1)).toMatchObject({ status: 200 })
    await sleep(500)
    // The grace is over, but the slow call is not.
    expect(await sleepIn(1)).toMatchObject({ status: 200 })
    expect(await slow).toMatchObject({ status: 200 })
    expect(await ended).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(1_000)
  })

  it('goes on for the whole grace when it is idle', async () => {
    await start('1')
    const began = performance.now()
    const ended = fn.stop('SIGTERM')
    await sleep(700)
    expect(await sleepIn(1)).toMatchObject({ status: 200 })
    expect(await ended).toBe(0)
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_000)
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('by a person at the keyboard: finishes what is under way and does not wait longer', async () => {
    await start('60s')
    const slow = sleepIn(800)
    await sleep(200)
    const began = performance.now()
    const ended = fn.stop('SIGINT')
    expect(await slow).toMatchObject({ status: 200 })
    expect(await ended).toBe(0)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('the drain', () => {
  it('does not wait for ever for what does not close', async () => {
    const signals = new EventEmitter()
    const exited = new Promise<number>((resolve) => {
      const close = () => new Promise<void>(() => {})
      drainOnSignals({ graceMs: 0, close, log: { info: () => {} }, signals, exit: resolve })
    })
    signals.emit('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('ends well although closing fails', async () => {
    const signals = new EventEmitter()
    const exited = new Promise<number>((resolve) => {
      const close = () => Promise.reject(new Error('never opened'))
      const drain = drainOnSignals({ graceMs: 0, close, log: { info: () => {} }, signals, exit: resolve })
      drain.track(() => Promise.reject(new Error('the work failed'))).catch(() => {})
    })
    signals.emit('SIGTERM')
    expect(await exited).toBe(0)
  })
})
