import fc from 'fast-check'
import { DAY_MS, type Instant, instant } from '../../../../../shared/domain/market/session.ts'
import type { Headline } from '../../../../../shared/domain/signals/sentiment/headline.ts'
import type { Reader, Reading } from '../../../../../shared/domain/signals/sentiment/reading.ts'

export const DECIDED_AT = instant(Date.UTC(2026, 10, 20, 21))
export const HOUR_MS = 3_600_000

export const READER: Reader = { backend: 'onnx-linear', model: 'm', sha256: 'ab', calibrated: true }

export function headline(id: string, title: string, ageMs: number, publisher = 'A Paper'): Headline {
  return { id, title, publisher, url: `https://news.test/${id}`, publishedAt: instant(DECIDED_AT - ageMs) }
}

/** Readings by article id: [negative, neutral, positive]. */
export function readings(by: Readonly<Record<string, readonly [number, number, number]>>): Map<string, Reading> {
  return new Map(
    Object.entries(by).map(([id, [negative, neutral, positive]]) => [
      id,
      { negative, neutral, positive, reader: READER },
    ]),
  )
}

const WORDS = 'apple ford profit falls rises plant recall deal quarter margin strike bank fine'.split(' ')

/** Articles that may repeat each other, up to ten days old, each with a reading. */
export const READ_ARTICLES = fc
  .array(
    fc.record({
      words: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 }),
      ageMs: fc.integer({ min: 0, max: 10 * DAY_MS }),
      tones: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    { maxLength: 15 },
  )
  .map((rows) => ({
    articles: rows.map(({ words, ageMs }, i) => headline(`a${i}`, words.join(' '), ageMs)),
    readings: readings(
      Object.fromEntries(
        rows.map(({ tones: [split, negative] }, i) => {
          const opinion = 1 - split
          return [`a${i}`, [opinion * negative, split, opinion * (1 - negative)] as const]
        }),
      ),
    ),
  }))

export function later(article: Headline, id: string, ms: number): Headline {
  return { ...article, id, publishedAt: (article.publishedAt + ms) as Instant }
}
