import type { RunState } from '../../shared/ports/run-views.ts'
import type { Route } from '../../shared/runtime/service.ts'
import type { ConsolePorts } from './ports.ts'
import { absent, given, shortened, show, wholeNumber } from './show.ts'

const RUNS_A_PAGE = 50
const EVENTS_A_PAGE = 100
const LOG_LINES_SHOWN = 200
const CHILDREN_SHOWN = 50
const LETTERS_COUNTED = 100
const FARTHEST = 1_000_000
const STATES: readonly RunState[] = ['running', 'ok', 'partial', 'failed']

export const runs: Route<ConsolePorts> = {
  method: 'GET',
  path: '/runs',
  async run(request, ports) {
    const { query } = request
    const state = STATES.find((one) => one === query.get('state'))
    const offset = wholeNumber(query, 'from', 0, FARTHEST)
    const filter = { workflow: given(query, 'workflow'), state, limit: RUNS_A_PAGE + 1, offset }
    const [found, newest] = await Promise.all([ports.runViews.list(filter), ports.runViews.newest()])
    const next = found.length > RUNS_A_PAGE ? offset + RUNS_A_PAGE : undefined
    const workflows = newest.map(({ workflow }) => workflow)
    const view = { filter, workflows, runs: found.slice(0, RUNS_A_PAGE), next }
    return show(ports, request, (pages, frame) => pages.runs(frame, view))
  },
}

export const run: Route<ConsolePorts> = {
  method: 'GET',
  path: '/runs/:run',
  async run(request, ports) {
    const { runViews, runLogs, qualityReports } = ports
    const found = await runViews.find(request.params.run)
    if (!found) return absent(ports, request, `There is no run "${shortened(request.params.run)}"`)
    const from = wholeNumber(request.query, 'from', 0, FARTHEST)
    const step = given(request.query, 'step')
    const [steps, edges, joins, children, letters, quality, events, logs] = await Promise.all([
      runViews.steps(found.run),
      runViews.edges(found.run),
      runViews.joins(found.run),
      runViews.children(found.run, CHILDREN_SHOWN),
      runViews.deadLetters({ run: found.run, limit: LETTERS_COUNTED }),
      qualityReports.get(found.run),
      runViews.trail(found.run, from, EVENTS_A_PAGE + 1, step),
      runLogs?.of({ run: found.run, step, limit: LOG_LINES_SHOWN }),
    ])
    const next = events.length > EVENTS_A_PAGE ? from + EVENTS_A_PAGE : undefined
    const trail = events.slice(0, EVENTS_A_PAGE)
    const view = { run: found, steps, edges, joins, children, letters, quality, step, trail, from, next, logs }
    return show(ports, request, (pages, frame) => pages.run(frame, view))
  },
}
