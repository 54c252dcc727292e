import type { Instant } from '../../market/session.ts'

/** What the aggregation needs to know of an article. */
export interface Headline {
  readonly id: string
  readonly title: string
  readonly publisher: string
  readonly url: string
  readonly publishedAt: Instant
}

/** Earliest first; of one instant by id, so that the order in which articles came decides nothing. */
export function inOrder<Article extends Headline>(articles: readonly Article[]): Article[] {
  return [...articles].sort(
    (a, b) => a.publishedAt - b.publishedAt || compareText(a.id, b.id) || compareText(a.title, b.title),
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
