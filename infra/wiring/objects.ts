import { folderObjectStore } from '../../shared/adapters/folder/object-store.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import { oncePerProcess, type WiringParts } from './parts.ts'

/**
 * The objects of a process, guarded: they refuse inside a step's transaction. S3's client is loaded only where it is used.
 * @throws InputError when neither S3 nor a folder is configured.
 */
export const objects = oncePerProcess(async (parts: WiringParts): Promise<ObjectStore> => {
  return guardPort(await open(parts), 'objects', parts.database)
})

async function open({ objects: { s3, folder } }: WiringParts): Promise<ObjectStore> {
  if (s3) {
    const { s3ObjectStore } = await import('../../shared/adapters/s3/object-store.ts')
    return s3ObjectStore(s3)
  }
  if (folder !== undefined) return folderObjectStore(folder)
  throw new InputError(
    'Objects have no place: S3_ENDPOINT is not set (a single machine may use a folder instead: EDGEFUND_HOME)',
  )
}
