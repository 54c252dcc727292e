import { createHash } from 'node:crypto'
import type { Asset } from '../../ports/console-pages.ts'
import { ASSET_FILES, type AssetFile, assetText } from './asset-files.ts'

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

/** Files under names that change with their content, so that a browser may keep them for ever. Read when the first page is drawn. */
export interface Assets {
  nameOf(file: AssetFile): string
  get(name: string): Asset | undefined
}

export function consoleAssets(): Assets {
  let read: { readonly names: Map<AssetFile, string>; readonly byName: Map<string, Asset> } | undefined
  const files = () => {
    read ??= readAll()
    return read
  }
  return {
    nameOf: (file) => files().names.get(file) ?? file,
    get: (name) => files().byName.get(name),
  }
}

function readAll() {
  const names = new Map<AssetFile, string>()
  const byName = new Map<string, Asset>()
  for (const file of ASSET_FILES) {
    const body = assetText(file)
    const [stem, ending] = file.split('.')
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
    const name = `${stem}-${hash}.${ending}`
    names.set(file, name)
    byName.set(name, { type: ending === 'css' ? TYPES.css : TYPES.js, body })
  }
  return { names, byName }
}
