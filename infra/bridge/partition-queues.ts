import type { PartitionOf } from '../../shared/runtime/batch.ts'
import type { StreamPlace } from '../../shared/runtime/checkpoints.ts'

/** An event that waits here for its turn. */
export interface QueuedItem extends StreamPlace {
  readonly text: string
  readonly bytes: number
  /** When it came, by the process's clock. */
  readonly at: number
}

/** What waits of one partition of a run, in the order of the stream. */
export interface Partition extends PartitionOf {
  readonly items: QueuedItem[]
  inFlight: boolean
  /** Calls in a row that did not come further. */
  failures: number
  waitUntil: number
  timer: NodeJS.Timeout | undefined
  /** From this place on its events are not here any more but have to be read again. */
  leftFrom: number | undefined
}

export interface PartitionQueues {
  of(key: PartitionOf): Partition
  all(): Iterable<Partition>
  add(partition: Partition, item: QueuedItem): void
  /** Removes what is done with: everything up to the place, in its stream. */
  removeThrough(partition: Partition, done: StreamPlace): void
  /** Resolves when there is room for one more; makes some by letting go of what waits behind failures. */
  room(stream: string): Promise<void>
  /** A call for it came no further: who waits for room may take some of its. */
  noteFailure(partition: Partition): void
  /** Forgets a partition of which nothing waits. */
  forgetIdle(partition: Partition): void
  buffered(): number
  /** Nobody waits for room any more. */
  close(): void
  /** The last place at or below which nothing waits; `read`: the last that was read. */
  floor(read: StreamPlace): number
}

export interface QueueOptions {
  readonly mostItems: number
  readonly mostBytes: number
  /** What a partition that fails keeps of its events when there is no room. */
  readonly keep: number
  /** A partition was cut: what lies behind it must be read again before anything else is added to it. */
  readonly onCut: (partition: Partition) => void
}

export function partitionQueues({ mostItems, mostBytes, keep, onCut }: QueueOptions): PartitionQueues {
  const partitions = new Map<string, Partition>()
  let items = 0
  let bytes = 0
  let waiting: (() => void)[] = []
  let closed = false

  const isFull = () => items >= mostItems || bytes >= mostBytes
  const tellAll = () => {
    const told = waiting
    waiting = []
    for (const tell of told) tell()
  }
  const remove = (partition: Partition, from: number, count: number) => {
    const removed = partition.items.splice(from, count)
    items -= removed.length
    for (const item of removed) bytes -= item.bytes
    if (isFull() || removed.length === 0) return removed
    tellAll()
    return removed
  }
  /** The stream still has them, and others need the room. What is of an earlier stream is nowhere else. */
  const cutFailing = (stream: string) => {
    for (const partition of partitions.values()) {
      if (partition.failures === 0 || partition.items.length <= keep) continue
      if (partition.items[keep].stream !== stream) continue
      const [first] = remove(partition, keep, partition.items.length - keep)
      partition.leftFrom = Math.min(partition.leftFrom ?? Number.POSITIVE_INFINITY, first.sequence)
      onCut(partition)
    }
  }
  return {
    of({ run, partition }) {
      const name = JSON.stringify([run, partition])
      const known = partitions.get(name)
      if (known) return known
      const idle = { items: [], inFlight: false, failures: 0, waitUntil: 0, timer: undefined, leftFrom: undefined }
      const made: Partition = { run, partition, ...idle }
      partitions.set(name, made)
      return made
    },
    all: () => partitions.values(),
    add(partition, item) {
      partition.items.push(item)
      items++
      bytes += item.bytes
    },
    removeThrough(partition, { stream, sequence }) {
      const left = partition.items.findIndex((item) => item.stream !== stream || item.sequence > sequence)
      remove(partition, 0, left === -1 ? partition.items.length : left)
    },
    async room(stream) {
      while (isFull() && !closed) {
        cutFailing(stream)
        if (isFull()) await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    noteFailure(partition) {
      partition.failures++
      tellAll()
    },
    forgetIdle(partition) {
      const { run, items, inFlight, failures, leftFrom } = partition
      if (items.length > 0 || inFlight || failures > 0 || leftFrom !== undefined) return
      partitions.delete(JSON.stringify([run, partition.partition]))
    },
    buffered: () => items,
    close() {
      closed = true
      tellAll()
    },
    floor({ stream, sequence }) {
      let lowest = sequence + 1
      for (const { items, leftFrom } of partitions.values()) {
        const head = items[0]?.stream === stream ? items[0] : items.find((item) => item.stream === stream)
        lowest = Math.min(lowest, head?.sequence ?? lowest, leftFrom ?? lowest)
      }
      return lowest - 1
    },
  }
}
