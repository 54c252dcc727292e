import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { badge } from '../../../../shared/adapters/html/badge.ts'
import { FILE_POLICY, SERVED_POLICY } from '../../../../shared/adapters/html/content-policy.ts'
import { html, raw } from '../../../../shared/adapters/html/html.ts'
import { keyFigures } from '../../../../shared/adapters/html/key-figures.ts'
import { page } from '../../../../shared/adapters/html/page.ts'
import { section } from '../../../../shared/adapters/html/section.ts'
import { STYLESHEET } from '../../../../shared/adapters/html/stylesheet.ts'
import { table } from '../../../../shared/adapters/html/table.ts'
import { samplePage } from './sample-page.ts'

const HOSTILE = '</title></style><script>alert(1)</script>"\''

describe('page', () => {
  it('says what every report must say, and that prices are made only when they are', () => {
    const markup = page({ title: 'A', body: '' })
    expect(markup).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(markup).toContain("<p>Not investment advice. Data providers' own terms apply.</p>")
    expect(markup).not.toContain('SIMULATED')
    expect(page({ title: 'A', body: '', simulated: true })).toContain('<strong>SIMULATED</strong>')
  })

  it('allows its own stylesheet and nothing else', () => {
    const hash = createHash('sha256').update(STYLESHEET).digest('base64')
    const style = /<style>([\s\S]*?)<\/style>/.exec(samplePage())?.[1]
    expect(style).toBe(STYLESHEET)
    for (const policy of [FILE_POLICY, SERVED_POLICY]) expect(policy).toContain(`'sha256-${hash}'`)
    expect(FILE_POLICY).not.toContain("'self'")
  })

  it('escapes everything it is given', () => {
    const markup = page({
      title: HOSTILE,
      lead: HOSTILE,
      navigation: [{ label: HOSTILE, href: 'javascript:alert(1)' }],
      body: [
        HOSTILE,
        section({ id: HOSTILE, title: HOSTILE, lead: HOSTILE, body: HOSTILE }),
        keyFigures([{ label: HOSTILE, value: HOSTILE, note: HOSTILE }]),
        badge(HOSTILE),
        table({
          caption: HOSTILE,
          empty: HOSTILE,
          columns: [{ header: HOSTILE, cell: (text: string) => text }],
          rows: [HOSTILE],
          totals: [HOSTILE],
        }),
      ],
      footer: HOSTILE,
    })
    expect(markup).not.toContain('<script')
    expect(markup).not.toContain('javascript:')
    expect(markup.match(/<\/title>/g)).toHaveLength(1)
    expect(markup.match(/<\/style>/g)).toHaveLength(1)
  })

  it('needs no script, no handler and no style attribute', () => {
    expect(samplePage()).not.toMatch(/<script|\son\w+=|\sstyle=/)
  })

  it('carries no policy of its own when it is served, and only then loads something', () => {
    const head = html`<script src="/chart.js" defer></script>`
    const served = page({ title: 'A', body: '', selfContained: false, head })
    expect(served).toContain('<script src="/chart.js" defer></script>')
    expect(served).not.toContain('Content-Security-Policy')
    expect(() => page({ title: 'A', body: '', head: raw('<script src="/chart.js"></script>') })).toThrow(RangeError)
  })

  it('is the same every time', () => expect(samplePage()).toBe(samplePage()))

  it('marks the page that is shown', () => {
    const navigation = [
      { label: 'A', href: '/a' },
      { label: 'B', href: '/b', current: true },
    ]
    expect(page({ title: 'B', body: '', navigation })).toContain('<a href="/b" aria-current="page">B</a>')
  })
})

describe('table', () => {
  interface Row {
    readonly name: string
    readonly size: number
  }
  const columns = [
    { header: 'Name', rowHeader: true, cell: ({ name }: Row) => name },
    { header: 'Size', align: 'right' as const, cell: ({ size }: Row) => size },
  ]

  it('has a head, rows whose first cell names them, and totals', () => {
    const markup = table({
      caption: 'Sizes',
      columns,
      rows: [{ name: 'a', size: 1 }],
      totals: ['All', 1],
      empty: 'None.',
    })
    expect(markup.toString()).toContain('<th scope="col" class="number">Size</th>')
    expect(markup.toString()).toContain('<th scope="row" >a</th><td class="number">1</td>')
    expect(markup.toString()).toContain('<tfoot><tr><th scope="row" >All</th><td class="number">1</td></tr></tfoot>')
  })

  it('says what it was given to say when there are no rows', () => {
    expect(table({ columns, rows: [], empty: 'Nothing is held.' }).toString()).toBe(
      '<p class="empty">Nothing is held.</p>',
    )
  })

  it('refuses totals that are not one a column', () => {
    expect(() => table({ columns, rows: [], totals: ['All'], empty: '' })).toThrow('A table of 2 columns has 1 totals')
  })
})
