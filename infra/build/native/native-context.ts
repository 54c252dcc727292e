import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NativeParts } from '../../packaging/native.ts'
import { subsetLock } from './subset-lock.ts'

/** Written by hand, beside this module. */
const IMAGE_FILES = ['Dockerfile', 'keep-target.mjs']

/**
 * What lies beside the bundle of a function that leans on machine code, so that its folder is a whole build context: the server around the
 * handler, the image's recipe, the packages to install and the models. Path in the folder to content.
 *
 * Nothing in it names the function: images of several share what npm installed.
 */
export async function nativeContext(
  root: string,
  { modules, models }: NativeParts,
  server: Uint8Array,
): Promise<Map<string, string | Uint8Array>> {
  const whole = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const { manifest, lock } = subsetLock(whole, modules, {
    name: 'edgefund-function',
    private: true,
    main: 'handler.js',
    scripts: { test: `node -e "require('./handler.js')"` },
  })
  const files = new Map<string, string | Uint8Array>([
    ['index.js', server],
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['package-lock.json', `${JSON.stringify(lock, null, 2)}\n`],
  ])
  for (const file of IMAGE_FILES) files.set(file, await readFile(new URL(file, import.meta.url)))
  for (const model of models) files.set(`models/${model}`, await readFile(join(root, 'models', model)))
  return files
}
