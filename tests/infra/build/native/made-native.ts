import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../../../../infra/build/build.ts'
import { bundle, bundleAll } from '../../../../infra/build/bundle.ts'
import { serverSource } from '../../../../infra/build/entry.ts'
import { nativeContext } from '../../../../infra/build/native/native-context.ts'
import { NATIVE_PORTS } from '../../../../infra/packaging/native.ts'

/** Lays out the build context of the function in reading-function.ts, as `npm run build` does it of ours. */
export async function makeNative(folder: string): Promise<void> {
  const parts = NATIVE_PORTS.sentimentReader!
  const source = `export { default } from './tests/infra/build/native/reading-function.ts'`
  const bundles = await bundleAll(ROOT, [{ name: 'reading', source, beside: parts.modules }], true)
  const { code: server } = await bundle(ROOT, serverSource(), false)
  const files = [...(await nativeContext(ROOT, parts, server)), ['handler.js', bundles.get('reading')!.code] as const]
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}
