import { UnavailableError } from '../../ports/errors.ts'

/** SQLSTATE classes and codes that say "not now" rather than "wrong": connection trouble, shutdown, too many clients, a lost race for
 * locks, a full disk, a server that only reads yet, a login that is not there yet. */
const AWAY = new Set('57P01 57P02 57P03 57P05 53100 53200 53300 40001 40P01 55P03 25006 28000 28P01'.split(' '))
/** The database is older than this code: a migration is missing. */
const OLDER = new Set(['42P01', '3F000', '42703', '42883', '3D000'])
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** A failure of the connection or of the server becomes an `UnavailableError` that keeps its cause; anything else stays what it is. */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UnavailableError) return error
  const { code, message } = error as Error & { code?: string }
  if (code && (AWAY.has(code) || code.startsWith('08'))) {
    return new UnavailableError(`PostgreSQL is not available: ${message}`, { cause: error })
  }
  if (code && OLDER.has(code)) {
    return new UnavailableError(
      `The database lacks something this version needs (${message}); run "edgefund bootstrap"`,
      { cause: error },
    )
  }
  const lost =
    (code && NETWORK.has(code)) ||
    /timeout exceeded when trying to connect|Connection terminated|client has encountered a connection error|client was closed/i.test(
      message,
    )
  return lost ? new UnavailableError(`PostgreSQL cannot be reached: ${message || code}`, { cause: error }) : error
}
