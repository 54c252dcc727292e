import { describe, expect, it } from 'vitest'
import type { Instant } from '../../shared/domain/market/session.ts'
import type { Article } from '../../shared/ports/data-provider.ts'
import type { NewsStore } from '../../shared/ports/ingestion-stores.ts'

const at = (text: string) => Date.parse(text) as Instant
const DAY = [at('2024-03-01T00:00:00Z'), at('2024-03-02T00:00:00Z')] as const

const article = (id: string, part: Partial<Article> = {}): Article => ({
  id,
  symbols: ['A'],
  title: `Title of ${id}`,
  publisher: 'Somebody',
  url: `https://news.example/${id}`,
  publishedAt: at('2024-03-01T12:00:00.123Z'),
  ...part,
})

/** What every store of news keeps to. `open` answers an empty one each time. */
export function newsStoreContract(name: string, open: () => Promise<NewsStore>): void {
  describe(`${name} as a store of news`, () => {
    it('reads articles about any of the symbols in the half-open range, by time', async () => {
      const news = await open()
      const late = article('late', { symbols: ['A', 'B'], publishedAt: at('2024-03-01T23:59:59.999Z') })
      const early = article('early', { publishedAt: DAY[0] })
      const next = article('next', { publishedAt: DAY[1] })
      await news.put('made', [late, early, next, article('c', { symbols: ['C'] }), article('none', { symbols: [] })])
      await news.put('other', [article('early', { title: 'Another source’s' })])

      expect(await news.read(['B', 'A'], 'made', ...DAY)).toEqual([early, late])
      expect(await news.read(['B'], 'made', ...DAY)).toEqual([late])
      expect(await news.read(['X'], 'made', ...DAY)).toEqual([])
    })

    it('takes text as it is, however strange', async () => {
      const news = await open()
      const strange = article('it’s "one", {two} \\three\n', {
        title: '<b>"Å", \\n{NULL}</b> \u{1F4C8}',
        publisher: '',
      })
      await news.put('made', [strange])

      expect(await news.read(['A'], 'made', ...DAY)).toEqual([strange])
    })

    it('corrects an article that comes again; it gains symbols and never loses one', async () => {
      const news = await open()
      await news.put('made', [article('1', { symbols: ['B'] }), article('1', { symbols: ['A'] })])
      await news.put('made', [
        article('1', { symbols: ['C'], title: 'Corrected', publishedAt: at('2024-03-05T00:00:00Z') }),
      ])

      const corrected = article('1', {
        symbols: ['A', 'B', 'C'],
        title: 'Corrected',
        publishedAt: at('2024-03-05T00:00:00Z'),
      })
      for (const symbol of ['A', 'B', 'C']) {
        expect(await news.read([symbol], 'made', ...DAY)).toEqual([])
        expect(await news.read([symbol], 'made', DAY[1], at('2024-03-06T00:00:00Z'))).toEqual([corrected])
      }
    })
  })
}
