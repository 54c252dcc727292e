import type { ObjectStore } from '../../shared/ports/object-store.ts'

/** What steps handed to each other is of no use once a run is over and well. */
export async function clearWork(objects: ObjectStore, run: string): Promise<void> {
  for await (const { key } of objects.list(`work/${run}/`)) await objects.delete(key)
}
