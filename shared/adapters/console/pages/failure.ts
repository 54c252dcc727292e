import type { FailureView, Frame } from '../../../ports/console-pages.ts'
import { html } from '../../html/html.ts'
import type { Assets } from '../assets.ts'
import { drawPage, to } from '../frame.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'That was not understood',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'There is no such page',
  503: 'Something it leans on is away',
}

/** What went wrong, in place of a page. */
export function failurePage(assets: Assets, frame: Frame, { status, message }: FailureView): string {
  return drawPage(assets, frame, {
    title: TITLES[status] ?? 'It did not work',
    bare: status === 401,
    body: html`<p>${message}</p><p><a href="${to(frame, 'overview')}">To the overview</a></p>`,
  })
}
