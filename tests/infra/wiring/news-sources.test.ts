import { describe, expect, it } from 'vitest'
import { newsSources } from '../../../infra/wiring/news-sources.ts'
import type { WiringParts } from '../../../infra/wiring/parts.ts'
import { newsSourceNames } from '../../../shared/runtime/news-settings.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { madeProvider } from '../../functions/ingestion/memory-ports.ts'

const NO_KEYS: WiringParts['newsKeys'] = { finnhub: undefined, marketaux: undefined }

function sourcesOf(news: unknown, newsKeys = NO_KEYS) {
  const settings = readSettings({ news }, 'edgefund.yaml')
  const { provider } = madeProvider({})
  const database = { scopeState: () => 'none' }
  const parts = { settings, newsKeys, database, notice: () => {}, openProvider: async () => provider }
  return { of: newsSources(parts as unknown as WiringParts).of, settings }
}

describe('the wired sources of headlines', () => {
  it('are the provider of the run and those that the settings name, each under the name it is stored by', async () => {
    const keys = { finnhub: 'abc', marketaux: 'def' }
    const all = ['provider', 'rss', 'finnhub', 'marketaux', { name: 'file', data: 'news.csv' }]
    const { of, settings } = sourcesOf(all, keys)
    const names = (await of({ name: 'yahoo' })).map(({ name }) => name)
    expect(names).toEqual(newsSourceNames(settings.news, 'made'))
  })

  it('are made once', async () => {
    const { of } = sourcesOf(['rss'])
    expect((await of({ name: 'yahoo' }))[0]).toBe((await of({ name: 'yahoo' }))[0])
  })

  it('say which key is missing', async () => {
    await expect(sourcesOf(['finnhub']).of({ name: 'yahoo' })).rejects.toThrow('The key of Finnhub is empty')
  })
})
