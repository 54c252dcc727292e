import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/** A module that a bundle does without, and what stands in its place. */
interface Stub {
  /** What the import says. */
  readonly path: RegExp
  /** Who says it. */
  readonly importer: RegExp
  readonly contents: string
}

const STUBS: readonly Stub[] = [
  // Messages in 50 languages; ours are English.
  {
    path: /^\.\.\/locales\/index\.js$/,
    importer: /[\\/]zod[\\/]v4[\\/]/,
    contents: `export { default as en } from './en.js'`,
  },
  // Logs go to stdout from this very thread.
  {
    path: /^\.\/lib\/transport$|^\.\/transport$/,
    importer: /[\\/]pino[\\/]/,
    contents: `module.exports = () => { throw new Error('Log transports are not in this bundle') }`,
  },
  // The keys are always given: no profile, instance role or single sign-on is asked for.
  {
    path: /^@aws-sdk\/credential-provider-node$/,
    importer: /./,
    contents: `exports.defaultProvider = () => async () => { throw new Error('No S3 keys were given') }`,
  },
]

const OUR_CODE = /[\\/](?:shared|functions|infra|tests)[\\/][^.]*\.ts$/

/** Leaves out of a bundle what no function of ours can reach. */
export const trim: Plugin = {
  name: 'trim',
  setup(build) {
    for (const [i, stub] of STUBS.entries()) {
      build.onResolve({ filter: stub.path }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === 'trimmed' || !stub.importer.test(importer)) return undefined
        const real = await build.resolve(path, { importer, resolveDir, kind, pluginData: 'trimmed' })
        return { path: real.path, namespace: 'trim', pluginData: i, sideEffects: false }
      })
    }
    build.onLoad({ filter: /./, namespace: 'trim' }, ({ path, pluginData }) => ({
      contents: STUBS[pluginData].contents,
      resolveDir: path.replace(/[\\/][^\\/]*$/, ''),
      loader: 'js',
    }))
    // The same object under the same name, but of a namespace esbuild carries only the parts that are used: half of the library.
    build.onLoad({ filter: OUR_CODE, namespace: 'file' }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^import \{ z \} from 'zod'$/m, `import * as z from 'zod'`),
      loader: 'ts',
    }))
  },
}
