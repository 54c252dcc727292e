import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanPublisher, cleanTitle, webAddress } from '../../../../shared/adapters/news/clean-text.ts'
import { feedTime } from '../../../../shared/adapters/news/feed-time.ts'

describe('a headline', () => {
  it.each([
    ['Ford &amp; GM', 'Ford & GM'],
    ['<b>Ford</b> falls', 'Ford falls'],
    ['&lt;b&gt;Ford&lt;/b&gt; falls', 'Ford falls'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', 'alert(1)'],
    ['&amp;lt;b&amp;gt; stays', '&lt;b&gt; stays'],
    ['Profit &lt; 5 and &gt; 3', 'Profit < 5 and > 3'],
    ['Ford&#39;s &#x201C;plan&#x201D;', "Ford's “plan”"],
    ['A&#0;B&#xD800;C&#x110000;D', 'ABCD'],
    ['&constructor; &unknown; &', '&constructor; &unknown; &'],
    [' Two\n lines\t here ', 'Two lines here'],
    ['a\u0000b\u200bc\u202ed\u001b[31m', 'abcd[31m'],
  ])('%j reads %j', (text, title) => expect(cleanTitle(text)).toBe(title))

  it('is one line of at most 300 whole characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const title = cleanTitle(text)
        expect(title.length).toBeLessThanOrEqual(300)
        expect(title).not.toMatch(/[\n\r\p{C}]/u)
        expect(title).toBe(title.trim())
      }),
    )
    expect(cleanTitle('😀'.repeat(200))).toBe('😀'.repeat(150))
    expect(cleanTitle(`x${'😀'.repeat(200)}`)).toBe(`x${'😀'.repeat(149)}`)
    expect(cleanPublisher('x'.repeat(200))).toHaveLength(100)
  })

  it('leads to the web or nowhere', () => {
    expect(webAddress(' https://news.test/a?b=c ')).toBe('https://news.test/a?b=c')
    for (const text of ['javascript:alert(1)', 'file:///etc/passwd', '/a', '', `https://x.test/${'a'.repeat(5000)}`]) {
      expect(webAddress(text)).toBeUndefined()
    }
  })
})

describe('the time of an item', () => {
  it.each([
    ['Fri, 20 Nov 2026 16:05:09 GMT', '2026-11-20T16:05:09Z'],
    ['Fri, 20 Nov 2026 16:05:09 -0500', '2026-11-20T21:05:09Z'],
    ['20 Nov 26 16:05 EST', '2026-11-20T21:05:00Z'],
    ['Friday, 5 November 2026 06:05:09 +0530', '2026-11-05T00:35:09Z'],
    ['2026-11-20T16:05:09.5-05:00', '2026-11-20T21:05:09.500Z'],
  ])('%j is %s', (text, at) => expect(feedTime(text)).toBe(Date.parse(at)))

  it.each([
    '',
    '2026-11-20',
    '2026-11-20T16:05:09',
    '20 Nov 2026 16:05:09',
    '31 Nov 2026 16:05 GMT',
    '20 Now 2026 16:05 GMT',
    '20 Nov 2026 24:05 GMT',
    '20 Nov 2026 16:05 CET',
  ])('%j is none', (text) => expect(feedTime(text)).toBeUndefined())
})
