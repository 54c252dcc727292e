import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Scripts and styles of the console's pages, by name. */
export const ASSET_FILES = ['console.css', 'charts.js', 'uplot.css', 'uplot.js'] as const
export type AssetFile = (typeof ASSET_FILES)[number]

/** The text of a file. In a function's bundle there are no files: the build puts the texts in place of this module (infra/build/inline-assets.ts). */
export function assetText(file: AssetFile): string {
  const { resolve } = createRequire(import.meta.url)
  if (file === 'uplot.js') return readFileSync(resolve('uplot/dist/uPlot.iife.min.js'), 'utf8')
  if (file === 'uplot.css') return readFileSync(resolve('uplot/dist/uPlot.min.css'), 'utf8')
  return readFileSync(new URL(`assets/${file}`, import.meta.url), 'utf8')
}
