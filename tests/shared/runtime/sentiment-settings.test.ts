import { describe, expect, it } from 'vitest'
import { newsSourceNames } from '../../../shared/runtime/news-settings.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'

const read = (content: object) => readSettings(content, 'edgefund.yaml')

describe('who reads headlines, by the settings', () => {
  it('is the embedded model, which needs nothing', () => {
    expect(read({}).sentiment).toEqual({ backend: 'onnx-linear', fallback: 'onnx-linear' })
  })

  it('may be named alone, or with what it needs to know', () => {
    expect(read({ sentiment: 'onnx-linear' }).sentiment.backend).toBe('onnx-linear')
    const hailo = { backend: 'hailo-ollama', url: 'http://pi5:8000', model: 'qwen2.5-instruct:1.5b', fallback: 'none' }
    expect(read({ sentiment: hailo }).sentiment).toEqual(hailo)
  })

  it.each([
    [{ sentiment: 'oracle' }, /sentiment\.backend: Invalid option: expected one of "onnx-linear"\|/],
    [{ sentiment: 'hailo-ollama' }, /hailo-ollama has no url, expected one such as/],
    [
      { sentiment: { backend: 'hailo-ollama', url: 'pi5:8000', model: 'm' } },
      /url of hailo-ollama is "pi5:8000", expected/,
    ],
    [{ sentiment: { backend: 'hailo-ollama', url: 'http://pi5' } }, /has no model, expected the tag/],
    [{ sentiment: 'onnx-transformer' }, /has no model, expected a folder or objects:PREFIX/],
    [{ sentiment: { url: 'http://pi5' } }, /onnx-linear needs no url, but has "http:\/\/pi5"/],
    [{ sentiment: { fallback: 'onnx-transformer' } }, /sentiment\.fallback: Invalid option/],
    [{ sentiment: { temperature: 1 } }, /sentiment: Unrecognized key/],
  ])('is refused when it is not whole: %j', (content, message) => {
    expect(() => read(content)).toThrow(message)
  })
})

describe('where headlines come from, by the settings', () => {
  it('is the provider, under the name of its bars', () => {
    expect(newsSourceNames(read({}).news, 'yahoo')).toEqual(['yahoo'])
  })

  it('may be several', () => {
    const { news } = read({
      news: [
        'provider',
        'finnhub',
        { name: 'rss', feeds: ['https://a.test/{symbol}'] },
        { name: 'file', data: 'n.csv' },
      ],
    })
    expect(newsSourceNames(news, 'yahoo')).toEqual(['yahoo', 'finnhub', 'rss', 'file-news'])
    expect(news[2]).toEqual({ name: 'rss', feeds: [{ url: 'https://a.test/{symbol}' }] })
  })

  it('may be nowhere', () => {
    expect(read({ news: [] }).news).toEqual([])
  })

  it.each([
    [{ news: ['bloomberg'] }, /news\.0\.name/],
    [{ news: ['file'] }, /news\.0\.data/],
    [{ news: ['rss', 'rss'] }, /news: names a source twice/],
    [{ news: [{ name: 'finnhub', key: 'secret' }] }, /news\.0: Unrecognized key: "key"/],
  ])('is refused when it is not whole: %j', (content, message) => {
    expect(() => read(content)).toThrow(message)
  })
})
