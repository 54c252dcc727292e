import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { buildBundles, ROOT } from '../../../infra/build/build.ts'

/** What the bundles are made of. */
const SOURCES = ['functions', 'shared', 'infra', 'models', 'sql', 'package.json', 'package-lock.json']
const CACHE = join(ROOT, 'node_modules', '.cache', 'edgefund-bundles')
const STALE_MS = 3_600_000

/**
 * The folder of all bundles as `npm run build` makes them, built once for the sources as they are: whoever comes later, in this test run
 * or the next, finds them.
 */
export async function builtBundles(): Promise<string> {
  const folder = join(CACHE, hashOfSources())
  if (existsSync(folder)) return folder
  const draft = `${folder}.${randomUUID()}`
  await buildBundles({ out: draft })
  // Two at once build the same bytes; the first to be done wins.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  await removeStale(folder)
  return folder
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((source) => filesIn(join(ROOT, source)))) {
    hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}

async function removeStale(kept: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  for (const name of await readdir(CACHE)) {
    const folder = join(CACHE, name)
    const found = folder === kept ? undefined : await stat(folder).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > STALE_MS) await rm(folder, { recursive: true, force: true })
  }
}
