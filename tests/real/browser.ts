import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PATH = process.env.EDGEFUND_CHROMIUM || '/usr/bin/chromium'

/** Why there is no browser to test with, for `describe.skipIf`; undefined when there is one. */
export const BROWSER_MISSING: string | undefined = existsSync(PATH)
  ? undefined
  : `there is no ${PATH} (apt-get install chromium, or set EDGEFUND_CHROMIUM)`

/** A real Chromium without a window, that asks nobody for anything by itself; undefined when there is none. Whoever opens it closes it. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (BROWSER_MISSING !== undefined) return undefined
  return await chromium.launch({
    executablePath: PATH,
    args: [
      '--no-sandbox', // containers have no user namespaces for it; only pages of our own are opened
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
