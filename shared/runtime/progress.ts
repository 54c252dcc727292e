import type { Database } from '../ports/database.ts'
import type { Registry } from './registry.ts'
import type { RunState } from './runs.ts'
import type { JoinTrigger, Step } from './step.ts'

/** How far a run is, by step. */
export interface RunProgress {
  readonly run: string
  readonly state: RunState
  /** Deliveries done, and how many there will be as far as can be known. */
  readonly done: number
  readonly total: number
  readonly steps: readonly StepProgress[]
}

export interface StepProgress {
  readonly step: string
  readonly done: number
  readonly waiting: number
  readonly running: number
  readonly dead: number
}

/** Counts a run's deliveries; a fan-out tells beforehand how many are still to come. */
export async function readProgress<P>(
  database: Database,
  registry: Registry<P>,
  run: string,
): Promise<RunProgress | undefined> {
  const [row] = await database.read<{ state: RunState }>('select state from pipeline.runs where run = $1', [run])
  if (!row) return undefined
  const counts = await database.read<{
    subscriber: string
    done: number
    waiting: number
    running: number
    dead: number
  }>(
    `select subscriber, count(*) filter (where state = 'done')::int as done, count(*) filter (where state = 'ready')::int as waiting,
            count(*) filter (where state = 'running')::int as running, count(*) filter (where state = 'dead')::int as dead
     from pipeline.deliveries where run = $1 group by subscriber`,
    [run],
  )
  const joins = await database.read<{ step: string; parts: number }>(
    'select step, jsonb_array_length(expected) as parts from pipeline.joins where run = $1',
    [run],
  )
  const steps = registry.steps
    .map(({ name }) => counts.find(({ subscriber }) => subscriber === name))
    .filter((count) => count !== undefined)
    .map(({ subscriber, ...count }) => ({ step: subscriber, ...count }))
  const expected = new Map(
    steps.map(({ step, done, waiting, running, dead }) => [step, done + waiting + running + dead]),
  )
  for (const { step: name, parts } of joins) {
    const joiner = registry.step(name)
    if (joiner?.on.kind !== 'join') continue
    expected.set(name, Math.max(1, expected.get(name) ?? 0))
    for (const step of stepsBefore(registry, joiner.on))
      expected.set(step.name, Math.max(parts, expected.get(step.name) ?? 0))
  }
  const done = steps.reduce((sum, step) => sum + step.done + step.dead, 0)
  const total = [...expected.values()].reduce((sum, count) => sum + count, 0)
  return { run, state: row.state, done, total, steps }
}

/** The steps that a part of a fan-out goes through before it is joined. */
function stepsBefore<P>(registry: Registry<P>, join: JoinTrigger<unknown>): Set<Step<P>> {
  const found = new Set<Step<P>>()
  let subjects = new Set(join.of.map(({ subject }) => subject))
  while (subjects.size > 0) {
    const earlier = new Set<string>()
    for (const step of registry.steps) {
      if (found.has(step) || step.on.kind !== 'event' || !step.emits.some(({ subject }) => subjects.has(subject)))
        continue
      found.add(step)
      earlier.add(step.on.subject)
    }
    subjects = earlier
  }
  return found
}
