import type { Frame, RunsView } from '../../../ports/console-pages.ts'
import type { RunLine, RunState } from '../../../ports/run-views.ts'
import { type Html, html } from '../../html/html.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to, toQuery } from '../frame.ts'
import { moment, runLink, stateBadge, took, words } from '../words.ts'

const STATES: readonly RunState[] = ['running', 'ok', 'partial', 'failed']

/** What ran, newest first, by workflow and state. */
export function runsPage(assets: Assets, frame: Frame, view: RunsView): string {
  const { filter, runs, next } = view
  return drawPage(assets, frame, {
    title: 'Runs',
    body: [
      filterForm(frame, view),
      runsTable(frame, runs, 'No run is like that.'),
      next !== undefined &&
        html`<p><a href="${toQuery(frame, 'runs', { workflow: filter.workflow, state: filter.state, from: next })}">Older runs</a></p>`,
    ],
  })
}

export function runsTable(frame: Frame, runs: readonly RunLine[], empty: string): Html {
  return table<RunLine>({
    caption: 'Runs',
    columns: [
      { header: 'Run', rowHeader: true, cell: ({ run }) => runLink(frame, run) },
      { header: 'State', cell: ({ state }) => stateBadge(state) },
      { header: 'Started', cell: ({ started }) => moment(started) },
      { header: 'Took', align: 'right', cell: ({ seconds }) => took(seconds) },
      { header: 'Why', cell: ({ reason }) => words(reason) },
    ],
    rows: runs,
    empty,
  })
}

function filterForm(frame: Frame, { filter, workflows }: RunsView): Html {
  return html`<form method="get" action="${to(frame, 'runs')}" class="filter">
${choice('Workflow', 'workflow', workflows, filter.workflow)}
${choice('State', 'state', STATES, filter.state)}
<button>Show</button>
</form>`
}

function choice(label: string, name: string, options: readonly string[], chosen: string | undefined): Html {
  const option = (value: string, text = value) =>
    html`<option value="${value}" ${value === (chosen ?? '') && html`selected`}>${text}</option>`
  return html`<label>${label} <select name="${name}">${option('', 'all')}${options.map((value) => option(value))}</select></label>`
}
