import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { fileNews } from '../../../../shared/adapters/news/file-news.ts'
import { memoryRecorder } from '../yahoo/yahoo-server.ts'
import { weekOf } from './news-server.ts'

let folder = ''
afterEach(() => rm(folder, { recursive: true, force: true }))

async function fileOf(...lines: string[]): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'news-'))
  const file = join(folder, 'news.csv')
  await writeFile(file, ['id,symbols,title,publisher,url,published_at', ...lines].join('\n'))
  return file
}

describe('news of a file', () => {
  it('are those of the companies and time asked for, cleaned', async () => {
    const file = await fileOf(
      'a,F GM,"Ford, <b>GM</b> &amp; others rise",Wire,https://news.test/a,2026-11-20T21:05:00Z',
      'b,T,Not asked for,Wire,https://news.test/b,2026-11-20T21:05:00Z',
      'c,F,Too early,Wire,https://news.test/c,2026-11-13T23:59:59Z',
      'd,F,No web,Wire,javascript:1,2026-11-20T21:05:00Z',
    )
    const found = await fileNews({ file }).fetchNews(weekOf('F', 'KO'), memoryRecorder())
    expect(found.articles).toEqual([
      {
        ...{ id: 'a', symbols: ['F', 'GM'], title: 'Ford, GM & others rise', publisher: 'Wire' },
        ...{ url: 'https://news.test/a', publishedAt: Date.UTC(2026, 10, 20, 21, 5) },
      },
    ])
    expect(found.missing).toEqual([])
    expect(found.provenance.map(({ symbol, request }) => [symbol, request])).toEqual([
      ['F', file],
      ['KO', file],
    ])
  })

  it('need times with a zone, or the zone of all', async () => {
    const file = await fileOf('a,F,Ford rises,Wire,https://news.test/a,2026-11-20 16:05')
    await expect(fileNews({ file }).fetchNews(weekOf('F'), memoryRecorder())).rejects.toThrow(
      /line 2, column "published_at"/,
    )
    const found = await fileNews({ file, timezone: 'America/New_York' }).fetchNews(weekOf('F'), memoryRecorder())
    expect(found.articles[0].publishedAt).toBe(Date.UTC(2026, 10, 20, 21, 5))
  })
})
