import { describe, expect, it } from 'vitest'
import { createContext } from '../../../infra/local/cli/context.ts'
import { type FollowOptions, followPlan } from '../../../infra/local/cli/follow-plan.ts'
import type { WalkStep } from '../../../infra/local/cli/fund-walk.ts'
import type { Operations } from '../../../infra/local/client.ts'
import { session } from '../../../shared/domain/market/session.ts'

type State = 'ok' | 'failed'

/** A state folder in which these runs have been; every run that is opened ends as `outcome` says. */
function folder(been: Readonly<Record<string, State>>, outcome: (workflow: string) => State) {
  const states = new Map(Object.entries(been))
  const opened: string[] = []
  const call = async (name: string, input: Record<string, unknown>) => {
    const base = `${input.workflow}:${input.key}`
    if (name === 'latest-run') return states.has(base) ? { run: base, state: states.get(base) } : null
    if (name === 'run-wait') {
      return { state: states.get(String(input.run)), reason: null, troubles: [], done: 1, total: 1, steps: [] }
    }
    const known = states.get(base)
    if (known && !input.againAfter) return { run: base, state: known, opened: false }
    const run = input.againAfter ? `${base}:r2` : base
    states.set(run, outcome(String(input.workflow)))
    opened.push(run)
    return { run, state: 'running', opened: true }
  }
  return { opened, operations: { call, owner: () => undefined } as unknown as Operations }
}

const MONTH = session('2024-09-03')
const plan = (['execution', 'monitoring', 'universe', 'portfolio'] as const).map(
  (workflow): WalkStep => ({ workflow, month: MONTH, key: 'k', params: {} }),
)
const context = createContext({
  flags: () => ({ json: true }),
  env: {},
  write: () => {},
  interrupted: new AbortController().signal,
  endsWith: () => {},
})
const follow = async (made: ReturnType<typeof folder>, options?: FollowOptions) => {
  const runs = await followPlan(context, made.operations, plan, options)
  return runs.map(({ run, state }) => `${run} ${state}`)
}

describe('following a plan', () => {
  it('opens each run once the one before is over, and passes over what is done', async () => {
    const made = folder({ 'execution:k': 'ok' }, () => 'ok')
    expect(await follow(made)).toEqual(['execution:k ok', 'monitoring:k ok', 'universe:k ok', 'portfolio:k ok'])
    expect(made.opened).toEqual(['monitoring:k', 'universe:k', 'portfolio:k'])
  })

  it('goes on without a month that cannot be ranked, but not without its book', async () => {
    expect(await follow(folder({}, (workflow) => (workflow === 'universe' ? 'failed' : 'ok')))).toHaveLength(4)
    expect(await follow(folder({}, (workflow) => (workflow === 'execution' ? 'failed' : 'ok')))).toEqual([
      'execution:k failed',
    ])
  })

  it('tries again what failed before, where that is wanted, and nothing else', async () => {
    const been = { 'execution:k': 'ok', 'monitoring:k': 'ok', 'universe:k': 'failed', 'portfolio:k': 'failed' } as const
    const made = folder(been, () => 'ok')
    expect(await follow(made, { retryFailed: true })).toEqual([
      'execution:k ok',
      'monitoring:k ok',
      'universe:k:r2 ok',
      'portfolio:k:r2 ok',
    ])
    const kept = folder(been, () => 'ok')
    await follow(kept)
    expect(kept.opened).toEqual([])
  })

  it('makes everything again when it is told to', async () => {
    const made = folder({ 'execution:k': 'ok' }, () => 'ok')
    await follow(made, { again: true })
    expect(made.opened).toEqual(['execution:k:r2', 'monitoring:k', 'universe:k', 'portfolio:k'])
  })
})
