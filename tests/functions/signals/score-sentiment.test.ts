import { describe, expect, it } from 'vitest'
import scoreSentiment from '../../../functions/signals/score-sentiment/handler.ts'
import { withFallback } from '../../../shared/adapters/sentiment/with-fallback.ts'
import { instant } from '../../../shared/domain/market/session.ts'
import { headlineEvidence } from '../../../shared/domain/signals/sentiment/headline-evidence.ts'
import { PermanentError, UnavailableError } from '../../../shared/ports/errors.ts'
import type { SentimentReader } from '../../../shared/ports/sentiment-reader.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { call, RUN } from '../ingestion/memory-ports.ts'
import { SOURCE } from '../universe/reference-ports.ts'
import { wordClassifier, wordReader } from './made-reader.ts'
import { OPENED, rankedPorts } from './ranked-ports.ts'

const article = (id: string, symbols: string[], title: string, publishedAt: string) => ({
  ...{ id, symbols, title, publisher: 'A Paper', url: `https://news.test/${id}` },
  publishedAt: instant(Date.parse(publishedAt)),
})

/** The reference market, as of Friday 2024-06-07, with these headlines. */
async function portsWith(articles: readonly ReturnType<typeof article>[], ports: Partial<AllPorts> = {}) {
  const all: AllPorts = { ...(await rankedPorts()), ...ports }
  await all.news.put(SOURCE, articles)
  return all
}
const scoreOf = async (ports: AllPorts, symbol: string) =>
  (await ports.signals.scores(RUN, 'sentiment')).find((score) => score.symbol === symbol)
const reading = (read: SentimentReader['read']): Partial<AllPorts> => ({ sentimentReader: { read } })

const GOOD = article('1', ['ALFA'], 'A good year', '2024-06-06T12:00:00Z')
const BAD = article('2', ['BRAV'], 'A bad year', '2024-06-07T12:00:00Z')

describe('score-sentiment', () => {
  it('scores the stocks that have headlines; the others have no score and say why', async () => {
    const ports = await portsWith([GOOD, BAD])
    expect(await call(scoreSentiment, OPENED, ports)).toEqual([
      {
        subject: 'signals.sentiment.scored',
        data: { ...OPENED, scored: 2, absent: 6, headlines: 2, readers: ['made (two words)'] },
      },
    ])
    expect(await scoreOf(ports, 'ALFA')).toMatchObject({ score: 62.5, coverage: 1 })
    expect(await scoreOf(ports, 'BRAV')).toMatchObject({ score: 37.5 })
    const without = (await ports.signals.scores(RUN, 'sentiment')).filter(({ score }) => score === undefined)
    expect(without).toHaveLength(6)
    expect(without[0]).toMatchObject({ reason: 'no headlines in the last 7 days' })
  })

  it('looks at no headline that was published after the session, and at none that is older than the window', async () => {
    const ports = await portsWith([
      GOOD,
      article('late', ['ALFA'], 'Bad news on Saturday', '2024-06-08T00:00:00Z'),
      article('last', ['BRAV'], 'Good news before midnight', '2024-06-07T23:59:59Z'),
      article('old', ['BRAV'], 'Bad news of last week', '2024-05-31T23:59:59Z'),
    ])
    await call(scoreSentiment, OPENED, ports)
    expect(await scoreOf(ports, 'ALFA')).toMatchObject({ score: 62.5 })
    expect(await scoreOf(ports, 'BRAV')).toMatchObject({ score: 62.5 })
  })

  it('keeps the headlines, what was read in them and by whom', async () => {
    const ports = await portsWith([GOOD])
    await call(scoreSentiment, OPENED, ports)
    const evidence = headlineEvidence((await scoreOf(ports, 'ALFA'))!)
    expect(evidence).toMatchObject({
      headlines: 1,
      top: [{ title: 'A good year', url: 'https://news.test/1', positive: 1, negative: 0 }],
      readers: [{ backend: 'made', model: 'two words', sha256: 'ab' }],
    })
  })

  it('has every title read once, all in one call, however many stocks it is about', async () => {
    const asked: (readonly string[])[] = []
    const shared = article('3', ['ALFA', 'BRAV'], 'Good for both', '2024-06-05T12:00:00Z')
    const ports = await portsWith([GOOD, BAD, shared], { sentimentReader: wordReader(asked) })
    const [said] = await call(scoreSentiment, OPENED, ports)
    expect(asked.map((titles) => [...titles].sort())).toEqual([['A bad year', 'A good year', 'Good for both']])
    expect(said.data).toMatchObject({ headlines: 3 })
  })

  it('joins the headlines of several sources, a story that both bring once', async () => {
    const ports = await portsWith([GOOD])
    const settings = readSettings({ provider: { name: 'simulated', source: SOURCE }, news: ['provider', 'rss'] }, 'x')
    await ports.news.put('rss', [
      article('1', ['ALFA'], 'Another good one, of the same id', '2024-06-07T09:00:00Z'),
      article('9', ['ALFA'], 'A GOOD YEAR!', '2024-06-07T10:00:00Z'),
    ])
    await call(scoreSentiment, OPENED, { ...ports, settings: { ...ports.settings, news: settings.news } })
    expect(headlineEvidence((await scoreOf(ports, 'ALFA'))!)).toMatchObject({ headlines: 2, copies: 1 })
  })

  it('says who stood in and why, and leaves the run partial', async () => {
    const away = {
      ...wordClassifier([], 'wanted'),
      classify: () => Promise.reject(new UnavailableError('pi5:8000 cannot be reached')),
    }
    const sentimentReader = withFallback(away, wordClassifier(), { onDegraded: () => {} })
    const ports = await portsWith([GOOD], { sentimentReader })
    const [said] = await call(scoreSentiment, OPENED, ports)
    const degraded = 'read by made instead, wanted: pi5:8000 cannot be reached'
    expect(said.data).toMatchObject({ scored: 1, degraded, readers: ['made (two words)'] })
    const [word] = scoreSentiment.emits
    expect(word.effect(said.data)).toEqual({ effect: 'partial', reason: `sentiment: ${degraded}` })
    const [reader] = headlineEvidence((await scoreOf(ports, 'ALFA'))!)!.readers
    expect(reader).toMatchObject({ degraded: true, reason: 'wanted: pi5:8000 cannot be reached' })
  })

  it.each([
    new UnavailableError('pi5:8000 cannot be reached'),
    new PermanentError('hailo-ollama has the models none, expected "x"'),
  ])('has no scores when nobody can read, and stops nobody: %s', async (error) => {
    const ports = await portsWith(
      [GOOD],
      reading(() => Promise.reject(error)),
    )
    const [said] = await call(scoreSentiment, OPENED, ports)
    const degraded = `nobody has read the headlines: ${error.message}`
    expect(said.data).toMatchObject({ scored: 0, absent: 8, headlines: 0, readers: [], degraded })
    expect(await scoreOf(ports, 'ALFA')).toMatchObject({ reason: 'nobody has read the headlines of the last 7 days' })
    expect(await scoreOf(ports, 'BRAV')).toMatchObject({ reason: 'no headlines in the last 7 days' })
  })

  it('does not take a bug for an absence', async () => {
    const ports = await portsWith(
      [GOOD],
      reading(() => Promise.reject(new TypeError('x is not a function'))),
    )
    await expect(call(scoreSentiment, OPENED, ports)).rejects.toBeInstanceOf(TypeError)
  })

  it('asks nobody when there is nothing to read', async () => {
    const ports = await portsWith(
      [],
      reading(() => Promise.reject(new Error('asked'))),
    )
    const [said] = await call(scoreSentiment, OPENED, ports)
    expect(said.data).toMatchObject({ scored: 0, absent: 8, headlines: 0, readers: [] })
    expect(said.data).not.toHaveProperty('degraded')
  })

  it('reads no more headlines a stock than the mandate allows, the newest', async () => {
    const asked: (readonly string[])[] = []
    const many = Array.from({ length: 9 }, (_, i) =>
      article(`${i}`, ['ALFA'], `story${i}`, `2024-06-0${(i % 6) + 1}T0${i}:00:00Z`),
    )
    const ports = await portsWith(many, { sentimentReader: wordReader(asked) })
    const { mandate } = ports.settings
    const sentiment = { ...mandate.signals.sentiment, mostHeadlines: 2 }
    const settings = { ...ports.settings, mandate: { ...mandate, signals: { ...mandate.signals, sentiment } } }
    await call(scoreSentiment, OPENED, { ...ports, settings })
    expect(asked).toEqual([['story4', 'story5']])
  })
})
