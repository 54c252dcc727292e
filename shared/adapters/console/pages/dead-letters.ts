import type { DeadLettersView, Frame } from '../../../ports/console-pages.ts'
import type { DeadLetter } from '../../../ports/run-views.ts'
import { type Html, html } from '../../html/html.ts'
import { table } from '../../html/table.ts'
import type { Assets } from '../assets.ts'
import { drawPage, formToken, to } from '../frame.ts'
import { moment, runLink, words } from '../words.ts'

/** What could not be done, why, and a button to try it again. */
export function deadLettersPage(assets: Assets, frame: Frame, view: DeadLettersView): string {
  const { letters, run, limit, replayed } = view
  return drawPage(assets, frame, {
    title: 'Dead letters',
    lead: 'A delivery that failed too often, or can never succeed. Mend the cause first, then try it again.',
    body: [
      replayed !== undefined && html`<p role="status">Event <code>${replayed}</code> was offered again.</p>`,
      run !== undefined &&
        html`<p>Of ${runLink(frame, run)}. <a href="${to(frame, 'dead-letters')}">All of them</a></p>`,
      lettersTable(frame, letters),
      letters.length === limit && html`<p class="note">The newest ${limit}.</p>`,
    ],
  })
}

function lettersTable(frame: Frame, letters: readonly DeadLetter[]): Html {
  return table<DeadLetter>({
    caption: 'Newest first',
    columns: [
      { header: 'Step', rowHeader: true, cell: ({ subscriber }) => subscriber },
      { header: 'Again', cell: (letter) => replayForm(frame, letter) },
      {
        header: 'Event',
        cell: ({ subject, event }) => html`${subject ?? 'not readable'}<div class="note">${event}</div>`,
      },
      { header: 'Part', cell: ({ part }) => part },
      { header: 'Why', cell: ({ reason }) => words(reason) },
      { header: 'Attempts', align: 'right', cell: ({ attempts }) => attempts },
      { header: 'Died', cell: ({ died }) => moment(died) },
      { header: 'Run', cell: ({ run }) => run !== null && runLink(frame, run) },
    ],
    rows: letters,
    empty: 'There are no dead letters.',
  })
}

function replayForm(frame: Frame, { event, subscriber, replayable }: DeadLetter): Html {
  if (!replayable) return html`<span class="note">could not be read</span>`
  return html`<form method="post" action="${to(frame, 'dead-letters', 'replay')}">${formToken(frame)}<input type="hidden" name="event" value="${event}"><input type="hidden" name="subscriber" value="${subscriber}"><button aria-label="Try again: ${subscriber}, event ${event}">Try again</button></form>`
}
