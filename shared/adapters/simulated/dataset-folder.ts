import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../../ports/errors.ts'

/** A file to be: its lines without their line ends, the header among them. */
export interface PlannedFile {
  readonly name: string
  readonly lines: Iterable<string>
}

export interface WrittenFile {
  readonly name: string
  readonly lines: number
}

/** The file that makes a folder a dataset: it comes last and goes first. */
const DECLARATION = 'dataset.yaml'
const CHUNK = 1 << 16

/**
 * Writes a dataset so that it is there whole or not at all: everything is written beside the folder under a temporary name, then moved. A
 * folder that was not there appears at once; in one that was, files move one by one while there is no `dataset.yaml`, without which the
 * file provider refuses the folder. With `force`, files of the same names are replaced and others stay.
 * @throws InputError when the folder is not empty and not forced, is a file, or cannot be written.
 */
export async function writeDataset(
  folder: string,
  files: readonly PlannedFile[],
  { force }: { readonly force: boolean },
): Promise<WrittenFile[]> {
  const target = path.resolve(folder)
  const staged = path.join(path.dirname(target), `.${path.basename(target)}.partial-${process.pid}`)
  try {
    const existing = await entriesOf(target)
    if (existing && existing.length > 0 && !force) {
      throw new InputError(
        `--out ${folder} is not empty (it holds ${existing[0]}), expected an empty or new folder, or --force`,
      )
    }
    await mkdir(staged, { recursive: true })
    try {
      const written: WrittenFile[] = []
      for (const file of files) written.push({ name: file.name, lines: await writeLines(staged, file) })
      if (existing) await moveInto(target, staged, files)
      else await rename(staged, target)
      return written
    } finally {
      await rm(staged, { recursive: true, force: true })
    }
  } catch (cause) {
    throw explained(cause, folder)
  }
}

async function moveInto(target: string, staged: string, files: readonly PlannedFile[]): Promise<void> {
  await rm(path.join(target, DECLARATION), { force: true })
  const names = files.map(({ name }) => name)
  const last = names.filter((name) => name === DECLARATION)
  for (const name of [...names.filter((other) => other !== DECLARATION), ...last]) {
    await rename(path.join(staged, name), path.join(target, name))
  }
}

/** What a folder holds; undefined when there is none. */
async function entriesOf(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}

async function writeLines(folder: string, { name, lines }: PlannedFile): Promise<number> {
  const file = await open(path.join(folder, name), 'w')
  try {
    let count = 0
    let chunk = ''
    for (const line of lines) {
      chunk += `${line}\n`
      count++
      if (chunk.length < CHUNK) continue
      await file.write(chunk)
      chunk = ''
    }
    await file.write(chunk)
    return count
  } finally {
    await file.close()
  }
}

const USERS_MISTAKES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG'])

function explained(cause: unknown, folder: string): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (code === undefined || !USERS_MISTAKES.has(code)) return cause
  const found = code === 'ENOTDIR' || code === 'EEXIST' ? 'is not a folder' : `cannot be written (${code})`
  return new InputError(`--out ${folder} ${found}`, { cause })
}
