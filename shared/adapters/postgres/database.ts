import { AsyncLocalStorage } from 'node:async_hooks'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
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
    application_name: options.applicationName ?? 'edgefund',
    types: TYPES,
  })
  return databaseOn(pool, 'postgresql', () => pool.end())
}

/** One step's hold on the database: no client until the first write. */
interface Scope {
  client?: Promise<pg.PoolClient>
  ended: boolean
}

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
  // An idle connection that breaks is noticed by the next query; without a listener it would end the process.
  pool.on('error', () => {})

  const currentScope = () => {
    const scope = scopes.getStore()
    if (scope?.ended) throw new Error('This step has ended: a late query was refused')
    return scope
  }

  const begin = async (scope: Scope) => {
    scope.client ??= pool.connect().then(async (client) => {
      try {
        await client.query('begin')
        return client
      } catch (error) {
        client.release(true)
        throw error
      }
    })
    return scope.client
  }

  const query = async <Row extends object>(wantsTransaction: boolean, sql: string, values: readonly unknown[] = []) => {
    const scope = currentScope()
    try {
      const on = scope && (wantsTransaction || scope.client) ? await begin(scope) : pool
      if (scope?.ended) throw new Error('This step has ended: a late query was refused')
      return await on.query<Row & pg.QueryResultRow>(sql, values as unknown[])
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  const run = async <T>(scope: Scope, work: () => Promise<T>): Promise<T> => {
    try {
      const result = await scopes.run(scope, work)
      scope.ended = true
      if (scope.client) await end(scope.client, 'commit')
      return result
    } catch (error) {
      scope.ended = true
      // The first error tells what went wrong; a rollback that fails as well only loses the connection.
      if (scope.client) await end(scope.client, 'rollback').catch(() => {})
      throw asUnavailable(error)
    }
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
        return work()
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
    ...(engine === 'postgresql' && { copyIn: (sql, chunks) => copyIn(sql, chunks) }),
    close,
  }

  async function copyIn(sql: string, chunks: Iterable<string | Uint8Array>): Promise<void> {
    const scope = currentScope()
    if (!scope) throw new Error('copyIn belongs inside a transaction')
    try {
      const client = await begin(scope)
      await pipeline(chunks, client.query(copyStreams.from(sql)))
    } catch (error) {
      throw asUnavailable(error)
    }
  }
}

async function end(opened: Promise<pg.PoolClient>, how: 'commit' | 'rollback'): Promise<void> {
  const client = await opened
  let broken: Error | undefined
  try {
    const { command } = await client.query(how)
    // PostgreSQL answers a commit of a failed transaction with ROLLBACK and no error.
    if (how === 'commit' && command === 'ROLLBACK') throw new Error('The transaction had failed before its commit')
  } catch (error) {
    broken = error as Error
    throw error
  } finally {
    client.release(broken)
  }
}
