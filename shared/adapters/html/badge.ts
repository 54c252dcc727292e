import { type Html, html } from './html.ts'

export type Standing = 'good' | 'warning' | 'bad' | 'plain'

const MARKS: Readonly<Record<Standing, string>> = { good: '✓', warning: '!', bad: '✗', plain: '' }

/** A short state in a word: the mark in front of it says the same as its colour. */
export function badge(text: string, standing: Standing = 'plain'): Html {
  const mark = MARKS[standing]
  return html`<span class="badge ${standing}">${mark && html`<span aria-hidden="true">${mark}</span> `}${text}</span>`
}
