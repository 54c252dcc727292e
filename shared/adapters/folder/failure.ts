import { InputError, UnavailableError } from '../../ports/errors.ts'

/** The operating system's name of an error (`ENOENT`), undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined
}

/**
 * What a store throws for an error of the file system. A key whose place is taken (`a` is an object, so `a/b` cannot be one) is the
 * caller's mistake; a full, read-only, forbidden or broken disk is a failure of the world. Anything else stays what it is.
 */
export function storeFailure(root: string, doing: string, error: unknown): unknown {
  const code = errnoOf(error)
  if (!code) return error
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENOTEMPTY' || code === 'EEXIST') {
    return new InputError(
      `Cannot ${doing} in ${root}: in a folder a key cannot be both an object and the beginning of another key (${code})`,
      { cause: error },
    )
  }
  if (code === 'ENAMETOOLONG')
    return new InputError(`Cannot ${doing} in ${root}: the path is too long`, { cause: error })
  return new UnavailableError(`Cannot ${doing} in ${root}: ${REASONS[code] ?? (error as Error).message}`, {
    cause: error,
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EROFS: 'the file system is read-only (EROFS)',
  EACCES: 'permission denied (EACCES)',
  EPERM: 'permission denied (EPERM)',
}
