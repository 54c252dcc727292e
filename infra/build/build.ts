import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { services, steps } from '../../functions/index.ts'
import { InputError } from '../../shared/ports/errors.ts'
import { readMigrations } from '../../shared/runtime/migrations.ts'
import { outlineOf, type StepOutline } from '../../shared/runtime/outline.ts'
import { type Packaging, packagedFunctions } from '../packaging/functions.ts'
import { type NativeParts, nativePartsOf } from '../packaging/native.ts'
import { type Bundled, bundle, bundleAll } from './bundle.ts'
import { bridgeSource, entrySource, serverSource } from './entry.ts'
import { nativeContext } from './native/native-context.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What a function may weigh: it is loaded at every cold start, on a small computer. */
export const MOST_BYTES = 2_000_000

const PACKAGINGS: readonly Packaging[] = ['each', 'folded']
const BRIDGE = 'infra/bridge/serve.ts'

export interface BuiltFile {
  /** From the folder that was built into: `each/<fn>/handler.js`. */
  readonly path: string
  readonly bytes: number
}

export interface BuildOptions {
  /** Where to; its `each`, `folded` and `bridge` are replaced. */
  readonly out: string
  /** Only the function of this name, in whichever packaging has it; `bridge` is one too. */
  readonly only?: string | undefined
  readonly mostBytes?: number
}

interface Target {
  readonly name: string
  readonly path: string
  readonly source: string
  readonly isHandler: boolean
  /** What the function leans on beside its bundle: then its folder is a build context of its own. */
  readonly native?: NativeParts | undefined
}

/**
 * Bundles every function of both packagings, and the bridge. The same sources give the same bytes. What a native function needs beside its
 * bundle lies with it.
 * @throws InputError when a bundle is too heavy, or nothing is called like `only`.
 */
export async function buildBundles({ out, only, mostBytes = MOST_BYTES }: BuildOptions): Promise<BuiltFile[]> {
  const all = await targets()
  const wanted = all.filter(({ name }) => only === undefined || name === only)
  if (wanted.length === 0) {
    throw new InputError(`There is no function "${only}"; there are ${all.map(({ name }) => name).join(', ')}`)
  }
  // Nothing is touched before everything is bundled: a build that fails leaves what the last one made.
  const made = await bundleTargets(wanted, mostBytes)
  if (only === undefined) {
    for (const part of [...PACKAGINGS, 'bridge']) await rm(join(out, part), { recursive: true, force: true })
  }
  for (const one of made) await writeTarget(out, one)
  return made.map(({ path, code }) => ({ path, bytes: code.length }))
}

async function bundleTargets(targets: readonly Target[], mostBytes: number): Promise<(Target & Bundled)[]> {
  const made = await Promise.all(
    [true, false].map(async (isHandler) => {
      const some = targets.filter((target) => target.isHandler === isHandler)
      const entries = some.map(({ path, source, native }) => ({ name: path, source, beside: native?.modules }))
      const bundles = await bundleAll(ROOT, entries, isHandler)
      return some.map((target) => ({ ...target, ...bundles.get(target.path)! }))
    }),
  )
  const all = made.flat()
  const heavy = all.find(({ code }) => code.length > mostBytes)
  if (!heavy) return all
  throw new InputError(`${heavy.path} has ${heavy.code.length} bytes, at most ${mostBytes} are allowed`)
}

async function writeTarget(out: string, { name, path, isHandler, native, code, notices }: Target & Bundled) {
  const file = join(out, path)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  await writeFile(file, code)
  if (notices.length > 0) await writeFile(`${file}.LEGAL.txt`, notices)
  if (native) return writeNative(folder, native)
  if (isHandler) await writeFile(join(folder, 'package.json'), manifest(name))
}

async function writeNative(folder: string, native: NativeParts): Promise<void> {
  const server = await bundle(ROOT, serverSource(), false)
  for (const [path, content] of await nativeContext(ROOT, native, server.code)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

async function targets(): Promise<Target[]> {
  const outlines: readonly StepOutline[] = steps.map(outlineOf)
  const { length: migrations } = await readMigrations(new URL('../../sql/migrations/', import.meta.url))
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const functions = PACKAGINGS.flatMap((packaging) =>
    packagedFunctions(packaging, outlines, services).map(
      (fn): Target => ({
        name: fn.name,
        path: `${packaging}/${fn.name}/handler.js`,
        source: entrySource({ fn, outlines, migrations, version }),
        isHandler: true,
        native: nativePartsOf(fn),
      }),
    ),
  )
  if (!existsSync(join(ROOT, BRIDGE))) return functions
  const source = bridgeSource(outlines, BRIDGE)
  return [...functions, { name: 'bridge', path: 'bridge/bridge.cjs', source, isHandler: false }]
}

/** Without dependencies nothing is fetched for it; the image's build runs its test, which loads the handler on the image's own Node. */
function manifest(name: string): string {
  const content = {
    name,
    private: true,
    main: 'handler.js',
    scripts: { test: `node -e "require('./handler.js')"` },
  }
  return `${JSON.stringify(content, null, 2)}\n`
}
