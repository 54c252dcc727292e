import type {
  DeadLetter,
  RunEdge,
  RunJoin,
  RunOpening,
  RunStep,
  RunViews,
  TrailLine,
} from '../../../shared/ports/run-views.ts'

/** What a test says has run. */
export interface ToldRuns {
  readonly runs?: readonly RunOpening[]
  readonly steps?: readonly RunStep[]
  readonly edges?: readonly RunEdge[]
  readonly joins?: readonly RunJoin[]
  readonly trail?: readonly TrailLine[]
  readonly letters?: DeadLetter[]
}

/** Answers what it was told, newest runs first; every run has the same steps. */
export function toldRunViews({
  runs = [],
  steps = [],
  edges = [],
  joins = [],
  trail = [],
  letters = [],
}: ToldRuns): RunViews {
  return {
    list: async ({ workflow, state, limit, offset = 0 }) =>
      runs
        .filter((run) => (workflow ?? run.workflow) === run.workflow && (state ?? run.state) === run.state)
        .slice(offset, offset + limit),
    newest: async () => runs.filter((run) => runs.find(({ workflow }) => workflow === run.workflow) === run),
    find: async (name) => runs.find(({ run, key }) => run === name || key === name),
    newestOf: async (workflow, key) => runs.find((run) => run.workflow === workflow && run.key === key),
    steps: async () => [...steps],
    edges: async () => [...edges],
    joins: async () => [...joins],
    events: async () => [],
    trail: async (_, from, limit, step) =>
      trail.filter((line) => (step ?? line.step) === line.step).slice(from, from + limit),
    children: async (parent, limit) => runs.filter((run) => run.parent === parent).slice(0, limit),
    deadLetters: async ({ run, limit }) =>
      letters.filter((letter) => (run ?? letter.run) === letter.run).slice(0, limit),
    countDeadLetters: async () => letters.length,
    said: async (run, subject) => {
      const line = trail.find((one) => one.subject === subject)
      return runs.some((one) => one.run === run) ? (line?.data as Record<string, unknown> | undefined) : undefined
    },
    barOrigins: async () => [{ run: 'ingestion:2026-11-13', request: 'chart', sha256: 'ab'.repeat(32) }],
  }
}
