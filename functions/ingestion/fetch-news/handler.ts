import { addDays, session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { NewsFetched, SessionOpened } from '../../../shared/events/ingestion.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { resolveInstrument } from '../../../shared/runtime/settings.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Sentiment looks a week back; an overlap of days costs little, because an article is stored once. */
const NEWS_DAYS = 7

/** Fetches the headlines of the last week. They are context: a provider that is away leaves them out and says so, prices do not wait. */
export default step({
  name: 'ingestion-fetch-news',
  on: SessionOpened,
  emits: [NewsFetched],
  uses: ['providers', 'payloads', 'news'],
  timeoutMs: 300_000,

  async run({ to, provider: spec, symbols }, ports, { run }) {
    const provider = await ports.providers.get(spec)
    const instruments = symbols.map(resolveInstrument).filter(({ asset }) => asset === 'equity')
    const from = sessionToMs(addDays(session(to), 1 - NEWS_DAYS))
    const through = sessionToMs(addDays(session(to), 1))
    const request = { instruments, from, to: through }
    const fetched = await provider.fetchNews(request, ports.payloads.forRun(run)).catch((error) => {
      if (error instanceof UnavailableError) return error
      throw error
    })
    if (fetched instanceof UnavailableError) {
      return [NewsFetched.of({ articles: 0, missing: instruments.length, reason: fetched.message })]
    }
    // Outside the catch: a database that is away is waited for.
    await ports.news.put(provider.name, fetched.articles)
    return [NewsFetched.of({ articles: fetched.articles.length, missing: fetched.missing.length })]
  },
})
