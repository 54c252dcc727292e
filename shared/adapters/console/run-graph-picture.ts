import { type GraphPlace, runGraph } from '../../domain/console/run-graph.ts'
import { durationText } from '../../domain/market/duration-text.ts'
import type { RunEdge, RunStep } from '../../ports/run-views.ts'
import { type Html, html } from '../html/html.ts'

const BOX = { width: 272, height: 62 }
const BOX_CHARACTERS = 38
const GAP = { x: 20, y: 34 }

type StepState = 'done' | 'running' | 'waiting' | 'dead'

/** The worst that can be said of a step: dead, running, waiting, or done. */
export function stepState({ dead, running, waiting }: RunStep): StepState {
  if (dead > 0) return 'dead'
  if (running > 0) return 'running'
  return waiting > 0 ? 'waiting' : 'done'
}

const MARKS: Readonly<Record<StepState, string>> = { done: '✓', running: '▶', waiting: '…', dead: '✗' }

/**
 * The steps of a run and who woke whom, from above to below, each leading to an address of its own. The table of the steps says the same to
 * those who cannot see it.
 */
export function runGraphPicture(
  steps: readonly RunStep[],
  edges: readonly RunEdge[],
  addressOf: (step: string) => string,
): Html {
  const graph = runGraph(
    steps.map(({ step }) => step),
    edges,
  )
  const width = graph.columns * (BOX.width + GAP.x) - GAP.x
  const height = graph.rows * (BOX.height + GAP.y) - GAP.y
  const left = ({ column, of }: GraphPlace) =>
    (width - (of * (BOX.width + GAP.x) - GAP.x)) / 2 + column * (BOX.width + GAP.x)
  const top = ({ row }: GraphPlace) => row * (BOX.height + GAP.y)
  const places = new Map(graph.places.map((place) => [place.step, place]))
  const links = graph.links.map(({ from, to, subjects }) => {
    const [above, below] = [places.get(from), places.get(to)]
    if (!above || !below) return undefined
    const [x1, y1] = [left(above) + BOX.width / 2, top(above) + BOX.height]
    const [x2, y2] = [left(below) + BOX.width / 2, top(below)]
    const bend = Math.max(GAP.y, (y2 - y1) / 2)
    return html`<path class="link" marker-end="url(#arrow)" d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"><title>${subjects.join(', ')}</title></path>\n`
  })
  const boxes = steps.map((step) => {
    const place = places.get(step.step)
    return place && box(step, left(place), top(place), wokenBy(step.step, edges), addressOf(step.step))
  })
  if (steps.length === 0) return html`<p class="empty">No step was woken yet.</p>`
  return html`<div class="scroll whole" tabindex="0" role="region" aria-label="Step graph"><svg class="run-graph" role="group" aria-label="Steps of the run" width="${width + 2}" height="${height + 2}" viewBox="-1 -1 ${width + 2} ${height + 2}">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow" d="M0 0L8 4L0 8z"/></marker></defs>
${links}${boxes}</svg></div>`
}

function box(step: RunStep, x: number, y: number, woken: string, address: string): Html {
  const state = stepState(step)
  const parts = [
    step.done > 0 && `${step.done} done`,
    step.running > 0 && `${step.running} running`,
    step.waiting > 0 && `${step.waiting} waiting`,
    step.dead > 0 && `${step.dead} dead`,
    step.seconds !== null && durationText(step.seconds),
    // As many attempts as deliveries are no news.
    step.attempts > step.done + step.running + step.dead && `${step.attempts} attempts`,
  ].filter(Boolean)
  return html`<a class="step ${state}" href="${address}" aria-label="${step.step}: ${state}" transform="translate(${x} ${y})"><rect width="${BOX.width}" height="${BOX.height}" rx="4"/><text class="name" x="10" y="20">${MARKS[state]} ${fitted(step.step)}</text><text x="10" y="37">${fitted(parts.join(', '))}</text><text x="10" y="53">${fitted(woken)}</text></a>\n`
}

function wokenBy(step: string, edges: readonly RunEdge[]): string {
  const subjects = [...new Set(edges.filter(({ to }) => to === step).map(({ subject }) => shortSubject(subject)))]
  return subjects.length > 0 ? `on ${subjects.join(', ')}` : ''
}

/** As much as a box is wide. */
function fitted(text: string): string {
  return text.length <= BOX_CHARACTERS ? text : `${text.slice(0, BOX_CHARACTERS - 1)}…`
}

/** A word without its room: the step's own name says that. */
function shortSubject(subject: string): string {
  return subject.slice(subject.indexOf('.') + 1)
}
