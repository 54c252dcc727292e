import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ACCEPTED_FILE, parseAccepted } from '../../../infra/generate/accepted-schemas.ts'
import { SCHEMA_FOLDER } from '../../../infra/generate/files.ts'
import type { AcceptedSchemas, SchemaFiles } from '../../../infra/generate/schema-refusals.ts'

/** The schemas of a commit and what was accepted in it; or why there is no such commit to look at. */
export type Committed =
  | { readonly schemas: SchemaFiles; readonly accepted: AcceptedSchemas }
  | { readonly missing: string }

/** Reads a commit of the repository at `root`. A tarball has none; a shallow clone, or a first commit, none before it. */
export function committedSchemas(root: URL, commit: string): Committed {
  const folder = realpathSync(fileURLToPath(root))
  const git = (...args: string[]) => {
    const { status, stdout } = spawnSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, GIT_OPTIONAL_LOCKS: '0' },
    })
    return status === 0 ? stdout : undefined
  }
  const top = git('rev-parse', '--show-toplevel')?.trim()
  // A tarball may have been unpacked inside of another repository.
  if (top === undefined || realpathSync(top) !== folder) return { missing: 'this is no git checkout' }
  if (git('rev-parse', '--verify', '--quiet', `${commit}^{commit}`) === undefined) {
    return { missing: `there is no ${commit}: a first commit or a shallow clone` }
  }
  const paths = git('ls-tree', '-r', '--name-only', commit, '--', SCHEMA_FOLDER)?.split('\n').filter(Boolean) ?? []
  const accepted = git('show', `${commit}:${ACCEPTED_FILE}`)
  return {
    schemas: new Map(paths.map((path) => [basename(path), git('show', `${commit}:${path}`) ?? ''])),
    accepted: parseAccepted(accepted),
  }
}
