import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BROWSER_MISSING, openBrowser } from '../../../real/browser.ts'
import { samplePage } from './sample-page.ts'

/** What is less than it should be: texts against what they stand on, and lines of charts against the page. */
const LOW_CONTRASTS = `(() => {
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = colour
    pen.fillRect(0, 0, 1, 1)
    return [...pen.getImageData(0, 0, 1, 1).data]
  }
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const contrast = (a, b) => {
    const [low, high] = [luminance(rgba(a)), luminance(rgba(b))].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor
      if (rgba(colour)[3] === 255) return colour
    }
    return getComputedStyle(document.body).backgroundColor
  }
  const poor = []
  let measured = 0
  const note = (what, ratio, least) => {
    measured++
    if (ratio < least) poor.push(what + ' ' + ratio.toFixed(2))
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (!walker.currentNode.data.trim() || !element.getClientRects().length || element.closest('title,desc')) continue
    const style = getComputedStyle(element)
    const colour = element.namespaceURI.endsWith('svg') ? style.fill : style.color
    note(element.tagName + ' ' + element.className + ' "' + walker.currentNode.data.slice(0, 20) + '"', contrast(colour, behind(element)), 4.5)
  }
  for (const line of document.querySelectorAll('path.line, .bar rect, .legend rect.stack')) {
    const style = getComputedStyle(line)
    const colour = line.matches('.line') ? style.stroke : style.fill
    note(line.getAttribute('class'), contrast(colour, behind(line.closest('figure') ?? line.parentElement.parentElement)), 3)
  }
  return { poor, measured }
})()`

/** Labels of axes that overlap each other or leave the screen. */
const BAD_LABELS = `(() => {
  const bad = []
  for (const plot of document.querySelectorAll('svg.plot')) {
    const texts = [...plot.querySelectorAll('text:not(.halo)')].filter((text) => text.getClientRects().length)
    const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
    boxes.forEach(({ text, box }, i) => {
      if (box.left < 0 || box.right > innerWidth) bad.push(text + ' leaves the screen')
      for (const other of boxes.slice(i + 1)) {
        const apart = other.box.left >= box.right || other.box.right <= box.left || other.box.top >= box.bottom || other.box.bottom <= box.top
        if (!apart) bad.push(text + ' overlaps ' + other.text)
      }
    })
  }
  return bad
})()`

describe.skipIf(BROWSER_MISSING)(`pages in a real browser (${BROWSER_MISSING ?? 'Chromium'})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgefund-pages-'))
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  interface Look {
    readonly tab: Tab
    /** What the browser complained of, and what the page asked for beside itself. */
    readonly complaints: string[]
  }

  async function look(markup: string, widthPx: number, colorScheme: 'light' | 'dark'): Promise<Look> {
    const file = join(folder, 'page.html')
    writeFileSync(file, markup)
    if (!browser) throw new Error('The browser is not open')
    const tab = await browser.newPage({ viewport: { width: widthPx, height: 900 }, colorScheme })
    const complaints: string[] = []
    const address = pathToFileURL(file).href
    tab.on('console', (message) => complaints.push(message.text()))
    tab.on('request', (request) => {
      if (request.url() !== address && request.url() !== 'data:,') complaints.push(`asked for ${request.url()}`)
    })
    await tab.goto(address)
    return { tab, complaints }
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`has enough contrast and asks for nothing, ${scheme}`, async () => {
      const { tab, complaints } = await look(samplePage(), 1280, scheme)
      const { poor, measured } = await tab.evaluate<{ poor: string[]; measured: number }>(LOW_CONTRASTS)
      await tab.close()
      expect(poor).toEqual([])
      expect(measured).toBeGreaterThan(500)
      expect(complaints).toEqual([])
    })
  }

  it.each([360, 390, 768, 1280])('fits a screen of %d pixels, with labels that can be read', async (widthPx) => {
    const { tab } = await look(samplePage(), widthPx, 'light')
    const width = await tab.evaluate<number>('document.documentElement.scrollWidth')
    const bad = await tab.evaluate<string[]>(BAD_LABELS)
    await tab.close()
    expect(width).toBe(widthPx)
    expect(bad).toEqual([])
  })

  it('is light on paper, whatever the screen is', async () => {
    const { tab } = await look(samplePage(), 1280, 'dark')
    await tab.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const colours = await tab.evaluate<string[]>(
      '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector("nav")).display]',
    )
    await tab.close()
    expect(colours).toEqual(['rgb(255, 255, 255)', 'none'])
  })

  it('shows hostile text as text', async () => {
    const hostile = `<img src="https://example.com/x" onerror="document.title='taken'"></p><script>document.title='taken'</script>`
    const { tab, complaints } = await look(
      samplePage({ title: hostile, lead: hostile, footer: hostile }),
      1280,
      'light',
    )
    const found = await tab.evaluate<string[]>(
      '[document.title, document.querySelector("h1").textContent, String(document.querySelectorAll("img, script").length)]',
    )
    await tab.close()
    expect(found).toEqual([hostile, hostile, '0'])
    expect(complaints).toEqual([])
  })

  it('lets nothing load or run even if markup got into the page', async () => {
    const markup = samplePage().replace(
      '</main>',
      `<img src="https://example.com/x.png"><script>document.title = 'taken'</script><p style="color:red" id="styled">x</p></main>`,
    )
    const { tab, complaints } = await look(markup, 1280, 'light')
    const [title, colour] = await tab.evaluate<string[]>(
      '[document.title, getComputedStyle(document.querySelector("#styled")).color]',
    )
    await tab.close()
    expect(title).not.toBe('taken')
    expect(colour).not.toBe('rgb(255, 0, 0)')
    expect(complaints.join('\n')).toMatch(/Content Security Policy/)
  })
})
