import { describe, expect, it } from 'vitest'
import { componentTables } from '../../../../shared/adapters/console/signal-parts.ts'
import { html } from '../../../../shared/adapters/html/html.ts'
import { sentimentScore } from '../../../../shared/domain/signals/sentiment/sentiment-score.ts'
import { DECIDED_AT, HOUR_MS, headline, READER, readings } from '../../domain/signals/sentiment/made-headlines.ts'

const HOSTILE = '<img src=x onerror=alert(1)> profit "up" & away'

function shown(articles: readonly ReturnType<typeof headline>[]): string {
  const read = readings(Object.fromEntries(articles.map(({ id }) => [id, [0.1, 0.2, 0.7] as const])))
  const stand = { ...READER, degraded: true, reason: 'pi5:8000 cannot be reached' }
  const [first] = read.keys()
  read.set(first, { ...read.get(first)!, reader: stand })
  // As it comes back from the database.
  const score = JSON.parse(JSON.stringify(sentimentScore('F', articles, read, DECIDED_AT)))
  return String(html`${componentTables(['sentiment'], new Map([['sentiment', score]]))}`)
}

describe('the headlines behind a sentiment score', () => {
  it('are shown with what was read in them and by whom, a stand-in with its reason', () => {
    const text = shown([headline('a', 'Ford sells more', HOUR_MS), headline('b', 'Ford is sued', 100 * HOUR_MS)])
    expect(text).toContain('<a href="https://news.test/a" rel="noopener noreferrer">Ford sells more</a>')
    expect(text).toMatch(/2 headlines; weighed by age they count as 1\.7 of equal weight/)
    expect(text).toContain('70%')
    expect(text).toContain('Read by onnx-linear (m, sha256 ab…).')
    expect(text).toContain('it stood in for the backend that was wanted: pi5:8000 cannot be reached')
  })

  it('are foreign text: nothing in them is markup, and no address leads elsewhere than to the web', () => {
    const text = shown([{ ...headline('a', HOSTILE, HOUR_MS, '<b>Paper</b>'), url: 'javascript:alert(1)' }])
    expect(text).not.toMatch(/<img|<b>|javascript:/)
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt; profit &quot;up&quot; &amp; away')
  })
})
