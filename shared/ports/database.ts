/**
 * PostgreSQL as the stores see it. Inside a step, the first `write` opens the step's transaction and every later query of the call uses
 * it; outside a step each call stands alone. Text protocol: int8 and numeric arrive as strings, timestamptz as Date, float8 as number.
 */
export interface Database {
  read<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** Answers the rows of a RETURNING clause; `count` is the number of rows touched. */
  write<Row extends object>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly count: number }>
  /** Runs work in one transaction (the step's own when one is open): all of it or nothing. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Whether this async context holds an open transaction; then the network and object adapters refuse. */
  inTransaction(): boolean
  readonly engine: 'postgresql' | 'embedded'
}

/** `none`: outside a step. `reading`: nothing written yet. `writing`: a transaction is open. `ended`: a late call after the step's end. */
export type ScopeState = 'none' | 'reading' | 'writing' | 'ended'

/** What the runtime needs beyond the stores: the scope of a step. */
export interface StepDatabase extends Database {
  /**
   * Runs a step: the first write inside it opens one transaction that every later query of the call uses, committed when the work
   * resolves and rolled back when it throws. A query that arrives after the end is refused.
   */
  step<T>(work: () => Promise<T>): Promise<T>
  scopeState(): ScopeState
  /** Runs work outside the step it was called in, for bookkeeping that must not belong to the step's transaction. */
  leaveScope<T>(work: () => T): T
  close(): Promise<void>
}
