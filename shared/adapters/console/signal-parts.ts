import {
  type HeadlineEvidence,
  headlineEvidence,
  type ReadHeadline,
  readerText,
} from '../../domain/signals/sentiment/headline-evidence.ts'
import type { Component, ComponentScore, ScorePart, Signal } from '../../domain/signals/signal.ts'
import { contributionBars } from '../html/charts/contribution-bars.ts'
import { type Content, type Html, html } from '../html/html.ts'
import { link } from '../html/link.ts'
import { percent, plain } from '../html/numbers.ts'
import { table } from '../html/table.ts'
import { counted, ruleName } from './words.ts'

/** How a composite comes about. */
export function contributionChart({ contributions, absent }: Signal): Content {
  return [
    contributionBars({
      title: 'The composite, by component',
      parts: contributions.map(({ component, score, weight }) => ({ label: component, value: score, weight })),
      total: 'Composite',
      digits: 1,
      note: 'Scores are from 0 to 100. Weights are those of the components that there are.',
    }),
    absent.length > 0 &&
      html`<ul>${absent.map(({ component, reason }) => html`<li>No ${component} score: ${reason}</li>`)}</ul>`,
  ]
}

/** Each component with every one of its rules: what was measured, what it scores, what it weighs. */
export function componentTables(
  order: readonly Component[],
  components: ReadonlyMap<Component, ComponentScore>,
): Content {
  return order.map((component) => {
    const score = components.get(component)
    return score && componentTable(component, score)
  })
}

function componentTable(component: Component, score: ComponentScore): Html {
  if (score.score === undefined) return html`<h3>${component}</h3><p class="empty">No score: ${score.reason}</p>`
  return html`<h3>${component}: ${plain(score.score, 1)}</h3>
${score.coverage < 1 && html`<p class="note">${percent(score.coverage, 0)} of the rules' weight could be applied.</p>`}
${table<ScorePart>({
  caption: `Rules of ${component}`,
  columns: [
    { header: 'Rule', rowHeader: true, cell: ({ name }) => ruleName(name) },
    { header: 'Found', align: 'right', cell: ({ value }) => (typeof value === 'number' ? plain(value, 3) : value) },
    { header: 'Scores', align: 'right', cell: (part) => plain(part.score, 1) },
    { header: 'Weighs', align: 'right', cell: ({ weight }) => percent(weight) },
  ],
  rows: score.parts,
  empty: 'No rule could be applied.',
})}
${evidenceOf(score)}`
}

function evidenceOf(score: ComponentScore): Content {
  const headlines = headlineEvidence(score)
  if (headlines) return headlineTable(headlines)
  if (score.score === undefined || !score.evidence) return undefined
  return html`<details><summary>Evidence</summary><pre>${JSON.stringify(score.evidence, null, 2)}</pre></details>`
}

/** The headlines are foreign text: they are escaped like all text, and their links tell the other side nothing of us. */
function headlineTable({ headlines, copies, effectiveCount, top, readers }: HeadlineEvidence): Html {
  const again = copies === 0 ? '' : `, printed ${counted(copies, 'more time')}`
  return html`<p class="note">${counted(headlines, 'headline')}${again}; weighed by age they count as ${plain(effectiveCount, 1)} of equal weight.</p>
${table<ReadHeadline>({
  caption: 'The weightiest headlines',
  columns: [
    { header: 'Headline', rowHeader: true, cell: ({ url, title }) => link(url, title) },
    { header: 'Publisher', cell: ({ publisher }) => publisher },
    { header: 'Published (UTC)', cell: ({ publishedAt }) => publishedAt.slice(0, 16).replace('T', ' ') },
    { header: 'Negative', align: 'right', cell: ({ negative }) => percent(negative, 0) },
    { header: 'Neutral', align: 'right', cell: ({ neutral }) => percent(neutral, 0) },
    { header: 'Positive', align: 'right', cell: ({ positive }) => percent(positive, 0) },
    { header: 'Weighs', align: 'right', cell: ({ weight }) => percent(weight) },
    { header: 'Copies', align: 'right', cell: (one) => one.copies },
  ],
  rows: top,
  empty: 'No headline counted.',
})}
${readers.map((reader) => html`<p class="note">Read by ${readerText(reader)}.</p>`)}`
}
