import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isObjectKey } from '../objects/object-key.ts'
import { errnoOf, storeFailure } from './failure.ts'

/** The keys that start so, in key order. No folder is opened that cannot hold one, and each only when it is reached. */
export async function* keysUnder(base: string, prefix: string): AsyncIterable<string> {
  const cut = prefix.lastIndexOf('/')
  // No key starts with `../` or `//`, and the folder above is none of ours.
  if (cut >= 0 && !isObjectKey(prefix.slice(0, cut))) return
  yield* keysIn(base, prefix.slice(0, cut + 1), prefix.slice(cut + 1))
}

async function* keysIn(base: string, folder: string, start: string): AsyncIterable<string> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(base, folder), { withFileTypes: true })
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return
    throw storeFailure(base, `list ${folder}`, error)
  }
  const names = entries
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && entry.name.startsWith(start))
    .filter((entry) => isObjectKey(entry.name)) // foreign files have names that cannot be keys
    // With its slash, a folder sorts where its keys do: `a.b` < `a/b` < `ab`.
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort()
  for (const name of names) {
    if (name.endsWith('/')) yield* keysIn(base, folder + name, '')
    else yield folder + name
  }
}
