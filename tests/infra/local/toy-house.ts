import { pino } from 'pino'
import { z } from 'zod'
import { startDispatcher } from '../../../infra/local/dispatcher.ts'
import type { House } from '../../../infra/local/house.ts'
import { openEmbeddedDatabase } from '../../../shared/adapters/postgres/embedded.ts'
import { event } from '../../../shared/events/event.ts'
import { fixedClock } from '../../../shared/ports/clock.ts'
import { DEFAULT_BACKOFF } from '../../../shared/runtime/attempt.ts'
import { lastCompletedSession, scheduledMinute } from '../../../shared/runtime/clocks.ts'
import { runtimeMetrics } from '../../../shared/runtime/metrics.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readProgress } from '../../../shared/runtime/progress.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { openRun, type RunRow } from '../../../shared/runtime/runs.ts'
import type { EventAuth, ServeParts } from '../../../shared/runtime/serve.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { clock, type Step, customStep as step } from '../../../shared/runtime/step.ts'

export const WordSaid = event('toy.word.said', z.object({ word: z.string() }))
export const WordHeard = event('toy.word.heard', z.object({ word: z.string() }), { final: true })

/** Words that the toy chain has heard, newest last; `die` fails for good, `slow` takes a while. */
export interface ToyHouse extends House {
  readonly heard: string[]
}

const openDay = step({
  name: 'toy-open-day',
  on: clock({
    schedule: '0 6 * * *',
    workflow: 'toy',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'range',
    params: z.strictObject({ words: z.array(z.string()).optional() }),
  }),
  emits: [WordSaid],
  run: ({ key, params }) => (params.words ?? [key]).map((word) => WordSaid.of({ word })),
})

const openPoll = step({
  name: 'toy-open-poll',
  on: clock({
    schedule: '* * * * *',
    workflow: 'toy-poll',
    calendar: '24/7',
    slot: scheduledMinute,
    catchUp: 'latest',
    params: z.strictObject({}),
  }),
  emits: [WordSaid],
  run: ({ key }) => [WordSaid.of({ word: key })],
})

const hear = (heard: string[]) =>
  step({
    name: 'toy-hear-word',
    on: WordSaid,
    emits: [WordHeard],
    maxAttempts: 1,
    async run({ word }) {
      if (word === 'die') throw new Error('This word kills')
      if (word === 'slow') await new Promise((resolve) => setTimeout(resolve, 300))
      heard.push(word)
      return [WordHeard.of({ word })]
    },
  })

/** A whole house on a database in memory, with a chain of two steps, on Saturday 2026-01-10 at noon. */
export async function openToyHouse(options: { auth?: EventAuth; maxBodyBytes?: number } = {}): Promise<ToyHouse> {
  const database = await openEmbeddedDatabase()
  await migrate(database, await readMigrations(new URL('../../../sql/migrations/', import.meta.url)))
  const heard: string[] = []
  const settings = readSettings(undefined, 'defaults')
  // The toy steps need no port; operations that need one are tested on the real house.
  const ports = { qualityReports: { get: async () => undefined } } as unknown as AllPorts
  const registry = createRegistry<AllPorts>([openDay, openPoll, hear(heard)] as readonly Step<AllPorts>[])
  const parts: ServeParts<AllPorts> = {
    database,
    registry,
    local: true,
    ports,
    publisher: undefined,
    log: pino({ level: 'silent' }),
    metrics: runtimeMetrics(),
    owner: 'toy/1',
    backoff: { ...DEFAULT_BACKOFF, firstMs: 1, mostMs: 5 },
    onOffered: () => dispatcher.wake(),
    codeVersion: '1.2.3',
    configHash: settings.hash,
    auth: options.auth ?? 'none',
    clock: fixedClock(Date.UTC(2026, 0, 10, 12)),
    maxBodyBytes: options.maxBodyBytes ?? 10_000,
  }
  const dispatcher = startDispatcher(parts, 3)
  const progress = async (run: string) => (await readProgress(database, registry, run))!
  return {
    parts,
    registry,
    settings,
    heard,
    progress,
    open: async (request) => {
      const opened = await openRun(parts, request, parts)
      dispatcher.wake()
      return opened
    },
    async waitFor(run) {
      while ((await progress(run)).state === 'running') await dispatcher.changed(50)
      const [row] = await database.read<RunRow>('select * from pipeline.runs where run = $1', [run])
      return row
    },
    async stop() {
      await dispatcher.stop()
      await database.close()
    },
  }
}
