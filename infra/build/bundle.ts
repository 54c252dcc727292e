import { build, type Metafile, type Plugin } from 'esbuild'
import { NATIVE_MODULES } from '../packaging/native.ts'
import { carriedModels } from './carried-models.ts'
import { inlineAssets } from './inline-assets.ts'
import { trim } from './trim.ts'

export interface Bundled {
  readonly code: Uint8Array
  /** The licence notices of what is in it; empty when there are none. */
  readonly notices: Uint8Array
}

/** A source that exists only in memory, as if it lay at the root. */
export interface Entry {
  readonly name: string
  readonly source: string
  /** Packages with machine code that lie beside its bundle. */
  readonly beside?: readonly string[] | undefined
}

/**
 * Bundles each entry to one CommonJS file for Node 20 and later, in one go: a module that many of them share is read and parsed once.
 * `isHandler`: what `require` gives is the default export itself, as the template calls it; an ES module, or an object around the handler,
 * would answer 500 to everything.
 * @throws Error with esbuild's own words when something cannot be resolved; when a bundle would load machine code that does not lie beside it.
 */
export async function bundleAll(
  root: string,
  entries: readonly Entry[],
  isHandler: boolean,
): Promise<Map<string, Bundled>> {
  const { outputFiles, warnings, metafile } = await build({
    entryPoints: entries.map(({ name }, i) => ({ in: `${ENTRY}${name}`, out: String(i) })),
    absWorkingDir: root,
    outdir: 'bundles',
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    legalComments: 'external',
    sourcemap: false,
    // Packages that have both forms give their ES modules, of which only what is used is carried.
    mainFields: ['module', 'main'],
    external: ['pg-native', ...NATIVE_MODULES],
    plugins: [inMemory(root, entries), inlineAssets, carriedModels, trim],
    logLevel: 'silent',
    metafile: true,
    ...(isHandler && { footer: { js: 'module.exports = module.exports.default;' } }),
  })
  const [warning] = warnings
  if (warning) throw new Error(`${warning.location?.file ?? 'The bundle'}: ${warning.text}`)
  for (const [i, entry] of entries.entries()) requireBeside(entry, metafile.outputs[`bundles/${i}.js`])
  const made = new Map(outputFiles.map(({ path, contents }) => [path.replace(/^.*[\\/]/, ''), contents]))
  return new Map(
    entries.map(({ name }, i) => [
      name,
      { code: made.get(`${i}.js`)!, notices: made.get(`${i}.js.LEGAL.txt`) ?? new Uint8Array() },
    ]),
  )
}

/** Bundles one entry, as `bundleAll` does. */
export async function bundle(root: string, source: string, isHandler: boolean): Promise<Bundled> {
  return (await bundleAll(root, [{ name: 'entry', source }], isHandler)).get('entry')!
}

/** Only what a bundle really loads counts: what it does not use of a module that others use is not in it. */
function requireBeside({ name, beside = [] }: Entry, { imports }: Metafile['outputs'][string]): void {
  const missing = imports.find(({ path }) => NATIVE_MODULES.includes(path) && !beside.includes(path))
  if (!missing) return
  throw new Error(
    `The bundle of ${name} would load ${missing.path}, which does not lie beside it: name the port that leans on it in infra/packaging/native.ts`,
  )
}

const ENTRY = 'in-memory:'

function inMemory(root: string, entries: readonly Entry[]): Plugin {
  const sources = new Map(entries.map(({ name, source }) => [name, source]))
  return {
    name: 'in-memory',
    setup(building) {
      building.onResolve({ filter: new RegExp(`^${ENTRY}`) }, ({ path }) => ({
        path: path.slice(ENTRY.length),
        namespace: 'in-memory',
      }))
      building.onLoad({ filter: /./, namespace: 'in-memory' }, ({ path }) => ({
        contents: sources.get(path)!,
        resolveDir: root,
        loader: 'ts',
      }))
    },
  }
}
