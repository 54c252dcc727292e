import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../../infra/build/build.ts'
import { bundle } from '../../../infra/build/bundle.ts'

/** The function of toys in a folder of its own, as the template loads it. */
export async function bundleToys(): Promise<{ readonly folder: string; remove(): void }> {
  const { code } = await bundle(ROOT, `export { default } from './tests/infra/function/toy-function.ts'`, true)
  const folder = mkdtempSync(join(tmpdir(), 'edgefund-toys-'))
  writeFileSync(join(folder, 'handler.js'), code)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
