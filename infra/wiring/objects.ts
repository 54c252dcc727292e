import { folderObjectStore } from '../../shared/adapters/folder/object-store.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import { type ObjectsPlace, oncePerProcess, type WiringParts } from './parts.ts'

/** The objects of a process, guarded: they refuse inside a step's transaction. */
export const objects = oncePerProcess(async (parts: WiringParts): Promise<ObjectStore> => {
  return guardPort(await openObjects(parts.objects), 'objects', parts.database)
})

/**
 * The objects at a place. S3's client is loaded only where it is used.
 * @throws InputError when neither S3 nor a folder is configured.
 */
export async function openObjects({ s3, folder }: ObjectsPlace): Promise<ObjectStore> {
  if (s3) {
    const { s3ObjectStore } = await import('../../shared/adapters/s3/object-store.ts')
    return s3ObjectStore(s3)
  }
  if (folder !== undefined) return folderObjectStore(folder)
  throw new InputError(
    'Objects have no place: S3_ENDPOINT is not set (a single machine may use a folder instead: EDGEFUND_HOME)',
  )
}
