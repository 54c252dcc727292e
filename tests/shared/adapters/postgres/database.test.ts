import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../../shared/adapters/postgres/database.ts'
import { asUnavailable } from '../../../../shared/adapters/postgres/unavailable.ts'
import type { StepDatabase } from '../../../../shared/ports/database.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { openTestDatabase, TEST_DATABASE_URL, type TestDatabase } from '../../runtime/test-database.ts'

let opened: TestDatabase
let database: StepDatabase

beforeAll(async () => {
  opened = await openTestDatabase(2)
  database = opened.database
  await database.write('create table notes (note text primary key)')
})
beforeEach(() => database.write('truncate notes'))
afterAll(() => opened.drop())

const insert = (note: string) => database.write('insert into notes values ($1)', [note])
const notes = async () =>
  (await database.read<{ note: string }>('select note from notes order by note')).map(({ note }) => note)
const LATE = 'This step has ended: a late query was refused'

describe('a step', () => {
  it('sees its own writes, at any depth, and nobody else does before its end', async () => {
    await database.step(async () => {
      expect(database.scopeState()).toBe('reading')
      await insert('a')
      expect(database.scopeState()).toBe('writing')
      expect(database.inTransaction()).toBe(true)
      expect(await notes()).toEqual(['a'])
      await Promise.all([1, 2].map(async () => expect(await notes()).toEqual(['a'])))
      await database.transaction(async () => {
        await insert('b')
        expect(await notes()).toEqual(['a', 'b'])
      })
      // Only a server has a second connection to look from.
      if (database.engine === 'postgresql') expect(await database.leaveScope(notes)).toEqual([])
    })
    expect(database.scopeState()).toBe('none')
    expect(await notes()).toEqual(['a', 'b'])
  })

  it('that only reads opens no transaction', async () => {
    await database.step(async () => {
      await notes()
      expect(database.inTransaction()).toBe(false)
      expect(database.scopeState()).toBe('reading')
    })
  })

  it('opens one transaction, however many writes come first at once', async () => {
    await database.step(() => Promise.all(['a', 'b', 'c', 'd'].map(insert)))

    expect(await notes()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that throws keeps nothing, and its error is the one thrown', async () => {
    const error = new RangeError('no')
    const thrown = await database
      .step(async () => {
        await insert('a')
        throw error
      })
      .catch((error) => error)

    expect(thrown).toBe(error)
    expect(await notes()).toEqual([])
  })

  it('that swallows a failed query keeps nothing either', async () => {
    const step = database.step(async () => {
      await insert('a')
      await insert('a').catch(() => {})
    })

    await expect(step).rejects.toThrow('The transaction had failed before its commit')
    expect(await notes()).toEqual([])
  })

  it('that swallows the failure of a transaction within it keeps nothing either', async () => {
    const step = database.step(async () => {
      await insert('a')
      const half = database.transaction(async () => {
        await insert('half')
        throw new Error('the other half is missing')
      })
      await half.catch(() => {})
    })

    await expect(step).rejects.toThrow('A transaction inside this one failed: nothing is kept')
    expect(await notes()).toEqual([])
  })

  it('refuses a query that comes after its end, whoever sends it', async () => {
    const late: (() => Promise<unknown>)[] = []
    await database.step(async () => {
      await insert('a')
      for (const query of [notes, () => insert('late'), () => database.transaction(() => insert('late'))]) {
        // Bound to this step's own context, as a handler that goes on is.
        const resource = new Promise<void>((resolve) => late.push(async () => resolve()))
        const sent = resource.then(() => query() as Promise<unknown>)
        const go = late.pop()!
        late.push(async () => {
          await go()
          return sent
        })
      }
    })

    for (const query of late) await expect(query()).rejects.toThrow(LATE)
    expect(await notes()).toEqual(['a'])
  })

  it('takes back what a forgotten promise wrote while its time was up', async () => {
    let forgotten: Promise<string> | undefined
    const step = database.step(async () => {
      await insert('a')
      forgotten = Promise.all(Array.from({ length: 20 }, (_, i) => insert(`late ${i}`))).then(
        () => 'written',
        (error: Error) => error.message,
      )
      throw new Error('time is up')
    })

    await expect(step).rejects.toThrow('time is up')
    await forgotten
    expect(await notes()).toEqual([])
  })

  it('does not share its transaction with another that runs beside it', async () => {
    const rolledBack = database.step(async () => {
      await insert('a')
      throw new Error('no')
    })
    const kept = database.step(() => insert('b'))

    await expect(rolledBack).rejects.toThrow('no')
    await kept
    expect(await notes()).toEqual(['b'])
  })
})

describe('a query of its own', () => {
  it('that fails leaves the connection usable for the next, many times over', async () => {
    await insert('a')
    for (let i = 0; i < 50; i++) await expect(insert('a')).rejects.toMatchObject({ code: '23505' })

    expect(await notes()).toEqual(['a'])
  })

  it('that fails does not disturb those beside it', async () => {
    await insert('a')
    const mixed = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => insert(i % 2 ? 'a' : `n${i}`)))

    expect(mixed.filter(({ status }) => status === 'rejected')).toHaveLength(20)
    expect(await notes()).toHaveLength(21)
  })

  it('keeps dates as text, timestamps as instants, large numbers as text', async () => {
    const [row] = await database.read(
      `select '2024-01-05'::date as d, '2024-01-05T00:00:00Z'::timestamptz as t, 9007199254740993::int8 as i,
              0.1::numeric as n, 0.5::float8 as f, '{"a":1}'::jsonb as j, array['2024-01-05'::date] as ds`,
    )

    expect(row).toMatchObject({
      d: '2024-01-05',
      t: new Date('2024-01-05T00:00:00Z'),
      i: '9007199254740993',
      n: '0.1',
      f: 0.5,
      j: { a: 1 },
    })
  })

  it('counts the rows it touched', async () => {
    await insert('a')
    await insert('b')

    expect(await database.write(`update notes set note = note || '!' where note = 'a' returning note`)).toEqual({
      rows: [{ note: 'a!' }],
      count: 1,
    })
    expect((await database.write('delete from notes')).count).toBe(2)
    expect((await database.write('delete from notes')).count).toBe(0)
  })
})

describe('a transaction outside a step', () => {
  it('is all or nothing', async () => {
    await database.transaction(async () => {
      await insert('a')
      await insert('b')
    })
    const broken = database.transaction(async () => {
      await insert('c')
      await insert('a')
    })

    await expect(broken).rejects.toMatchObject({ code: '23505' })
    expect(await notes()).toEqual(['a', 'b'])
  })
})

describe('what is not available', () => {
  it('is an UnavailableError that keeps its cause', () => {
    const cases = [
      ['ECONNREFUSED', ''],
      ['57P01', 'terminating connection due to administrator command'],
      ['53300', 'sorry, too many clients already'],
      ['08006', 'connection failure'],
      ['40P01', 'deadlock detected'],
      ['42P01', 'relation "pipeline.runs" does not exist'],
      ['28P01', 'password authentication failed'],
      [undefined, 'timeout exceeded when trying to connect'],
      [undefined, 'Connection terminated unexpectedly'],
      [undefined, 'Client was closed and is not queryable'],
      [undefined, 'Client has encountered a connection error and is not queryable'],
    ] as const
    for (const [code, message] of cases) {
      const error = Object.assign(new Error(message), { code })
      const away = asUnavailable(error)

      expect(away, `${code} ${message}`).toBeInstanceOf(UnavailableError)
      expect((away as Error).cause).toBe(error)
    }
  })

  it('is not every error: a wrong value, a broken constraint and what is no error stay what they are', () => {
    for (const error of [
      Object.assign(new Error('duplicate key'), { code: '23505' }),
      Object.assign(new Error('invalid input'), { code: '22P02' }),
      new Error('bug'),
      'text',
      undefined,
    ]) {
      expect(asUnavailable(error)).toBe(error)
    }
  })

  it('includes a server that nobody listens on', async () => {
    const nowhere = openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/nothing', connectionTimeoutMs: 1_000 })

    await expect(nowhere.read('select 1')).rejects.toThrow(UnavailableError)
    await expect(nowhere.step(() => nowhere.write('select 1'))).rejects.toThrow(UnavailableError)
    await expect(nowhere.transaction(async () => {})).rejects.toThrow(UnavailableError)
    await nowhere.close()
  })

  it('includes a table that a migration has yet to make', async () => {
    await expect(database.read('select * from nowhere')).rejects.toThrow(
      /lacks something this version needs .*run "edgefund bootstrap"/,
    )
  })
})

describe.skipIf(!TEST_DATABASE_URL)('a real server (needs EDGEFUND_TEST_DATABASE_URL)', () => {
  const narrow = (connections: number) =>
    openDatabase({ url: opened.url!, connections, connectionTimeoutMs: 200, applicationName: 'narrow' })

  it('answers a query nested wrongly with an error that has a name, not a hang', async () => {
    const one = narrow(1)
    try {
      const nested = one.step(async () => {
        await one.write(`insert into notes values ('held')`)
        await one.leaveScope(() => one.read('select 1'))
      })
      await expect(nested).rejects.toThrow(UnavailableError)
      await expect(nested).rejects.toThrow(/timeout exceeded when trying to connect/)
      expect(await one.read('select * from notes')).toEqual([])
    } finally {
      await one.close()
    }
  })

  it('keeps its connection after a failed query', async () => {
    const one = narrow(1)
    const pid = async () => (await one.read<{ pid: number }>('select pg_backend_pid() as pid'))[0].pid
    try {
      const before = await pid()
      await one.write(`insert into notes values (null)`).catch(() => {})
      await one.step(() => one.write(`insert into notes values (null)`)).catch(() => {})

      expect(await pid()).toBe(before)
    } finally {
      await one.close()
    }
  })

  it('gives up a connection whose rollback waits behind a hanging query, and nothing of it is kept', async () => {
    const one = narrow(1)
    try {
      const started = performance.now()
      const step = one.step(async () => {
        await one.write(`insert into notes values ('hanging')`)
        void one.read('select pg_sleep(30)').catch(() => {})
        await new Promise((resolve) => setTimeout(resolve, 50))
        throw new Error('time is up')
      })

      await expect(step).rejects.toThrow('time is up')
      expect(performance.now() - started).toBeLessThan(10_000)
      expect(await one.read('select 1 as one')).toEqual([{ one: 1 }])
      expect(await notes()).toEqual([])
    } finally {
      await one.close()
    }
  }, 20_000)

  it('that ends a connection in the middle of a step is unavailable, and the next step gets another', async () => {
    const one = narrow(1)
    try {
      const step = one.step(async () => {
        const { rows } = await one.write<{ pid: number }>('select pg_backend_pid() as pid')
        await database.leaveScope(() => database.write('select pg_terminate_backend($1)', [rows[0].pid]))
        await new Promise((resolve) => setTimeout(resolve, 50))
        await one.write(`insert into notes values ('after')`)
      })

      await expect(step).rejects.toThrow(UnavailableError)
      await one.step(() => one.write(`insert into notes values ('next')`))
      expect(await notes()).toEqual(['next'])
    } finally {
      await one.close()
    }
  })
})
