import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Content, html, raw } from '../../../../shared/adapters/html/html.ts'
import { link } from '../../../../shared/adapters/html/link.ts'
import { safeUrl } from '../../../../shared/adapters/html/safe-url.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}
const decoded = (markup: string) => markup.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity])

/** Texts that are full of what means something in markup. */
const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'<>"\'&;=/ `ax\n') }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onclick='alert(1)",
    '&lt;b&gt;',
    ']]>-->',
  ),
)

describe('html', () => {
  it('lets no character of an interpolation end its text or its attribute, and keeps what it says', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, title) => {
        const markup = html`<p title="${title}" lang='${title}'>${text}</p>`.toString()
        const parts = /^<p title="([^"<>]*)" lang='([^'<>]*)'>([^"'<>]*)<\/p>$/.exec(markup)
        expect(parts?.slice(1).map(decoded)).toEqual([title, title, text])
      }),
    )
  })

  it('takes markup as it is, joins lists and says nothing for undefined, null, false and empty text', () => {
    const items: Content = [html`<li>${'a&b'}</li>`, [html`<li>${2}</li>`, null], false, undefined, '']
    expect(html`<ul>${items}</ul>`.toString()).toBe('<ul><li>a&amp;b</li><li>2</li></ul>')
  })

  it('takes constants for markup only when told', () => {
    expect(html`${raw('<hr>')}${'<hr>'}`.toString()).toBe('<hr>&lt;hr&gt;')
  })

  it('writes a dash for a number that is none among text, and refuses it in an attribute', () => {
    expect(html`<td>${Number.NaN}</td>`.toString()).toBe('<td>–</td>')
    expect(() => html`<rect x="${Number.NaN}"/>`).toThrow(new RangeError('NaN cannot stand in an attribute'))
    expect(() => html`<rect x="${1 / 0}%"/>`).toThrow(RangeError)
  })

  it('takes markup between attributes, and no text', () => {
    expect(html`<option ${html`selected`} ${undefined}>x</option>`.toString()).toBe('<option selected >x</option>')
    expect(() => html`<option ${'onclick=alert(1)'}>x</option>`).toThrow(RangeError)
    expect(() => html`<option ${1}>x</option>`).toThrow(RangeError)
  })

  it('refuses markup in an attribute, whose quotes would end it', () => {
    expect(() => html`<p title="${html`<b class="x">`}">`).toThrow('Markup cannot stand in an attribute')
  })

  it('knows addresses by the name of their attribute', () => {
    const address = 'java\nscript:alert(1)'
    expect(html`<a href="${address}">x</a>`.toString()).toBe('<a href="#">x</a>')
    expect(html`<form action='${address}'>`.toString()).toBe("<form action='#'>")
    expect(html`<img alt="${'a:b'}" SRC = "${'data:text/html,x'}">`.toString()).toBe('<img alt="a:b" SRC = "#">')
    expect(html`<a href="/runs/${'a:b'}?x=${'1&2'}">x</a>`.toString()).toBe('<a href="/runs/a:b?x=1&amp;2">x</a>')
  })

  it.each<[string, () => unknown]>([
    ['a script', () => html`<script>var a = ${'1'}</script>`],
    ['a style', () => html`<style media="x">p { color: ${'red'} }</style>`],
    ['a comment', () => html`<!-- ${'x'} -->`],
    ['an event handler', () => html`<p onclick="f(${'1'})">`],
    ['a style attribute', () => html`<p style="color:${'red'}">`],
    ['a document in an attribute', () => html`<iframe srcdoc="${'x'}">`],
    ['an attribute without quotes', () => html`<p title=${html`x`}>`],
    ['the name of a tag', () => html`<${'p'}>`],
    ['the name of an end tag', () => html`</${'p'}>`],
    ['the start of a longer address', () => html`<a href="${'java'}${'script:alert(1)'}">`],
  ])('refuses an interpolation in %s', (_, write) => expect(write).toThrow(RangeError))

  it('is not misled by what looks like markup in texts, quotes, scripts and comments', () => {
    const text = 'a<b'
    expect(html`1 < 2 ${text} <p title='>"'>${text}</p>`.toString()).toContain('>a&lt;b</p>')
    expect(html`<script src="/x.js">if (a < b) "</p>"</script><b>${text}</b>`.toString()).toContain('<b>a&lt;b</b>')
    expect(html`<!-- <script> " --><b>${text}</b>`.toString()).toContain('<b>a&lt;b</b>')
  })
})

describe('safeUrl', () => {
  const PAGE = 'https://house.example/reports/day.html'

  it('gives only what a browser reads as http or https, and nothing at another host without saying so', () => {
    const nasty = fc.array(
      fc.constantFrom(
        'javascript',
        'data',
        'http',
        'https',
        ':',
        '/',
        '\\',
        '?',
        '#',
        ' ',
        '\t',
        '\n',
        '\0',
        'JaVa',
        'x',
        '@',
        '.',
        '&#58;',
        '\u2028',
        '\u00a0',
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          nasty.map((parts) => parts.join('')),
          fc.webUrl(),
          fc.string(),
        ),
        (text) => {
          const url = safeUrl(text)
          if (url === undefined || !URL.canParse(url, PAGE)) return
          const read = new URL(url, PAGE)
          expect(['http:', 'https:']).toContain(read.protocol)
          if (!/^https?:/i.test(url)) expect(read.host).toBe('house.example')
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    'https://example.com/a?b=c:d',
    'http://example.com',
    'HTTPS://example.com',
    '/runs/1',
    'runs?at=12:30',
    '#top',
    '',
  ])('lets %j pass as it is', (url) => expect(safeUrl(url)).toBe(url))

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\tscript:x',
    '\u0001javascript:x',
    'data:text/html,x',
    'file:///etc/passwd',
    'mailto:a@b.c',
    '//example.com',
    '\\\\host\\share',
    '/\\host',
  ])('refuses %j', (url) => expect(safeUrl(url)).toBeUndefined())
})

describe('link', () => {
  it('tells other sites nothing, and leaves only the label of what is no safe address', () => {
    expect(link('https://example.com/', 'a<b').toString()).toBe(
      '<a href="https://example.com/" rel="noopener noreferrer">a&lt;b</a>',
    )
    expect(link('/runs', 'Runs').toString()).toBe('<a href="/runs">Runs</a>')
    expect(link('javascript:alert(1)', 'a<b').toString()).toBe('a&lt;b')
    expect(link(undefined, 'a').toString()).toBe('a')
  })
})
