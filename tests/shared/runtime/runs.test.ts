import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { RunEnded } from '../../../shared/events/pipeline.ts'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import { attempt } from '../../../shared/runtime/attempt.ts'
import { closeRunIfOver, openRun, replayDead, retryRun } from '../../../shared/runtime/runs.ts'
import { join, type Step, customStep as step } from '../../../shared/runtime/step.ts'
import { sweep } from '../../../shared/runtime/sweeper.ts'
import {
  coreDatabase,
  deliveries,
  drain,
  effects,
  leaveEffect,
  opens,
  PROVENANCE,
  runState,
  said,
  type ToyPorts,
  toyParts,
} from './harness.ts'
import { toyChain, troubleAt } from './toy-chain.ts'

const db = coreDatabase()

const toys = (key = 'k', params: Record<string, unknown> = {}) => ({ workflow: 'toys', key, params })

function chained() {
  const chain = toyChain()
  return { chain, parts: toyParts(db.current, chain.steps) }
}

describe('opening a run', () => {
  it('twice is opening it once', async () => {
    const { parts } = chained()

    expect(await openRun(parts, toys(), PROVENANCE)).toEqual({ run: 'toys:k', state: 'running', opened: true })
    expect(await openRun(parts, toys(), PROVENANCE)).toEqual({ run: 'toys:k', state: 'running', opened: false })
    await drain(parts)
    expect(await openRun(parts, toys(), PROVENANCE)).toEqual({ run: 'toys:k', state: 'ok', opened: false })
    expect(await effects(db.current, 'toys-start')).toHaveLength(1)
  })

  it('by many at once opens one, and one more revision for each who asks again', async () => {
    const { parts } = chained()

    const opened = await Promise.all(Array.from({ length: 8 }, () => openRun(parts, toys(), PROVENANCE)))
    const again = await Promise.all(
      Array.from({ length: 3 }, () => openRun(parts, { ...toys(), again: true }, PROVENANCE)),
    )

    expect(opened.filter(({ opened }) => opened)).toHaveLength(1)
    expect(again.map(({ run }) => run).sort()).toEqual(['toys:k:r2', 'toys:k:r3', 'toys:k:r4'])
  })

  it('with other parameters is refused, with the same in another order is not', async () => {
    const { parts } = chained()
    await openRun(parts, toys('k', { parts: ['A'], to: 'z' }), PROVENANCE)

    await expect(openRun(parts, toys('k', { parts: ['B'] }), PROVENANCE)).rejects.toThrow(
      'Run toys:k was opened with other parameters; ask for it --again to make a new revision',
    )
    expect(await openRun(parts, toys('k', { to: 'z', parts: ['A'] }), PROVENANCE)).toMatchObject({ opened: false })
  })

  it('again is a new revision with other event ids', async () => {
    const { parts } = chained()
    await openRun(parts, toys(), PROVENANCE)
    await drain(parts)
    expect(await openRun(parts, { ...toys(), again: true }, PROVENANCE)).toEqual({
      run: 'toys:k:r2',
      state: 'running',
      opened: true,
    })
    await drain(parts)

    const idsOf = async (run: string) =>
      (await said(db.current)).filter((row) => row.run === run).map((row) => row.event_id)
    const [first, second] = [await idsOf('toys:k'), await idsOf('toys:k:r2')]
    expect(first).toHaveLength(second.length)
    expect(first.filter((id) => second.includes(id))).toEqual([])
    expect(await openRun(parts, toys(), PROVENANCE)).toMatchObject({ run: 'toys:k:r2', opened: false })
  })

  it('refuses what is not known, what does not fit and a key that looks like a revision', async () => {
    const { parts } = chained()

    const refusals = [
      [{ workflow: 'nothing', key: 'k', params: {} }, 'There is no workflow "nothing"; there are toys'],
      [toys('k', { parts: 'A' }), 'Parameters of toys are wrong: parts: '],
      [toys('k:r2'), 'Run key "k:r2" ends like the name of a revision'],
    ] as const
    for (const [request, message] of refusals) {
      const refusal = await openRun(parts, request, PROVENANCE).catch((error) => error)
      expect(refusal).toBeInstanceOf(InputError)
      expect(refusal.message).toContain(message)
    }
    expect(await db.current.read('select * from pipeline.runs')).toEqual([])
  })

  it('keeps who opened it: code version, settings and parameters', async () => {
    const { parts } = chained()
    await openRun(parts, toys('k', { parts: ['A'] }), { codeVersion: '1.2.3', configHash: 'abc' })

    expect(await db.current.read('select code_version, config_hash, params, revision from pipeline.runs')).toEqual([
      { code_version: '1.2.3', config_hash: 'abc', params: { parts: ['A'] }, revision: 1 },
    ])
  })
})

describe('the end of a run', () => {
  it('is said once, whoever notices it', async () => {
    const { parts } = chained()
    await openRun(parts, toys(), PROVENANCE)
    await drain(parts, { concurrency: 8 })
    await Promise.all([closeRunIfOver(parts, 'toys:k'), closeRunIfOver(parts, 'toys:k'), sweep(parts), sweep(parts)])

    expect(await said(db.current, 'pipeline.run.ended')).toMatchObject([
      { run: 'toys:k', data: { workflow: 'toys', key: 'k', state: 'ok' } },
    ])
  })

  it('does not come while something waits or runs', async () => {
    const { parts } = chained()
    await openRun(parts, toys(), PROVENANCE)

    expect(await closeRunIfOver(parts, 'toys:k')).toEqual({ woken: false })
    await db.current.write(`update pipeline.deliveries set state = 'running', lease_until = now() + interval '1 hour'`)
    expect(await closeRunIfOver(parts, 'toys:k')).toEqual({ woken: false })
    expect(await closeRunIfOver(parts, 'no:such')).toEqual({ woken: false })
  })

  it('is failed when a delivery is dead that no join waits for, and tells which and why', async () => {
    const { chain, parts } = chained()
    chain.trouble = troubleAt(['toys-note:']).trouble
    await openRun(parts, toys(), PROVENANCE)
    await drain(parts)

    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'failed', reason: 'toys-note is dead: bad luck' })
  })

  it('is partial when a step fell short, and failed when one says so', async () => {
    const { chain, parts } = chained()
    chain.trouble = troubleAt(['toys-left:A']).trouble
    await openRun(parts, toys('short'), PROVENANCE)
    await openRun(parts, toys('none', { parts: ['A'] }), PROVENANCE)
    await drain(parts)

    expect(await runState(db.current, 'toys:short')).toEqual({
      state: 'partial',
      reason: '2 of 3; toys-left is dead for A: bad luck',
    })
    expect(await runState(db.current, 'toys:none')).toMatchObject({ state: 'failed' })
    expect((await runState(db.current, 'toys:none')).reason).toMatch(/^no part came/)
  })
})

describe('retrying a run', () => {
  it('offers its dead deliveries again and closes it again, said once more', async () => {
    const { chain, parts } = chained()
    const { at, trouble } = troubleAt(['toys-note:'])
    chain.trouble = trouble
    await openRun(parts, toys(), PROVENANCE)
    await drain(parts)
    at.clear()

    expect(await retryRun({ database: db.current, local: true }, 'toys:k')).toBe(1)
    expect(await retryRun({ database: db.current, local: true }, 'toys:k')).toBe(0)
    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'running', reason: null })
    await drain(parts)

    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'ok', reason: null })
    expect((await said(db.current, 'pipeline.run.ended')).map(({ data }) => data)).toMatchObject([
      { state: 'failed' },
      { state: 'ok' },
    ])
    expect(await effects(db.current, 'toys-note')).toHaveLength(1)
  })

  it('closes it at once when what a replay says had been said before', async () => {
    const { parts } = chained()
    await openRun(parts, toys(), PROVENANCE)
    await drain(parts)
    await db.current.write(`update pipeline.deliveries set state = 'dead' where subscriber = 'toys-gather'`)

    expect(await retryRun({ database: db.current, local: true }, 'toys:k')).toBe(1)
    const [{ event_id }] = await deliveries(db.current, 'toys-gather')
    expect(await attempt(parts, parts.registry.step('toys-gather')!, event_id)).toMatchObject({ outcome: 'done' })
    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'ok', reason: null })
  })

  it('replays only what is dead and readable', async () => {
    const { parts } = chained()
    await openRun(parts, toys(), PROVENANCE)
    await drain(parts)
    const [done] = await deliveries(db.current, 'toys-note')

    expect(await replayDead({ database: db.current, local: true }, done.event_id, 'toys-note')).toBe(false)
    expect(await replayDead({ database: db.current, local: true }, 'unknown', 'toys-note')).toBe(false)
  })
})

describe('a child run', () => {
  const Wanted = event('toys.child.wanted', z.object({ child: z.string() }), { final: true })
  const Settled = event('toys.parent.settled', z.object({ came: z.array(z.string()), failed: z.array(z.string()) }), {
    final: true,
    shortfall: ({ failed }) => (failed.length > 0 ? `without ${failed.join(', ')}` : undefined),
  })

  /** A parent that opens a run of `toys` for each part and goes on when they have ended. */
  function family() {
    const chain = toyChain({ maxAttempts: 1 })
    const parentStart = step({
      name: 'parent-start',
      on: opens('parent'),
      emits: [Wanted],
      async run({ params }, ports: ToyPorts, context) {
        const children = params.parts ?? ['one', 'two']
        for (const child of children) {
          await openRun(
            parts,
            { ...toys(child), parent: { run: context.run, join: 'children', part: child } },
            PROVENANCE,
          )
        }
        await leaveEffect(ports, context)
        return children.map((child) => Wanted.of({ child }, { join: 'children', part: child }))
      },
    })
    const settle = step({
      name: 'parent-settle',
      on: join('children', [RunEnded], { deadlineMs: 60_000 }),
      emits: [Settled],
      run: ({ parts, failed }) => [
        Settled.of({
          came: parts.map(({ part, events }) => `${part} ${events['pipeline.run.ended'].state}`),
          failed: failed.map(({ part }) => part),
        }),
      ],
    })
    const parts = toyParts(db.current, [...chain.steps, parentStart, settle as Step<ToyPorts>])
    return { chain, parts }
  }

  const settled = async () => (await said(db.current, 'toys.parent.settled')).map(({ data }) => data)

  it('brings its end to the join of its parent, once both have ended', async () => {
    const { parts } = family()
    await openRun(parts, { workflow: 'parent', key: 'p', params: {} }, PROVENANCE)
    await drain(parts, { concurrency: 8 })

    expect(await settled()).toEqual([{ came: ['one ok', 'two ok'], failed: [] }])
    expect(await runState(db.current, 'parent:p')).toEqual({ state: 'ok', reason: null })
  })

  it('that fails is a failed part of its parent', async () => {
    const { chain, parts } = family()
    chain.trouble = (name, _part, { run }) => {
      if (name === 'toys-note' && run === 'toys:two') throw new Error('bad luck')
    }
    await openRun(parts, { workflow: 'parent', key: 'p', params: {} }, PROVENANCE)
    await drain(parts)

    expect(await settled()).toEqual([{ came: ['one ok'], failed: ['two'] }])
    expect(await runState(db.current, 'parent:p')).toEqual({ state: 'partial', reason: 'without two' })
  })

  it('that is retried with success opens the join of its parent again, and the parent ends again', async () => {
    const { chain, parts } = family()
    chain.trouble = (name, _part, { run }) => {
      if (name === 'toys-note' && run === 'toys:two') throw new Error('bad luck')
    }
    await openRun(parts, { workflow: 'parent', key: 'p', params: {} }, PROVENANCE)
    await drain(parts)
    chain.trouble = () => {}

    await retryRun({ database: db.current, local: true }, 'toys:two')
    await drain(parts)

    expect(await settled()).toEqual([
      { came: ['one ok'], failed: ['two'] },
      { came: ['one ok', 'two ok'], failed: [] },
    ])
    expect(await runState(db.current, 'parent:p')).toEqual({ state: 'ok', reason: null })
  })

  it('that was under way already is waited for', async () => {
    const { parts } = family()
    await openRun(parts, toys('one'), PROVENANCE)
    await openRun(parts, { workflow: 'parent', key: 'p', params: { parts: ['one'] } }, PROVENANCE)
    await drain(parts)

    expect(await settled()).toEqual([{ came: ['one ok'], failed: [] }])
  })

  it('that another run waits for is asked for again later', async () => {
    const { parts } = family()
    await openRun(parts, { workflow: 'parent', key: 'p', params: { parts: ['one'] } }, PROVENANCE)
    await attempt(
      parts,
      parts.registry.step('parent-start')!,
      (await deliveries(db.current, 'parent-start'))[0].event_id,
    )
    const other = { ...toys('one'), parent: { run: 'parent:p', join: 'children', part: 'other' } }

    await expect(openRun(parts, other, PROVENANCE)).rejects.toThrow(UnavailableError)
  })

  it('keeps its parent open until it has ended', async () => {
    const { parts } = family()
    await openRun(parts, { workflow: 'parent', key: 'p', params: { parts: ['one'] } }, PROVENANCE)
    await attempt(
      parts,
      parts.registry.step('parent-start')!,
      (await deliveries(db.current, 'parent-start'))[0].event_id,
    )

    expect(await closeRunIfOver(parts, 'parent:p')).toEqual({ woken: false })
  })
})
