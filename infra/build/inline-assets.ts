import type { Plugin } from 'esbuild'
import { ASSET_FILES, assetText } from '../../shared/adapters/console/asset-files.ts'

/** A function has no files beside its bundle: what the console's pages ask for is carried as text. */
export const inlineAssets: Plugin = {
  name: 'inline-assets',
  setup(build) {
    build.onLoad({ filter: /[\\/]adapters[\\/]console[\\/]asset-files\.ts$/ }, () => {
      const texts = Object.fromEntries(ASSET_FILES.map((file) => [file, assetText(file)]))
      const contents = [
        `const TEXTS = ${JSON.stringify(texts)}`,
        'export const ASSET_FILES = Object.keys(TEXTS)',
        'export const assetText = (file) => TEXTS[file]',
      ].join('\n')
      return { contents, loader: 'js' }
    })
  },
}
