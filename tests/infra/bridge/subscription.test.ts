import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CallResult, FunctionCall } from '../../../infra/bridge/call-function.ts'
import { bridgeMetrics } from '../../../infra/bridge/metrics.ts'
import { slots } from '../../../infra/bridge/slots.ts'
import { type Subscription, startSubscription } from '../../../infra/bridge/subscription.ts'
import type { StepOutline } from '../../../shared/runtime/outline.ts'
import { type FakeBus, fakeBus } from './fake-bus.ts'

const STEP: StepOutline = {
  name: 'toys-make',
  room: 'toys',
  on: { kind: 'event', subject: 'toys.thing.asked' },
  emits: [],
  timeoutMs: 1_000,
  maxAttempts: 8,
  concurrency: 4,
  resources: { cpu: '100m', memory: '128Mi' },
  uses: [],
}
const DONE: CallResult = { outcome: 'done', reason: undefined, retryAfterMs: undefined }
const answer = (outcome: 'busy' | 'unavailable' | 'failed' | 'poison', retryAfterMs?: number): CallResult => ({
  outcome,
  reason: 'why',
  retryAfterMs,
})
const LOST: CallResult = { outcome: 'infrastructure', reason: 'answered 404' }

let subscription: Subscription | undefined
afterEach(() => subscription?.stop())

function subscribe(bus: FakeBus, call: (call: FunctionCall) => Promise<CallResult>, step = STEP, limit = 8) {
  const metrics = bridgeMetrics()
  const hold = { firstMs: 40, mostMs: 80, random: () => 1 }
  subscription = startSubscription(
    { bus, call, log: pino({ level: 'silent' }), metrics, hold },
    {
      step,
      consumer: { name: step.name, stream: 'edgefund-toys', subject: 'toys.thing.asked' },
      url: new URL('http://127.0.0.1/function/toys-make'),
      functionSlots: slots(limit),
    },
  )
  return { metrics, subscription }
}

/** Answers in order, then `done`. */
function answers(...list: CallResult[]) {
  return vi.fn(async (_call: FunctionCall) => list.shift() ?? DONE)
}

describe('a subscription', () => {
  it('acknowledges what is done and gives up what is poison', async () => {
    const bus = fakeBus()
    subscribe(bus, answers(DONE, answer('poison')), { ...STEP, concurrency: 1 })
    bus.say(STEP.name, {}, 'a')
    bus.say(STEP.name, {}, 'b')
    await vi.waitFor(() => expect(bus.ends).toEqual(['ack a', 'give up b']))
  })

  it.each(['busy', 'unavailable', 'failed'] as const)(
    'offers what is %s again, when the function says',
    async (outcome) => {
      const bus = fakeBus()
      subscribe(bus, answers(answer(outcome, 1_234)))
      bus.say(STEP.name, {}, 'a')
      await vi.waitFor(() => expect(bus.ends).toEqual(['retry a 1234', 'ack a']))
    },
  )

  it('waits longer each time where the function does not say when', async () => {
    const bus = fakeBus(1)
    subscribe(bus, answers(...Array.from({ length: 5 }, () => answer('unavailable'))))
    bus.say(STEP.name, {}, 'a')
    await vi.waitFor(() => expect(bus.ends).toHaveLength(6))
    const delays = bus.ends.slice(0, 5).map((end) => Number(end.split(' ')[2]))
    for (const [i, delay] of delays.entries()) {
      expect(delay).toBeGreaterThanOrEqual(250 * 2 ** i)
      expect(delay).toBeLessThanOrEqual(500 * 2 ** i)
    }
  })

  it('stands still when something else than a function answers, and loses nothing', async () => {
    const bus = fakeBus()
    const call = answers(LOST, LOST)
    const { metrics, subscription } = subscribe(bus, call, { ...STEP, concurrency: 1 })
    for (const id of ['a', 'b', 'c']) bus.say(STEP.name, {}, id)

    await vi.waitFor(() => expect(subscription.heldBecause()).toBe('answered 404'))
    expect(await metrics.text()).toContain('edgefund_bridge_paused{step="toys-make"} 1')
    await vi.waitFor(() =>
      expect(bus.ends.filter((end) => end.startsWith('ack')).sort()).toEqual(['ack a', 'ack b', 'ack c']),
    )
    expect(call).toHaveBeenCalledTimes(5)
    expect(subscription.heldBecause()).toBeUndefined()
    expect(await metrics.text()).toContain('edgefund_bridge_paused{step="toys-make"} 0')
  })

  it("keeps to the step's cap, and to that of the function it shares", async () => {
    for (const [limit, most] of [
      [8, 4],
      [2, 2],
    ]) {
      const bus = fakeBus()
      let now = 0
      let highest = 0
      const { subscription } = subscribe(
        bus,
        async () => {
          highest = Math.max(highest, ++now)
          await sleep(5)
          now--
          return DONE
        },
        STEP,
        limit,
      )
      for (let i = 0; i < 30; i++) bus.say(STEP.name, {})
      await vi.waitFor(() => expect(bus.ends).toHaveLength(30))
      expect(highest).toBe(most)
      await subscription.stop()
    }
  })

  it('calls one at a time, in order, where events share a serial key, and the others beside them', async () => {
    const bus = fakeBus()
    const running = new Map<string, number>()
    const order: string[] = []
    let beside = 0
    subscribe(
      bus,
      async ({ body }) => {
        const { data } = JSON.parse(Buffer.from(body).toString())
        running.set(data.fund, (running.get(data.fund) ?? 0) + 1)
        expect(running.get(data.fund)).toBe(1)
        if (running.size === 2 && [...running.values()].every((n) => n === 1)) beside++
        await sleep(5)
        running.set(data.fund, 0)
        order.push(`${data.fund}${data.n}`)
        return DONE
      },
      { ...STEP, serialBy: ['fund'] },
    )
    for (let n = 0; n < 10; n++) for (const fund of ['x', 'y']) bus.say(STEP.name, { data: { fund, n } })
    await vi.waitFor(() => expect(order).toHaveLength(20))
    for (const fund of ['x', 'y']) {
      expect(order.filter((one) => one.startsWith(fund))).toEqual(Array.from({ length: 10 }, (_, n) => `${fund}${n}`))
    }
    expect(beside).toBeGreaterThan(0)
  })

  it('gives a sign of life while a call or its turn takes long', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const bus = fakeBus()
      let finish: (result: CallResult) => void = () => {}
      subscribe(bus, () => new Promise((resolve) => (finish = resolve)))
      bus.say(STEP.name, {}, 'a')
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
      vi.advanceTimersByTime(30_000)
      expect(bus.working.get('a')).toBeGreaterThanOrEqual(3)
      finish(DONE)
      await vi.waitFor(() => expect(bus.ends).toEqual(['ack a']))
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('asks again when the bus was away, after seeing to it that all is there', async () => {
    const bus = fakeBus()
    bus.away = true
    subscribe(bus, answers())
    bus.say(STEP.name, {}, 'a')
    await vi.waitFor(() => expect(bus.ensured).toBeGreaterThan(0))
    bus.away = false
    await vi.waitFor(() => expect(bus.ends).toEqual(['ack a']))
  })

  it('finishes what is under way when it is stopped, and takes nothing new', async () => {
    const bus = fakeBus()
    let finish: (result: CallResult) => void = () => {}
    const call = vi.fn(() => new Promise<CallResult>((resolve) => (finish = resolve)))
    const { subscription } = subscribe(bus, call)
    bus.say(STEP.name, {}, 'a')
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1))
    const stopped = subscription.stop()
    bus.say(STEP.name, {}, 'b')
    await sleep(50)
    expect(bus.ends).not.toContain('ack a')
    finish(DONE)
    await stopped
    expect(bus.ends.filter((end) => !end.startsWith('retry b'))).toEqual(['ack a'])
    expect(call).toHaveBeenCalledTimes(1)
  })
})
