import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MadeConsole, madeConsole } from '../functions/console/made-console.ts'
import { REBALANCE } from '../functions/console/made-fund.ts'
import { BROWSER_MISSING, openBrowser } from '../real/browser.ts'
import { type ConsoleServer, serveConsole } from './console-server.ts'

const PAGES = [
  '/overview',
  '/runs',
  '/runs/ingestion:2026-11-13',
  '/portfolio',
  '/orders',
  `/orders/${REBALANCE}`,
  '/orders/explain/2026-11-02-XOM-sell',
  '/signals',
  '/signals/XOM',
  '/quality',
  '/dead-letters',
  '/alerts',
]

/** What a reader who does not see the page misses: names of fields, buttons, pictures; headings that skip a level; several of a kind. */
const MISSED = `(() => {
  const missed = []
  const nameOf = (element) => (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent || element.querySelector?.('title')?.textContent || '').trim()
  for (const element of document.querySelectorAll('input:not([type=hidden]), select, button, a, [role=img], [role=region]')) {
    if (!nameOf(element)) missed.push('no name: ' + element.outerHTML.slice(0, 80))
  }
  if (document.querySelectorAll('h1').length !== 1) missed.push('not one h1')
  let level = 1
  for (const heading of document.querySelectorAll('main h1, main h2, main h3, main h4')) {
    const next = Number(heading.tagName[1])
    if (next > level + 1) missed.push('skips to ' + heading.tagName + ' ' + heading.textContent)
    level = next
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  if (new Set(ids).size !== ids.length) missed.push('an id twice')
  for (const table of document.querySelectorAll('table:not(.u-legend)')) {
    if (!table.querySelector('th[scope]')) missed.push('a table without headers')
  }
  if (!document.documentElement.lang || !document.title || !document.querySelector('main')) missed.push('no language, title or main')
  return missed
})()`

describe.skipIf(BROWSER_MISSING)(`the console in a real browser (${BROWSER_MISSING ?? 'Chromium'})`, () => {
  let browser: Browser
  let made: MadeConsole
  let server: ConsoleServer
  beforeAll(async () => {
    const opened = await openBrowser()
    if (!opened) throw new Error('There is no browser')
    browser = opened
    made = await madeConsole()
    server = await serveConsole(made)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Opens a page and notes what the browser complains of, and what it asks for elsewhere. */
  async function visit(path: string, options: BrowserContextOptions = {}, url = server.url) {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    const complaints: string[] = []
    tab.on('console', (message) => complaints.push(message.text()))
    tab.on('pageerror', (error) => complaints.push(error.message))
    tab.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(request.url())
    })
    await tab.goto(`${url}${path}`)
    return { tab, complaints }
  }
  const chartsOf = (tab: Page) => tab.locator('.explorer canvas').count()

  it('opens every page without a complaint, for every reader', async () => {
    const { tab, complaints } = await visit('/overview')
    for (const path of PAGES) {
      await tab.goto(`${server.url}${path}`)
      const charts = await tab.locator('[data-series]').count()
      if (charts > 0)
        await tab
          .locator('.explorer canvas')
          .nth(charts - 1)
          .waitFor()
      expect([path, await tab.evaluate<string[]>(MISSED)]).toEqual([path, []])
      expect([path, complaints]).toEqual([path, []])
    }
    await tab.close()
  })

  it.each([true, false])('fits a screen of 360 pixels, with scripts: %s', async (javaScriptEnabled) => {
    const { tab } = await visit('/overview', { javaScriptEnabled, viewport: { width: 360, height: 800 } })
    // Without scripts the browser itself is asked, not the page.
    const browserOfTab = await tab.context().newCDPSession(tab)
    for (const path of PAGES) {
      await tab.goto(`${server.url}${path}`)
      const { cssContentSize } = await browserOfTab.send('Page.getLayoutMetrics')
      expect([path, cssContentSize.width]).toEqual([path, 360])
    }
    await tab.close()
  })

  it('has its charts without scripts, and values under the pointer with them', async () => {
    const still = await visit('/portfolio', { javaScriptEnabled: false })
    expect(await still.tab.locator('svg.plot:visible').count()).toBe(3)
    await still.tab.close()

    const { tab } = await visit('/portfolio')
    await tab.locator('.explorer canvas').nth(2).waitFor()
    expect(await chartsOf(tab)).toBe(3)
    expect(await tab.locator('svg.plot:visible').count()).toBe(0)
    const legend = tab.locator('.explorer .u-legend').first()
    expect(await legend.textContent()).toContain('2026-11-13')
    await tab
      .locator('.explorer .u-over')
      .first()
      .hover({ position: { x: 100, y: 60 } })
    expect(await legend.textContent()).toMatch(/202[45]-\d\d-\d\d/)
    await tab.close()
  })

  it('keeps the drawing when the numbers of a chart cannot be had', async () => {
    const { tab } = await visit('/alerts')
    await tab.route('**/portfolio/series/*', (route) => route.fulfill({ status: 503, body: '{}' }))
    const refused = tab.waitForResponse((response) => response.url().endsWith('/series/drawdown'))
    await tab.goto(`${server.url}/portfolio`)
    await refused
    expect(await chartsOf(tab)).toBe(0)
    expect(await tab.locator('svg.plot:visible').count()).toBe(3)
    await tab.close()
  })

  it('draws its charts anew in the dark', async () => {
    const { tab, complaints } = await visit('/signals/XOM')
    await tab.locator('.explorer canvas').first().waitFor()
    const inkOf = () => tab.evaluate<string>(`getComputedStyle(document.body).color`)
    const light = await inkOf()
    await tab.emulateMedia({ colorScheme: 'dark' })
    expect(await inkOf()).not.toBe(light)
    expect(await chartsOf(tab)).toBe(1)
    expect(complaints).toEqual([])
    await tab.close()
  })

  it('is walked through by its links, from the address that people type', async () => {
    const { tab, complaints } = await visit('')
    expect(new URL(tab.url()).pathname).toBe('/function/console/overview')
    await tab.getByRole('link', { name: 'Orders' }).click()
    await tab.getByRole('link', { name: '2026-11-02' }).click()
    await tab.getByRole('link', { name: 'sell, forced exit' }).click()
    await tab.getByRole('link', { name: 'universe:2026-11-06' }).click()
    expect(await tab.locator('h1').textContent()).toBe('universe:2026-11-06')
    await tab.getByRole('link', { name: 'Runs' }).click()
    await tab.getByLabel('Workflow').selectOption('portfolio')
    await tab.getByRole('button', { name: 'Show' }).click()
    expect(await tab.locator('tbody tr').count()).toBe(1)
    await tab.close()
    expect(complaints).toEqual([])
  })

  it('is used by keyboard: to the content, then to the first button, which tries a dead letter again', async () => {
    const { tab } = await visit('/dead-letters')
    await tab.keyboard.press('Tab')
    expect(await tab.evaluate('document.activeElement.textContent')).toBe('To the content')
    await tab.keyboard.press('Enter')
    for (let presses = 0; presses < 20; presses++) {
      await tab.keyboard.press('Tab')
      if ((await tab.evaluate('document.activeElement.tagName')) === 'BUTTON') break
    }
    await tab.keyboard.press('Enter')
    await tab.getByRole('status').waitFor()
    expect(made.replayed).toEqual(['dead-1'])
    expect(new URL(tab.url()).pathname).toBe('/function/console/dead-letters')
    await tab.close()
  })

  it('asks for the token where one is needed, remembers it for the session, and forgets it', async () => {
    const guarded = await madeConsole({ auth: { keys: [], token: 'a long token' } })
    const other = await serveConsole(guarded)
    const { tab } = await visit('/runs?state=running', { javaScriptEnabled: false }, other.url)
    await tab.getByLabel('API token').fill('a guess')
    await tab.getByRole('button', { name: 'Sign in' }).click()
    expect(await tab.getByRole('alert').textContent()).toBe('That is not the token.')
    await tab.getByLabel('API token').fill('a long token')
    await tab.getByRole('button', { name: 'Sign in' }).click()
    expect(tab.url()).toBe(`${other.url}/runs?state=running`)

    const [cookie] = await tab.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/function/console' })
    await tab.goto(`${other.url}/dead-letters`)
    await tab.getByRole('button', { name: 'Try again' }).first().click()
    expect(guarded.replayed).toEqual(['dead-1'])

    await tab.getByRole('button', { name: 'Sign out' }).click()
    await tab.goto(`${other.url}/overview`)
    expect(await tab.locator('h1').textContent()).toBe('Sign in')
    await tab.close()
    await other.close()
  })

  it('lets nothing run or load that got into a page', async () => {
    const hostile = `<script>document.title='taken'</script><img src="https://example.com/x" onerror="document.title='taken'">`
    const hostileServer = await serveConsole(await madeConsole({ hostile }))
    const { tab, complaints } = await visit('/overview', {}, hostileServer.url)
    for (const path of PAGES) {
      await tab.goto(`${hostileServer.url}${path}`)
      expect([path, await tab.title()]).not.toEqual([path, 'taken'])
      expect([path, complaints]).toEqual([path, []])
    }
    await tab.close()
    await hostileServer.close()
  })
})
