import { session } from '../../../shared/domain/market/session.ts'
import { decisionTime } from '../../../shared/domain/signals/sentiment/decision-time.ts'
import { countedHeadlines, sentimentScore } from '../../../shared/domain/signals/sentiment/sentiment-score.ts'
import { ScoringOpened, SentimentScored } from '../../../shared/events/signals.ts'
import { newsSourceNames } from '../../../shared/runtime/news-settings.ts'
import { articlesBefore, readHeadlines } from '../../../shared/runtime/read-headlines.ts'
import { step } from '../../../shared/runtime/step.ts'

/**
 * Scores each ranked stock by what its headlines of the last week say. A stock without headlines has no score, and a reader that is away
 * leaves the component out and says so: the other components do not wait.
 */
export default step({
  name: 'signals-score-sentiment',
  on: ScoringOpened,
  emits: [SentimentScored],
  uses: ['settings', 'news', 'universe', 'signals', 'sentimentReader'],
  // A language model reads two headlines a second, and one at a time.
  timeoutMs: 600_000,
  concurrency: 1,

  async run({ asOf, source, universe }, ports, { run, signal }) {
    const { mandate, news } = ports.settings
    const rules = mandate.signals.sentiment
    const decidedAt = decisionTime(session(asOf))
    const symbols = (await ports.universe.ranking(universe)).map(({ symbol }) => symbol)
    const sources = newsSourceNames(news, source)
    const articles = await articlesBefore(ports.news, { symbols, sources, decidedAt, windowDays: rules.windowDays })
    const counted = [...articles.values()].flatMap((own) => countedHeadlines(own, decidedAt, rules))
    const headlines = counted.map(({ article }) => article)
    const { readings, readers, degraded } = await readHeadlines(ports.sentimentReader, headlines, signal)
    const scores = symbols.map((symbol) =>
      sentimentScore(symbol, articles.get(symbol) ?? [], readings, decidedAt, rules),
    )
    await ports.signals.putScores({ run, asOf: session(asOf), source, universe }, 'sentiment', scores)
    const absent = scores.filter(({ score }) => score === undefined).length
    const counts = { scored: scores.length - absent, absent, headlines: readings?.size ?? 0 }
    return [
      SentimentScored.of({ asOf, source, universe, ...counts, readers: [...readers], ...(degraded && { degraded }) }),
    ]
  },
})
