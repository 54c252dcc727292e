import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ifThere, unlinkIfThere } from './files.ts'
import { removeDeadLock } from './key-lock.ts'

const LEFTOVER_MS = 3_600_000

/** Removes unfinished writes older than an hour and the locks of dead processes. */
export async function sweep(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name)
    if (name.startsWith('lock-')) {
      await removeDeadLock(path)
      continue
    }
    const found = await ifThere(stat(path))
    if (found && Date.now() - found.mtimeMs > LEFTOVER_MS) await unlinkIfThere(path)
  }
}
