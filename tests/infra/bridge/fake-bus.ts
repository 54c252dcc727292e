import type { Bus, BusConsumer, BusMessage, ReadMessage } from '../../../infra/bridge/bus.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'

/** A stream in memory, read in order. */
export interface FakeStream {
  /** `<name>@<time it was made>`; another one when it is made anew. */
  identity: string
  readonly messages: ReadMessage[]
  /** How often it was opened, from which place. */
  readonly openings: number[]
  /** How many of its messages were given out, over all openings. */
  given: number
}

export interface FakeBus extends Bus {
  /** What is read in order, by subject. */
  stream(subject: string): FakeStream
  /** Puts an event at the end of a subject's stream. */
  tick(subject: string, event: object | string): void
  /** Ends all reading in order, as a lost connection does. */
  interrupt(): void
  /** Puts an event on a step's consumer. */
  say(consumer: string, body: object, id?: string): void
  /** What became of the messages, in the order it became known: `ack a`, `retry a 200`, `give up a`. */
  readonly ends: string[]
  /** Signs of life, by message. */
  readonly working: Map<string, number>
  away: boolean
  ensured: number
}

/** A bus in memory: a message that is to be tried again comes back after its delay (at most `mostDelayMs`). */
export function fakeBus(mostDelayMs = 20): FakeBus {
  const queues = new Map<string, { body: Uint8Array; id: string; redeliveries: number }[]>()
  const wakes = new Map<string, () => void>()
  const queueOf = (name: string) => {
    const queue = queues.get(name) ?? []
    queues.set(name, queue)
    return queue
  }
  let sequence = 0
  const streams = new Map<string, FakeStream>()
  const listeners = new Set<() => void>()
  let interruptions = 0
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }

  const bus: FakeBus = {
    ends: [],
    working: new Map(),
    away: false,
    ensured: 0,
    connected: () => !bus.away,
    stream(subject) {
      const made: FakeStream = { identity: `${subject}@1`, messages: [], openings: [], given: 0 }
      const stream = streams.get(subject) ?? made
      streams.set(subject, stream)
      return stream
    },
    tick(subject, event) {
      const { messages } = bus.stream(subject)
      const body = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event))
      messages.push({ body, subject, sequence: messages.length + 1, id: undefined })
      tell()
    },
    interrupt() {
      interruptions++
      tell()
    },
    async openOrdered({ subject }, behind) {
      if (bus.away) throw new UnavailableError('NATS is away')
      const stream = bus.stream(subject)
      const { identity } = stream
      const start = behind?.stream === identity ? behind.sequence : 0
      const age = interruptions
      let stopped = false
      stream.openings.push(start)
      async function* read() {
        for (let next = start; ; ) {
          if (stopped || age !== interruptions || stream.identity !== identity) return
          const message = stream.messages[next]
          if (message) {
            next++
            stream.given++
            yield message
            continue
          }
          await new Promise<void>((resolve) => {
            const listener = () => {
              listeners.delete(listener)
              resolve()
            }
            listeners.add(listener)
          })
        }
      }
      return {
        stream: identity,
        behind: start,
        messages: read(),
        last: async () => stream.messages.length,
        stop() {
          stopped = true
          tell()
        },
      }
    },
    async ensure() {
      bus.ensured++
    },
    say(consumer, body, id = String(++sequence)) {
      queueOf(consumer).push({ body: Buffer.from(JSON.stringify(body)), id, redeliveries: 0 })
      wakes.get(consumer)?.()
    },
    async open({ name }): Promise<BusConsumer> {
      if (bus.away) throw new UnavailableError('NATS is away')
      const queue = queueOf(name)
      return {
        async *next(most, expiresMs, signal) {
          const until = Date.now() + expiresMs
          for (let taken = 0; taken < most; ) {
            if (bus.away) throw new UnavailableError('NATS is away')
            const item = queue.shift()
            if (item) {
              taken++
              yield message(name, item)
              continue
            }
            if (signal?.aborted || Date.now() >= until) return
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, 10)
              wakes.set(name, () => {
                clearTimeout(timer)
                resolve()
              })
            })
          }
        },
        pending: async () => ({ waiting: queue.length, unacknowledged: 0, redelivered: 0 }),
      }
    },
  }

  const message = (name: string, item: { body: Uint8Array; id: string; redeliveries: number }): BusMessage => ({
    body: item.body,
    subject: name,
    sequence: 0,
    redeliveries: item.redeliveries,
    id: item.id,
    ack: () => void bus.ends.push(`ack ${item.id}`),
    giveUp: () => void bus.ends.push(`give up ${item.id}`),
    stillWorking: () => void bus.working.set(item.id, (bus.working.get(item.id) ?? 0) + 1),
    retry(delayMs) {
      bus.ends.push(`retry ${item.id} ${Math.round(delayMs)}`)
      setTimeout(
        () => {
          queueOf(name).push({ ...item, redeliveries: item.redeliveries + 1 })
          wakes.get(name)?.()
        },
        Math.min(delayMs, mostDelayMs),
      )
    },
  })
  return bus
}
