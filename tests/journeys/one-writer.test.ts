import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant } from '../../shared/domain/market/session.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import type { Step } from '../../shared/runtime/step.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'
import { madeRows, SESSIONS, SYMBOLS, writeMarket } from './made-market.ts'

const WRITE = /\b(?:insert\s+into|update|delete\s+from|truncate|merge\s+into|copy)\s+(?:only\s+)?(\w+)\.(\w+)/gi

/** The tables that a statement writes, `schema.table`; a month's partition counts as its table. */
function tablesWritten(sql: string): string[] {
  return [...sql.matchAll(WRITE)].map(([, schema, table]) => `${schema}.${table.replace(/_\d{4}_\d{2}$/, '')}`)
}

const inStep = new AsyncLocalStorage<string>()
/** By table, the steps that wrote it while their handler ran. */
const writers = new Map<string, Set<string>>()

function note(sql: string): void {
  for (const table of tablesWritten(sql)) {
    const step = inStep.getStore() ?? 'the runtime'
    writers.set(table, (writers.get(table) ?? new Set()).add(step))
  }
}

/** The same database, with a note of what is written through it. */
function spying(database: StepDatabase): StepDatabase {
  return {
    ...database,
    write: (sql, values) => {
      note(sql)
      return database.write(sql, values)
    },
  }
}

let made: MadeHouse
const restore: (() => void)[] = []

beforeAll(async () => {
  made = await madeHouse({
    now: '2024-07-01T12:00:00Z',
    settings: { symbols: SYMBOLS, intraday: ['5m'] },
    wrap: spying,
  })
  for (const step of made.house.registry.steps as { -readonly [K in keyof Step]: Step[K] }[]) {
    const { run, name } = step
    step.run = (data, ports, context) => inStep.run(name, () => run(data, ports, context))
    restore.push(() => {
      step.run = run
    })
  }

  // Everything a step may write: bars, their revisions, a quarantine, ratios, headlines, minutes, a symbol that is missing, a retirement.
  const data = await writeMarket(join(made.home, 'data'))
  const provider = { name: 'file', data, basis: 'raw', source: 'made' }
  const params = { from: SESSIONS[0], to: SESSIONS.at(-1), provider, symbols: [...SYMBOLS, 'GONE'] }
  const states = [await made.run({ workflow: 'ingestion', key: 'spring', params })]
  await writeMarket(
    data,
    madeRows().map((row) => (row.startsWith('CALM,2024-06-03,') ? `${row}1` : row)),
  )
  states.push(await made.run({ workflow: 'ingestion', key: 'spring', params, again: true }))
  const day = { from: '2024-06-28', to: '2024-06-28', symbols: ['AAPL', 'MSFT', '^GSPC'] }
  states.push(await made.run({ workflow: 'ingestion', key: 'simulated', params: day }))
  const slot = { key: 'poll', from: '2024-06-28T15:00Z', to: '2024-06-28T15:00Z' }
  states.push(await made.run({ workflow: 'ingestion-5m', key: 'poll', slot, params: { symbols: ['AAPL'] } }))
  made.time.now = instant(Date.parse('2025-01-15T12:00:00Z'))
  states.push(await made.run({ workflow: 'retention', key: 'winter' }))
  expect(states.map(({ workflow, state }) => `${workflow} ${state}`)).toEqual([
    'ingestion failed', // GONE is a fifth of what was asked for
    'ingestion failed',
    'ingestion ok',
    'ingestion-5m ok',
    'retention ok',
  ])
})
afterAll(async () => {
  for (const undo of restore) undo()
  await made?.close()
})

/** Tables of the schema with their comments; partitions are not named apart. */
const tablesOf = (schema: string) =>
  made.query<{ name: string; comment: string }>(
    `select c.relname as name, coalesce(obj_description(c.oid), '') as comment from pg_class c
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    schema,
  )

describe('one table has one writer', () => {
  it('reads the tables of a statement', () => {
    expect(
      tablesWritten('with a as (update ingestion.news set x = 1 returning id) insert into ingestion.payloads select 1'),
    ).toEqual(['ingestion.news', 'ingestion.payloads'])
    expect(tablesWritten('delete from ingestion.market_data_2024_03 where true')).toEqual(['ingestion.market_data'])
    expect(tablesWritten('select * from ingestion.news for update')).toEqual([])
  })

  it('and that is the step its comment names, for every table of ingestion', async () => {
    const tables = await tablesOf('ingestion')
    expect(tables.length).toBeGreaterThan(8)
    const named = tables.map(({ name, comment }) => {
      const [, writer] = /Written by ([a-z-]+)/.exec(comment) ?? []
      const deleter = /; (retire-bars) deletes/.exec(comment)?.[1]
      return [`ingestion.${name}`, [writer, ...(deleter ? [deleter] : [])].map((step) => `ingestion-${step}`).sort()]
    })
    const seen = tables.map(({ name }) => [`ingestion.${name}`, [...(writers.get(`ingestion.${name}`) ?? [])].sort()])
    expect(seen).toEqual(named)
  })

  it('and for the event core that is the runtime; only the catalogue of objects commits with the step that archives', async () => {
    for (const { name } of await tablesOf('pipeline')) {
      const seen = [...(writers.get(`pipeline.${name}`) ?? [])].filter((writer) => writer !== 'the runtime')
      expect([name, seen]).toEqual([name, name === 'objects' ? ['ingestion-archive-bars'] : []])
    }
    expect([...(writers.get('pipeline.trail') ?? [])]).toEqual(['the runtime'])
  })

  it('and no other schema is written', () => {
    expect([...writers.keys()].filter((table) => !/^(ingestion|pipeline)\./.test(table))).toEqual([])
  })
})
