import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import type { StepDatabase } from '../../ports/database.ts'
import { databaseOn, TYPES } from './database.ts'

export interface EmbeddedOptions {
  /** Where the data is kept; in memory when absent. The caller makes sure that one process at a time opens a folder. */
  readonly folder?: string
}

/**
 * PostgreSQL in this process (PGlite), behind the same `pg` pool as a server. It has one connection, so calls queue up behind an open
 * transaction: a step must use its own client, which the `Database` port sees to.
 */
export async function openEmbeddedDatabase({ folder }: EmbeddedOptions = {}): Promise<StepDatabase> {
  if (folder) await mkdir(dirname(folder), { recursive: true })
  const engine = folder ? await PGlite.create(folder) : await PGlite.create()
  const pool = new pg.Pool({
    ...(createPgConfig(engine) as unknown as pg.PoolConfig),
    max: 1,
    connectionTimeoutMillis: 60_000,
    idleTimeoutMillis: 0,
    types: TYPES,
  })
  return databaseOn(pool, 'embedded', async () => {
    await pool.end()
    await engine.close()
  })
}
