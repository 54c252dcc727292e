import { mergedNews } from '../../../shared/domain/ingestion/merged-news.ts'
import { addDays, session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { NewsFetched, SessionOpened } from '../../../shared/events/ingestion.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Sentiment looks a week back; an overlap of days costs little, because an article is stored once. */
const NEWS_DAYS = 7

/**
 * Fetches the headlines of the sessions and of the week before them, from every source. They are context: a source that is away is left
 * out and named, prices do not wait.
 */
export default step({
  name: 'ingestion-fetch-news',
  on: SessionOpened,
  emits: [NewsFetched],
  uses: ['newsSources', 'payloads', 'news'],
  timeoutMs: 300_000,

  async run({ from, to, provider, symbols }, ports, { run }) {
    const instruments = symbols.map(resolveInstrument).filter(({ asset }) => asset === 'equity')
    const opens = sessionToMs(addDays(session(from), 1 - NEWS_DAYS))
    const closes = sessionToMs(addDays(session(to), 1))
    const request = { instruments, from: opens, to: closes }
    const asked = (await ports.newsSources.of(provider)).map(async (source) => {
      const fetched = await source.fetchNews(request, ports.payloads.forRun(run)).catch((error) => {
        if (error instanceof UnavailableError) return error
        throw error
      })
      return { source: source.name, fetched }
    })
    const answers = await Promise.all(asked)
    // Everything has been fetched: a database that is away is waited for.
    for (const { source, fetched } of answers) {
      if (!(fetched instanceof UnavailableError)) await ports.news.put(source, fetched.articles)
    }
    return [NewsFetched.of(mergedNews(instruments.length, answers))]
  },
})
