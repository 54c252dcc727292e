import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../../shared/ports/errors.ts'
import { ACCEPTED_FILE, acceptedText, parseAccepted } from './accepted-schemas.ts'
import { SCHEMA_FOLDER } from './files.ts'
import { type AcceptedSchemas, type SchemaFiles, schemaRefusals } from './schema-refusals.ts'

export interface Written {
  readonly written: readonly string[]
  readonly removed: readonly string[]
}

/**
 * Brings the generated files under `root` up to date, all or none: schemas that changed incompatibly are an `InputError` that names each,
 * unless they are accepted, and nothing is put in place before everything has been written beside it.
 */
export function writeFiles(root: URL, files: ReadonlyMap<string, string>, acceptIncompatible = false): Written {
  const before = readSchemas(root)
  const after = new Map(
    [...files].filter(([path]) => path.startsWith(SCHEMA_FOLDER)).map(([path, text]) => [basename(path), text]),
  )
  const accepted = readAccepted(root)
  const refusals = schemaRefusals(before, after, accepted)
  if (refusals.length > 0 && !acceptIncompatible) {
    const sentences = refusals.map(({ sentence }) => sentence).join('\n')
    throw new InputError(
      `${sentences}\nNothing was written; npm run generate -- --accept-incompatible writes it all the same`,
    )
  }
  const wanted = new Map(files)
  if (refusals.length > 0) wanted.set(ACCEPTED_FILE, acceptedText(accepted, refusals))
  const removed = [...before.keys()].filter((name) => !after.has(name)).map((name) => SCHEMA_FOLDER + name)
  const written = [...wanted].filter(([path, text]) => readIfThere(root, path) !== text)
  replaceAll(root, written)
  for (const path of removed) rmSync(new URL(path, root))
  return { written: written.map(([path]) => path), removed }
}

/** The schemas that lie under `root`. */
export function readSchemas(root: URL): SchemaFiles {
  const folder = new URL(SCHEMA_FOLDER, root)
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(names.sort().map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))
}

/** What was accepted, as it lies under `root`. */
export function readAccepted(root: URL): AcceptedSchemas {
  return parseAccepted(readIfThere(root, ACCEPTED_FILE))
}

function readIfThere(root: URL, path: string): string | undefined {
  const file = new URL(path, root)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** A full disk or a forbidden folder shows while the new files still lie beside the old ones. */
function replaceAll(root: URL, files: readonly (readonly [string, string])[]): void {
  const staged: { readonly temporary: string; readonly file: string }[] = []
  try {
    for (const [path, text] of files) {
      const file = fileURLToPath(new URL(path, root))
      const temporary = `${file}.${process.pid}.new`
      mkdirSync(dirname(file), { recursive: true })
      staged.push({ temporary, file })
      writeFileSync(temporary, text)
    }
    for (const { temporary, file } of staged) renameSync(temporary, file)
  } finally {
    for (const { temporary } of staged) rmSync(temporary, { force: true })
  }
}
