import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { RunEnded } from '../../shared/events/pipeline.ts'
import type { ObjectStore } from '../../shared/ports/object-store.ts'
import { describe } from '../../shared/runtime/attempt.ts'
import { RUN_ENDED_CONSUMER, topologyOf } from '../../shared/runtime/topology.ts'
import { clearWork } from '../wiring/clear-work.ts'
import type { Bus, BusMessage } from './bus.ts'

const PULL_MS = 5_000
const AGAIN_MS = 30_000
const ALIVE_EVERY_MS = 8_000

/** Deletes the work files of every run that has ended well. Answers how to stop it. */
export function startTidying(bus: Bus, objects: ObjectStore, log: Logger): () => Promise<void> {
  const stopping = new AbortController()
  const plan = topologyOf({ outlines: [] }).consumers.find(({ name }) => name === RUN_ENDED_CONSUMER)
  if (!plan) throw new Error(`There is no consumer ${RUN_ENDED_CONSUMER}`)

  const tidy = async (message: BusMessage) => {
    const alive = setInterval(() => message.stillWorking(), ALIVE_EVERY_MS)
    try {
      const { data, runid } = JSON.parse(Buffer.from(message.body).toString('utf8'))
      if (RunEnded.schema.parse(data).state === 'ok') await clearWork(objects, runid)
      message.ack()
    } catch (error) {
      log.warn({ event: message.id, reason: describe(error) }, 'work files were left')
      message.retry(AGAIN_MS)
    } finally {
      clearInterval(alive)
    }
  }
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        const consumer = await bus.open(plan)
        for await (const message of consumer.next(1, PULL_MS, stopping.signal)) await tidy(message)
      } catch {
        await sleep(PULL_MS, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
  const running = loop()
  return async () => {
    stopping.abort()
    await running
  }
}
