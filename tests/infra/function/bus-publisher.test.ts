import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type BusConnection, busPublisher } from '../../../infra/wiring/bus-publisher.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'

const log = pino({ level: 'silent' })

function made() {
  let goneNow = () => {}
  const gone = new Promise<void>((resolve) => {
    goneNow = resolve
  })
  const published: unknown[] = []
  let closings = 0
  const connection: BusConnection = {
    publisher: { publish: async (events) => void published.push(...events) },
    close: async () => void closings++,
    gone,
  }
  return { connection, published, goneNow, closings: () => closings }
}

it('connects once, when it is first needed, and again when the connection is gone for good', async () => {
  const first = made()
  const second = made()
  const connections = [first, second]
  let attempts = 0
  const bus = busPublisher({ log, connect: async () => connections[attempts++].connection })
  expect(attempts).toBe(0)
  await Promise.all([bus.publish([]), bus.publish([])])
  expect(attempts).toBe(1)
  first.goneNow()
  await first.connection.gone
  await bus.publish([])
  expect(attempts).toBe(2)
})

it('fails at once after the bus could not be reached, until a later try behind the back of the work succeeds', async () => {
  let attempts = 0
  const { connection } = made()
  const connect = async () => {
    if (++attempts === 1) throw new UnavailableError('The bus is away')
    return connection
  }
  const bus = busPublisher({ log, connect, restMs: 100 })
  await expect(bus.publish([])).rejects.toThrow(UnavailableError)
  await expect(bus.publish([])).rejects.toThrow(UnavailableError)
  bus.connect()
  expect(attempts).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 120))
  await expect(bus.publish([])).rejects.toThrow(UnavailableError)
  await bus.publish([])
  expect(attempts).toBe(2)
})

it('waits only once, and only so long, for a connection that is being made', async () => {
  const bus = busPublisher({ log, connect: () => new Promise(() => {}), patienceMs: 50 })
  bus.connect()
  const began = performance.now()
  for (let i = 0; i < 10; i++) await expect(bus.publish([])).rejects.toThrow('The bus is not connected')
  expect(performance.now() - began).toBeGreaterThan(45)
  expect(performance.now() - began).toBeLessThan(400)
  await bus.close()
})

it('leaves nothing open: what is there when it closes, nor what comes after', async () => {
  const early = made()
  const bus = busPublisher({ log, connect: async () => early.connection })
  await bus.publish([])
  await bus.close()
  expect(early.closings()).toBe(1)
  await expect(bus.publish([])).rejects.toThrow(UnavailableError)

  const late = made()
  let arrive: (connection: BusConnection) => void = () => {}
  const other = busPublisher({
    log,
    connect: () =>
      new Promise((resolve) => {
        arrive = resolve
      }),
  })
  other.connect()
  await other.close()
  arrive(late.connection)
  await expect.poll(late.closings).toBe(1)
})
