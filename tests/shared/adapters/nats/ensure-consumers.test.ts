import type { ConsumerConfig, ConsumerInfo, JetStreamManager } from '@nats-io/jetstream'
import { describe, expect, it } from 'vitest'
import { ensureConsumers } from '../../../../shared/adapters/nats/ensure-consumers.ts'

const PLAN = { stream: 'edgefund-toy', name: 'toy-count', subject: 'toy.counted' }
/** What nats-server 2.9.10 says of a consumer that is just being deleted. */
const GOING = {} as ConsumerInfo

/** A server on which a consumer is being deleted; it notes what is made. */
function serverWith(listed: readonly (ConsumerInfo | null)[]) {
  const made: (Partial<ConsumerConfig> & { readonly stream: string })[] = []
  const consumers = {
    async *list() {
      yield* listed
    },
    info: async () => GOING,
    async add(stream: string, config: Partial<ConsumerConfig>) {
      made.push({ stream, ...config })
    },
  }
  return { manager: { consumers } as unknown as JetStreamManager, made }
}

describe('a consumer that is just being deleted', () => {
  it.each([
    ['is not listed', []],
    ['is listed as null', [null]],
    ['is listed without name and configuration', [GOING]],
  ])('counts as gone and is made, when it %s', async (_, listed) => {
    const { manager, made } = serverWith(listed)
    const changes = await ensureConsumers(manager, { name: PLAN.stream, exists: true, plans: [PLAN] }, {})
    expect(changes).toMatchObject([{ name: 'edgefund-toy/toy-count', action: 'create' }])
    expect(made).toMatchObject([{ stream: PLAN.stream, durable_name: PLAN.name, filter_subject: PLAN.subject }])
  })
})
