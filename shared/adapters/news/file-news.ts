import type { NewsSource } from '../../ports/news-source.ts'
import { readNewsFile } from '../file/company-files.ts'
import { cleanPublisher, cleanTitle, webAddress } from './clean-text.ts'

export interface FileNewsOptions {
  /** CSV or Parquet: `id,symbols,title,publisher,url,published_at`. */
  readonly file: string
  /** Of times that name no zone; without it they are refused. */
  readonly timezone?: string
}

/**
 * Headlines of a file, read anew at every call. Articles without a title or with an address that does not lead to the web are left out. A
 * symbol that the file does not name has no news, which is not missing.
 * @throws InputError (from `fetchNews`) naming file, line and column of what cannot be read.
 */
export function fileNews({ file, timezone }: FileNewsOptions): NewsSource {
  return {
    name: 'file-news',
    async fetchNews({ instruments, from, to }) {
      const asked = new Set(instruments.map(({ symbol }) => symbol))
      const { rows, sha256 } = await readNewsFile(file, timezone)
      const articles = rows.flatMap((row) => {
        const title = cleanTitle(row.title)
        const url = webAddress(row.url)
        const wanted =
          from <= row.publishedAt && row.publishedAt < to && row.symbols.some((symbol) => asked.has(symbol))
        if (!wanted || title === '' || !url) return []
        return [{ ...row, title, url, publisher: cleanPublisher(row.publisher) }]
      })
      const provenance = instruments.map(({ symbol }) => ({ symbol, request: file, sha256 }))
      return { articles, missing: [], provenance }
    },
  }
}
