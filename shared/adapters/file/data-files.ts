import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../../ports/errors.ts'

/** A file of bars. */
export interface DataFile {
  readonly path: string
  /** The symbol its name stands for, when it is a name like `AAPL.csv`: for files without a symbol column. */
  readonly symbol?: string
  readonly bytes: number
  readonly modifiedMs: number
}

const EXTENSION = /\.(csv|csv\.gz|parquet)$/i
const SYMBOL = /^[\^]?[A-Z0-9][A-Z0-9.=-]*$/
const NOT_BARS = /^corporate-actions\.csv(\.gz)?$/i

/** The folder in which the data's declaration and its neighbours are. */
export async function dataFolder(data: string): Promise<string> {
  return (await statOf(data)).isDirectory() ? data : path.dirname(data)
}

/**
 * The files of bars under a path: the file itself, or the CSV and Parquet files directly in the folder, by name, without those
 * known to hold something else.
 * @throws InputError when there is no such path, or the folder has no such file.
 */
export async function listDataFiles(data: string, others: readonly (string | undefined)[]): Promise<DataFile[]> {
  const found = await statOf(data)
  if (!found.isDirectory()) return [describe(data, found)]

  const skipped = new Set(others.filter((file) => file !== undefined).map((file) => path.resolve(file)))
  const names = (await readdir(data)).filter((name) => EXTENSION.test(name) && !NOT_BARS.test(name)).sort()
  const files = names.map((name) => path.join(data, name)).filter((file) => !skipped.has(path.resolve(file)))
  if (files.length === 0) throw new InputError(`${data} holds no .csv, .csv.gz or .parquet file of bars`)
  return Promise.all(files.map(async (file) => describe(file, await statOf(file))))
}

/** When a file was last changed, undefined when there is none: to notice a change without reading it. */
export async function modifiedMs(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => found.mtimeMs,
    () => undefined,
  )
}

function describe(file: string, { size, mtimeMs }: { size: number; mtimeMs: number }): DataFile {
  const name = path.basename(file).replace(EXTENSION, '')
  return { path: file, bytes: size, modifiedMs: mtimeMs, ...(SYMBOL.test(name) ? { symbol: name } : {}) }
}

async function statOf(file: string) {
  try {
    return await stat(file)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new InputError(`${file} ${missing ? 'does not exist' : `cannot be read: ${(cause as Error).message}`}`, {
      cause,
    })
  }
}
