/** What became of asking a source: its headlines and the companies that it had no answer for, or why nothing came. */
export interface NewsAnswer {
  readonly source: string
  readonly fetched:
    | { readonly articles: readonly unknown[]; readonly missing: readonly { readonly symbol: string }[] }
    | Error
}

/** How many headlines came from all sources, how many of the companies no source answered for, and which sources were away. */
export function mergedNews(companies: number, answers: readonly NewsAnswer[]) {
  const away = answers.flatMap(({ source, fetched }) => (fetched instanceof Error ? [{ source, fetched }] : []))
  const came = answers.flatMap(({ source, fetched }) => (fetched instanceof Error ? [] : [{ source, ...fetched }]))
  const [first, ...others] = came.map(({ missing }) => new Set(missing.map(({ symbol }) => symbol)))
  const missing = first ? [...first].filter((symbol) => others.every((other) => other.has(symbol))).length : companies
  const reason = away.map(({ source, fetched }) =>
    answers.length > 1 ? `${source}: ${fetched.message}` : fetched.message,
  )
  return {
    articles: came.reduce((sum, { articles }) => sum + articles.length, 0),
    missing,
    ...(away.length > 0 && { reason: reason.join('; ') }),
    ...(answers.length > 1 && {
      sources: came.map((one) => ({
        source: one.source,
        articles: one.articles.length,
        missing: one.missing.length,
      })),
    }),
  }
}
