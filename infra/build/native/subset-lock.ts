import { InputError } from '../../../shared/ports/errors.ts'

/** A package as package-lock.json has it (version 3 of its format). */
interface LockedPackage {
  readonly name?: string
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface LockFile {
  readonly lockfileVersion: number
  /** By the folder it is installed in: `node_modules/a`, `node_modules/a/node_modules/b`; the root is the empty one. */
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** A package.json and the package-lock.json that belongs to it. */
export interface Locked {
  readonly manifest: { readonly dependencies: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>
  readonly lock: LockFile & Readonly<Record<string, unknown>>
}

/**
 * Locks the named packages, and all that they lean on, to exactly what the whole project's lock file has tested.
 * @throws InputError when the lock file has not got one of them.
 */
export function subsetLock(
  whole: LockFile,
  names: readonly string[],
  about: Readonly<Record<string, unknown>> & { readonly name: string },
): Locked {
  const kept = new Set<string>()
  const keep = (folder: string) => {
    if (kept.has(folder)) return
    kept.add(folder)
    const { dependencies, optionalDependencies } = whole.packages[folder]
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolve(whole, folder, name)
      if (found !== undefined) keep(found)
      else if (!(name in (optionalDependencies ?? {}))) throw missing(name, folder)
    }
  }
  const dependencies: Record<string, string> = {}
  for (const name of names) {
    const folder = resolve(whole, '', name)
    const version = folder === undefined ? undefined : whole.packages[folder].version
    if (folder === undefined || version === undefined) throw missing(name, 'the root')
    dependencies[name] = version
    keep(folder)
  }
  const { name } = about
  const packages = Object.fromEntries([...kept].sort().map((folder) => [folder, whole.packages[folder]]))
  return {
    manifest: { ...about, dependencies },
    lock: {
      name,
      lockfileVersion: whole.lockfileVersion,
      requires: true,
      packages: { '': { name, dependencies }, ...packages },
    },
  }
}

/** The folder that Node finds a package in, seen from another: its own node_modules, then that of each folder around it. */
function resolve({ packages }: LockFile, from: string, name: string): string | undefined {
  const own = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (own in packages) return own
  if (from === '') return undefined
  return resolve({ packages, lockfileVersion: 3 }, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}

function missing(name: string, from: string): InputError {
  return new InputError(`package-lock.json has no "${name}", which ${from} needs`)
}
