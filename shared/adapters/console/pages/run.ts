import type { Frame, RunView } from '../../../ports/console-pages.ts'
import type { LogLine } from '../../../ports/run-logs.ts'
import type { RunEdge, RunJoin, RunStep, TrailLine } from '../../../ports/run-views.ts'
import { badge, type Standing } from '../../html/badge.ts'
import { type Content, type Html, html } from '../../html/html.ts'
import { keyFigures } from '../../html/key-figures.ts'
import { count } from '../../html/numbers.ts'
import { section } from '../../html/section.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to, toQuery } from '../frame.ts'
import { runGraphPicture, stepState } from '../run-graph-picture.ts'
import { counted, moment, runLink, stateBadge, took, words } from '../words.ts'
import { runsTable } from './runs.ts'

/** One run: how far each step is, what was said, what is missing and why. */
export function runPage(assets: Assets, frame: Frame, view: RunView): string {
  const { run, steps, edges, joins, children, letters } = view
  return drawPage(assets, frame, {
    title: run.run,
    lead: html`${stateBadge(run.state)} ${run.reason}`,
    body: [
      keyFigures([
        { label: 'Started', value: moment(run.started) },
        { label: 'Took', value: run.state === 'running' ? 'under way' : took(run.seconds) },
        { label: 'Code', value: run.codeVersion, note: `settings ${run.configHash}` },
      ]),
      html`<p>Asked for: <code>${JSON.stringify(run.params)}</code></p>`,
      run.parent !== null && html`<p>${runLink(frame, run.parent)} waits for it.</p>`,
      letters.length > 0 &&
        html`<p><a href="${toQuery(frame, 'dead-letters', { run: run.run })}">${badge(counted(letters.length, 'dead letter'), 'bad')}</a></p>`,
      section({
        title: 'Steps',
        lead: 'A step leads to its events and logs. It took from the event that woke it first to its last commit, waits included.',
        body: [runGraphPicture(steps, edges, stepAddress(frame, view)), stepsTable(frame, view)],
      }),
      joins.length > 0 && section({ title: 'Joins', body: joinsTable(joins) }),
      children.length > 0 && section({ title: 'Runs it opened', body: runsTable(frame, children, '') }),
      view.quality &&
        html`<p>Quality of what it brought: <a href="${toQuery(frame, 'quality', { run: run.run })}">${view.quality.verdict}</a>, ${count(view.quality.good)} of ${count(view.quality.expected)} bars.</p>`,
      section({ id: 'events', title: 'Events', lead: narrowed(frame, view), body: trailTable(frame, view) }),
      section({ id: 'logs', title: 'Logs', body: logs(view) }),
    ],
  })
}

const STANDINGS: Readonly<Record<ReturnType<typeof stepState>, Standing>> = {
  done: 'good',
  running: 'plain',
  waiting: 'warning',
  dead: 'bad',
}

/** Where a step's name leads: to what it said, what woke it and what it logged. */
function stepAddress(frame: Frame, { run }: RunView): (step: string) => string {
  return (step) => `${to(frame, 'runs', run.run)}?${new URLSearchParams({ step })}#events`
}

function narrowed(frame: Frame, { run, step }: RunView): Content {
  if (step === undefined) return 'In the order they were said.'
  return html`What woke ${step} and what it said, in order. <a href="${`${to(frame, 'runs', run.run)}#events`}">Events of all steps</a>`
}

function stepsTable(frame: Frame, view: RunView): Html {
  const { steps, edges } = view
  const addressOf = stepAddress(frame, view)
  const counted = (of: (step: RunStep) => number) => (step: RunStep) => of(step) || ''
  return table<RunStep>({
    caption: 'By step',
    columns: [
      { header: 'Step', rowHeader: true, cell: ({ step }) => html`<a href="${addressOf(step)}">${step}</a>` },
      { header: 'State', cell: (step) => badge(stepState(step), STANDINGS[stepState(step)]) },
      { header: 'Done', align: 'right', cell: counted(({ done }) => done) },
      { header: 'Waiting', align: 'right', cell: counted(({ waiting }) => waiting) },
      { header: 'Running', align: 'right', cell: counted(({ running }) => running) },
      { header: 'Dead', align: 'right', cell: counted(({ dead }) => dead) },
      { header: 'Attempts', align: 'right', cell: ({ attempts }) => attempts },
      { header: 'Took', align: 'right', cell: ({ seconds }) => took(seconds) },
      { header: 'Woken by', cell: ({ step }) => wokenBy(step, edges) },
      { header: 'Why', cell: ({ reasons }) => reasons.map((reason) => words(reason)) },
    ],
    rows: steps,
    empty: 'No step was woken yet.',
  })
}

function wokenBy(step: string, edges: readonly RunEdge[]): Content {
  return edges
    .filter(({ to: woken }) => woken === step)
    .map(({ subject, count: times }) => html`<div><code>${subject}</code>${times > 1 && ` × ${times}`}</div>`)
}

function joinsTable(joins: readonly RunJoin[]): Html {
  return table<RunJoin>({
    caption: 'Parts that are waited for',
    columns: [
      { header: 'Step', rowHeader: true, cell: ({ step }) => step },
      { header: 'Join', cell: ({ key }) => key },
      {
        header: 'State',
        cell: ({ complete, failed }) =>
          complete ? badge('complete', failed.length > 0 ? 'warning' : 'good') : badge('waiting', 'warning'),
      },
      { header: 'Parts', align: 'right', cell: ({ expected }) => expected },
      { header: 'Revision', align: 'right', cell: ({ revision }) => revision },
      { header: 'Still missing', cell: ({ missing }) => missing.join(', ') },
      {
        header: 'Given up',
        cell: ({ failed }) => failed.map(({ part, reason }) => words(`${part}: ${reason}`)),
      },
    ],
    rows: joins,
    empty: 'Nothing is joined.',
  })
}

function trailTable(frame: Frame, { run, step, trail, from, next }: RunView): Content {
  const address = (at: number) =>
    `${to(frame, 'runs', run.run)}?${new URLSearchParams({ ...(step && { step }), from: String(at) })}#events`
  return [
    table<TrailLine>({
      caption: from === 0 ? 'Oldest first' : `Oldest first, from number ${from + 1}`,
      columns: [
        { header: 'Said, UTC', cell: ({ said_at }) => toTheMillisecond(said_at) },
        { header: 'Event', rowHeader: true, cell: ({ subject }) => subject },
        { header: 'By', cell: ({ step }) => step },
        { header: 'Part', cell: ({ part }) => part },
        { header: 'Data', cell: dataOf },
      ],
      rows: trail,
      empty: from > 0 ? 'There are no later events.' : 'Nothing was said yet.',
    }),
    from > 0 && html`<p><a href="${address(0)}">From the beginning</a></p>`,
    next !== undefined && html`<p><a href="${address(next)}">Later events</a></p>`,
  ]
}

/** As logs and events are told apart. */
function toTheMillisecond(iso: string): Html {
  return html`<code class="moment">${iso.slice(0, 23).replace('T', ' ')}</code>`
}

/** What the steps logged; where this process cannot read it, what to look for. */
function logs({ run, logs: lines }: RunView): Html {
  const search = html`<code>"run":${JSON.stringify(run.run)}</code>`
  if (!lines) {
    return html`<p>Each function writes its own, a JSON object a line: look for ${search}, on Kubernetes with <code>kubectl -n openfaas-fn logs deployment/STEP</code>.</p>`
  }
  return table<LogLine>({
    caption: 'The last lines, oldest first',
    columns: [
      { header: 'Logged, UTC', cell: ({ at }) => toTheMillisecond(at) },
      { header: 'Level', cell: ({ level }) => badge(level, LEVELS[level] ?? 'plain') },
      { header: 'Step', rowHeader: true, cell: ({ step }) => step },
      { header: 'Attempt', align: 'right', cell: ({ attempt }) => attempt },
      { header: 'Message', cell: ({ message }) => words(message) },
      { header: 'Details', cell: detailsOf },
    ],
    rows: lines,
    empty: html`No line of it is left: the newest are kept in the folder <code>logs</code> of the state, some megabytes of them.`,
  })
}

const LEVELS: Readonly<Partial<Record<LogLine['level'], Standing>>> = { warn: 'warning', error: 'bad', fatal: 'bad' }

function detailsOf({ event, rest }: LogLine): Html {
  return html`<details><summary>${event ?? 'more'}</summary><pre>${JSON.stringify(rest, null, 2)}</pre></details>`
}

function dataOf({ event, cause, data }: TrailLine): Html {
  return html`<details><summary>${event}</summary><pre>${JSON.stringify(data, null, 2)}</pre>${cause !== null && html`<p class="note">because of ${cause}</p>`}</details>`
}
