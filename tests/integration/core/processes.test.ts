import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { openRun } from '../../../shared/runtime/runs.ts'
import { coreDatabase, PROVENANCE, sleep, toyParts } from '../../shared/runtime/harness.ts'
import { emptyCore, TEST_DATABASE_URL, WITHOUT_SERVER } from '../../shared/runtime/test-database.ts'
import { toyChain } from '../../shared/runtime/toy-chain.ts'
import { finalState } from './final-state.ts'

const WORKER = fileURLToPath(new URL('toy-worker.ts', import.meta.url))
const PARTS = Array.from({ length: 60 }, (_, i) => `part${i}`)
const KILLS = 20

describe.skipIf(!TEST_DATABASE_URL)(`processes (${WITHOUT_SERVER})`, () => {
  const db = coreDatabase()
  const children = new Set<ChildProcess>()
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
  })

  /** Starts a worker; `ready` when it begins, `over` with how many deliveries it did, or undefined when it was killed. */
  function startWorker(...args: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', WORKER, db.url!, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.add(child)
    let begun = () => {}
    const ready = new Promise<void>((resolve) => {
      begun = resolve
    })
    let done: number | undefined
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'ready') begun()
      else done = Number(line.replace('done ', ''))
    })
    const over = new Promise<number | undefined>((resolve) => {
      child.once('close', () => {
        children.delete(child)
        resolve(done)
      })
    })
    return { child, ready, over }
  }

  async function openRuns(runs: number) {
    const parts = toyParts(db.current, toyChain().steps)
    for (let i = 0; i < runs; i++) {
      await openRun(parts, { workflow: 'toys', key: `run${i}`, params: { parts: PARTS } }, PROVENANCE)
    }
  }

  async function heldByNobody(): Promise<number> {
    const [{ held }] = await db.current.read<{ held: number }>(
      `select count(*)::int as held from pipeline.deliveries where state = 'running'`,
    )
    return held
  }

  async function undisturbed(runs: number) {
    await emptyCore(db.current)
    await openRuns(runs)
    expect(await startWorker('calm').over).toBeGreaterThan(0)
    const state = await finalState(db.current)
    await emptyCore(db.current)
    return state
  }

  /** 3 deliveries a part and run; start, gather and note once a run. */
  const effectsOf = (runs: number) => runs * (3 * PARTS.length + 3)

  it('that claim the same deliveries do each once', async () => {
    const calm = await undisturbed(6)
    await openRuns(6)

    const workers = Array.from({ length: 4 }, (_, i) => startWorker(`worker/${i}`))
    const done = await Promise.all(workers.map(({ over }) => over))

    const state = await finalState(db.current)
    expect(state.effects).toHaveLength(effectsOf(6))
    expect(state).toEqual(calm)
    expect(done.reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBe(effectsOf(6))
    expect(done.filter((each) => each !== undefined && each > 0).length).toBeGreaterThan(1)
  }, 120_000)

  it(`that are killed at ${KILLS} random points leave what an undisturbed one leaves`, async () => {
    const calm = await undisturbed(2)
    let killedAtWork = 0
    let runs = 0
    let round = 0
    let interrupted = 0
    while (killedAtWork < KILLS) {
      if (runs === 0) await openRuns(2)
      runs = 2
      const { child, ready, over } = startWorker(`worker/${round++}`, 'worker/')
      await ready
      await sleep(Math.random() * 120)
      child.kill('SIGKILL')
      if ((await over) === undefined) {
        killedAtWork++
        interrupted += await heldByNobody()
      } else {
        // It was faster than the kill: this one is whole, and the next kills hit a new one.
        expect(await finalState(db.current)).toEqual(calm)
        await emptyCore(db.current)
        runs = 0
      }
    }
    // The kills did hit attempts between claim and commit.
    expect(interrupted).toBeGreaterThan(0)
    if (runs === 0) await openRuns(2)
    expect(await startWorker('last', 'worker/').over).toBeDefined()

    const state = await finalState(db.current)
    expect(state.effects).toHaveLength(effectsOf(2))
    expect(state).toEqual(calm)
    expect(state.runs).toMatchObject([{ state: 'ok' }, { state: 'ok' }])
  }, 240_000)
})
