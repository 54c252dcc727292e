import { build } from 'esbuild'
import { inlineAssets } from './inline-assets.ts'
import { trim } from './trim.ts'

export interface Bundled {
  readonly code: Uint8Array
  /** The licence notices of what is in it; empty when there are none. */
  readonly notices: Uint8Array
}

/**
 * Bundles a source that exists only in memory, as if it lay at the root, to one CommonJS file for Node 20 and later. `isHandler`: what
 * `require` gives is the default export itself, as the template calls it; an ES module, or an object around the handler, would answer 500
 * to everything.
 * @throws Error with esbuild's own words when something cannot be resolved.
 */
export async function bundle(root: string, source: string, isHandler: boolean): Promise<Bundled> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: source, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
    absWorkingDir: root,
    outfile: 'bundle.js',
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
    external: ['pg-native'],
    plugins: [inlineAssets, trim],
    logLevel: 'silent',
    ...(isHandler && { footer: { js: 'module.exports = module.exports.default;' } }),
  })
  const [warning] = warnings
  if (warning) throw new Error(`${warning.location?.file ?? 'The bundle'}: ${warning.text}`)
  const ending = (text: string) => outputFiles.find(({ path }) => path.endsWith(text))?.contents
  return { code: ending('bundle.js')!, notices: ending('.LEGAL.txt') ?? new Uint8Array() }
}
