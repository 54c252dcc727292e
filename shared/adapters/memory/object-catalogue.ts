import type { Dataset } from '../../domain/market/bar.ts'
import type { ObjectCatalogue, Partition } from '../../ports/bar-store.ts'

/** The cold store's committed files in this process. */
export function memoryObjectCatalogue(): ObjectCatalogue {
  const objects = new Map<string, { readonly dataset: Dataset; readonly partition: Partition }>()
  const nameOf = ({ source, asset, interval }: Dataset) => `${source}\0${asset}\0${interval}`
  const placeOf = ({ session, key }: Partition) => `${session}\0${key}`
  return {
    async record(dataset, partitions) {
      for (const partition of partitions) objects.set(partition.key, { dataset, partition })
    },
    async partitions(dataset, from, to) {
      return [...objects.values()]
        .filter((object) => nameOf(object.dataset) === nameOf(dataset))
        .map(({ partition }) => partition)
        .filter(({ session }) => session >= from && session <= to)
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
    },
    async datasets() {
      const found = new Map([...objects.values()].map(({ dataset }) => [nameOf(dataset), dataset]))
      return [...found]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { source, asset, interval }]) => ({ source, asset, interval }))
    },
  }
}
