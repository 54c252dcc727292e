import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { ScopeState, StepDatabase } from '../../ports/database.ts'
import { asUnavailable } from './unavailable.ts'

export interface DatabaseOptions {
  readonly url: string
  /** Connections kept at most. A function keeps 2, so that all functions together fit a server's default of 100. */
  readonly connections?: number
  /** How long a query waits for a connection. A query nested wrongly becomes an error with a name instead of a hang. */
  readonly connectionTimeoutMs?: number
  readonly applicationName?: string
}

/** Opens a real PostgreSQL 15 or later. Nothing is connected before the first query. */
export function openDatabase(options: DatabaseOptions): StepDatabase {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 2,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000,
    keepAlive: true,
    application_name: options.applicationName ?? 'edgefund',
    types: TYPES,
  })
  return databaseOn(pool, 'postgresql', () => pool.end())
}

/** One step's hold on the database: no client until the first write. */
interface Scope {
  client?: Promise<pg.PoolClient>
  ended: boolean
  /** Why a transaction within this one failed: then nothing of the whole is kept, even if the step goes on. */
  failure?: { readonly error: unknown }
}

/** A rollback that takes longer waits behind a query that hangs; then the connection is given up, and with it the transaction. */
const ROLLBACK_PATIENCE_MS = 2_000

const DATE_OID = 1082

/** Dates stay text (`2024-01-05`): pg would make them instants of the machine's own time zone. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === DATE_OID
      ? (text: string) => text
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

/** The `Database` port over a pool, whichever engine is behind it. */
export function databaseOn(pool: pg.Pool, engine: StepDatabase['engine'], close: () => Promise<void>): StepDatabase {
  const scopes = new AsyncLocalStorage<Scope>()
  // A connection that breaks, idle in the pool or between two queries of a step, is noticed by the next query; without a listener it would
  // end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))

  const currentScope = () => {
    const scope = scopes.getStore()
    if (scope) refuseLate(scope)
    return scope
  }

  const begin = async (scope: Scope) => {
    scope.client ??= pool.connect().then(async (client) => {
      try {
        await client.query('begin')
        return client
      } catch (error) {
        client.release()
        throw error
      }
    })
    return scope.client
  }

  // Not `pool.query`, which throws its connection away after any error; the embedded engine has no other. The pool itself drops a client
  // whose connection is lost.
  const queryAlone = async <Row extends object>(sql: string, values: readonly unknown[]) => {
    const client = await pool.connect()
    try {
      return await client.query<Row & pg.QueryResultRow>(sql, values as unknown[])
    } finally {
      client.release()
    }
  }

  const query = async <Row extends object>(wantsTransaction: boolean, sql: string, values: readonly unknown[] = []) => {
    const scope = currentScope()
    try {
      if (!scope || !(wantsTransaction || scope.client)) return await queryAlone<Row>(sql, values)
      const client = await begin(scope)
      refuseLate(scope)
      return await client.query<Row & pg.QueryResultRow>(sql, values as unknown[])
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  const run = async <T>(scope: Scope, work: () => Promise<T>): Promise<T> => {
    let result: T
    try {
      result = await scopes.run(scope, work)
      if (scope.failure)
        throw new Error('A transaction inside this one failed: nothing is kept', { cause: scope.failure.error })
    } catch (error) {
      scope.ended = true
      // The first error tells what went wrong; a rollback that fails as well only loses the connection.
      if (scope.client) await rollback(scope.client, engine).catch(() => {})
      throw asUnavailable(error)
    }
    scope.ended = true
    try {
      if (scope.client) await commit(scope.client)
    } catch (error) {
      throw asUnavailable(error)
    }
    return result
  }

  return {
    engine,
    async read<Row extends object>(sql: string, values?: readonly unknown[]) {
      return (await query<Row>(false, sql, values)).rows
    },
    async write<Row extends object>(sql: string, values?: readonly unknown[]) {
      const { rows, rowCount } = await query<Row>(true, sql, values)
      return { rows: rows as Row[], count: rowCount ?? 0 }
    },
    async transaction(work) {
      const scope = currentScope()
      if (scope) {
        await begin(scope).catch((error) => {
          throw asUnavailable(error)
        })
        try {
          return await work()
        } catch (error) {
          scope.failure ??= { error }
          throw error
        }
      }
      const own: Scope = { ended: false }
      return run(own, async () => {
        await begin(own)
        return work()
      })
    },
    step: (work) => run({ ended: false }, work),
    inTransaction: () => scopes.getStore()?.client !== undefined,
    scopeState(): ScopeState {
      const scope = scopes.getStore()
      if (!scope) return 'none'
      if (scope.ended) return 'ended'
      return scope.client ? 'writing' : 'reading'
    },
    leaveScope: (work) => scopes.exit(work),
    close,
  }
}

function refuseLate(scope: Scope): void {
  if (scope.ended) throw new Error('This step has ended: a late query was refused')
}

async function commit(opened: Promise<pg.PoolClient>): Promise<void> {
  const client = await opened
  try {
    const { command } = await client.query('commit')
    // PostgreSQL answers a commit of a failed transaction with ROLLBACK and no error.
    if (command === 'ROLLBACK') throw new Error('The transaction had failed before its commit')
  } finally {
    client.release()
  }
}

async function rollback(opened: Promise<pg.PoolClient>, engine: StepDatabase['engine']): Promise<void> {
  const client = await opened
  let released = false
  const release = (hangs: boolean) => {
    if (!released) client.release(hangs)
    released = true
  }
  // The embedded engine has one connection and cannot do without it.
  const patience = engine === 'postgresql' ? setTimeout(() => release(true), ROLLBACK_PATIENCE_MS) : undefined
  try {
    await client.query('rollback')
  } finally {
    clearTimeout(patience)
    release(false)
  }
}
