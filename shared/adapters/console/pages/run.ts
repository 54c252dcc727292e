import type { Frame, RunView } from '../../../ports/console-pages.ts'
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
      section({ title: 'Steps', body: [runGraphPicture(steps, edges), stepsTable(steps, edges)] }),
      joins.length > 0 && section({ title: 'Joins', body: joinsTable(joins) }),
      children.length > 0 && section({ title: 'Runs it opened', body: runsTable(frame, children, '') }),
      view.quality &&
        html`<p>Quality of what it brought: <a href="${toQuery(frame, 'quality', { run: run.run })}">${view.quality.verdict}</a>, ${count(view.quality.good)} of ${count(view.quality.expected)} bars.</p>`,
      section({ title: 'Trail', lead: 'Every event in the order it was said.', body: trailTable(frame, view) }),
      html`<p class="note">Logs go to the standard output of the process that worked: look for <code>"run":"${run.run}"</code>.</p>`,
    ],
  })
}

const STANDINGS: Readonly<Record<ReturnType<typeof stepState>, Standing>> = {
  done: 'good',
  running: 'plain',
  waiting: 'warning',
  dead: 'bad',
}

function stepsTable(steps: readonly RunStep[], edges: readonly RunEdge[]): Html {
  const counted = (of: (step: RunStep) => number) => (step: RunStep) => of(step) || ''
  return table<RunStep>({
    caption: 'By step',
    columns: [
      { header: 'Step', rowHeader: true, cell: ({ step }) => step },
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

function trailTable(frame: Frame, { run, trail, from, next }: RunView): Content {
  const address = (at: number) => `${to(frame, 'runs', run.run)}?from=${at}`
  return [
    table<TrailLine>({
      caption: 'Events',
      columns: [
        { header: 'Said', cell: ({ said_at }) => html`<code>${said_at.slice(11, 23)}</code>` },
        { header: 'Event', rowHeader: true, cell: ({ subject }) => subject },
        { header: 'By', cell: ({ step }) => step },
        { header: 'Part', cell: ({ part }) => part },
        { header: 'Data', cell: dataOf },
      ],
      rows: trail,
      empty: 'Nothing was said yet.',
    }),
    from > 0 && html`<p><a href="${address(0)}">From the beginning</a></p>`,
    next !== undefined && html`<p><a href="${address(next)}">Later events</a></p>`,
  ]
}

function dataOf({ event, cause, data }: TrailLine): Html {
  return html`<details><summary>${event}</summary><pre>${JSON.stringify(data, null, 2)}</pre>${cause !== null && html`<p class="note">because of ${cause}</p>`}</details>`
}
