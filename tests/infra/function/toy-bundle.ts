import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../../infra/build/build.ts'
import { bundle } from '../../../infra/build/bundle.ts'
import { serverSource } from '../../../infra/build/entry.ts'

/** What stands around a handler: the official template, or our own server in an image of its own. */
export type Around = 'template' | 'own server'
export const AROUND: readonly Around[] = ['template', 'own server']

/** The function of toys in a folder of its own, as what stands around it loads it. */
export async function bundleToys(around: Around = 'template'): Promise<{ readonly folder: string; remove(): void }> {
  const { code } = await bundle(ROOT, `export { default } from './tests/infra/function/toy-function.ts'`, true)
  const folder = mkdtempSync(join(tmpdir(), 'edgefund-toys-'))
  writeFileSync(join(folder, 'handler.js'), code)
  if (around === 'own server') {
    writeFileSync(join(folder, 'index.js'), (await bundle(ROOT, serverSource(), false)).code)
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
