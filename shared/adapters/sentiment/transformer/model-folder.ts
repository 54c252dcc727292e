import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../../../ports/errors.ts'
import type { ObjectStore } from '../../../ports/object-store.ts'
import { sha256Hex } from '../../objects/sha256.ts'

/** The files of a model as somebody supplied them: a folder on disk, or all objects under a prefix. */
export interface ModelFolder {
  /** How messages call it. */
  readonly place: string
  /** How answers call the model. */
  readonly name: string
  /** Size of a file; undefined when there is none of that name. */
  bytesOf(file: string): Promise<number | undefined>
  /** A small file, whole. */
  read(file: string): Promise<{ readonly body: Uint8Array; readonly sha256: string }>
  /** A large file as a path that the runtime can open, for as long as the work lasts, with its hash. Never held in memory. */
  opened<Result>(file: string, work: (path: string, sha256: string) => Promise<Result>): Promise<Result>
}

/** A folder on disk. @throws InputError when it is none. */
export async function diskModelFolder(path: string): Promise<ModelFolder> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) throw new InputError(`${path} is not a folder, expected one with a sentiment model`)
  const pathOf = (file: string) => join(path, file)
  return {
    place: path,
    name: basename(resolve(path)),
    async bytesOf(file) {
      const info = await stat(pathOf(file)).catch(() => undefined)
      return info?.isFile() ? info.size : undefined
    },
    async read(file) {
      const body = await readFile(pathOf(file))
      return { body, sha256: sha256Hex(body) }
    },
    async opened(file, work) {
      const hash = createHash('sha256')
      for await (const piece of createReadStream(pathOf(file))) hash.update(piece)
      return work(pathOf(file), hash.digest('hex'))
    },
  }
}

/** The objects under a prefix, `models/finbert` for `models/finbert/config.json`. Large ones are copied to a temporary file for a while. */
export function storedModelFolder(objects: ObjectStore, prefix: string): ModelFolder {
  const base = prefix.replace(/\/+$/, '')
  const keyOf = (file: string) => `${base}/${file}`
  const gone = (file: string) => new InputError(`The object ${keyOf(file)} is gone`)
  return {
    place: `the object store under ${base}`,
    name: basename(base),
    async bytesOf(file) {
      return (await objects.head(keyOf(file)))?.bytes
    },
    async read(file) {
      const found = await objects.get(keyOf(file))
      if (!found) throw gone(file)
      return { body: found.body, sha256: sha256Hex(found.body) }
    },
    async opened(file, work) {
      const stream = await objects.getStream(keyOf(file))
      if (!stream) throw gone(file)
      const folder = await mkdtemp(join(tmpdir(), 'edgefund-model-'))
      try {
        const path = join(folder, 'model.onnx')
        const hash = createHash('sha256')
        const copy = await open(path, 'wx')
        try {
          for await (const piece of stream.body) {
            hash.update(piece)
            await copy.write(piece)
          }
        } finally {
          await copy.close()
        }
        return await work(path, hash.digest('hex'))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}
