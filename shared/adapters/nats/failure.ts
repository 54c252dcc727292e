import { JetStreamApiCodes, JetStreamApiError, JetStreamError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { UnavailableError } from '../../ports/errors.ts'

/** The stream or the consumer is gone: it must be made again before anything can come from it. */
export class BusGoneError extends UnavailableError {
  readonly kind = 'gone'
}

/**
 * What an adapter throws for an error of the client: everything that says "not now" becomes an `UnavailableError` that says what was being
 * done and why it could not be; any other error stays what it is.
 */
export function natsFailure(doing: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`Cannot ${doing}: ${String(error)}`)
  if (error instanceof UnavailableError) return error
  const reason = reasonOf(error)
  return reason === undefined ? error : new UnavailableError(`Cannot ${doing}: ${reason}`, { cause: error })
}

const MISSING = new Set<number>([JetStreamApiCodes.ConsumerNotFound, JetStreamApiCodes.StreamNotFound])

/** Whether the error says that a stream, a consumer or a bucket does not exist. */
export function isMissing(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return MISSING.has(error.code)
  return error instanceof JetStreamError && statusOf(error) === 409 && /^(consumer|stream) deleted/i.test(error.message)
}

const LOST = /connection closed|connection disconnected|connection draining|stale connection|cancelled/i

function reasonOf(error: Error): string | undefined {
  const refused = denied(error) ?? denied(error.cause)
  if (refused) return refused
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError) {
    return `NATS refuses the user or the password (${error.message})`
  }
  if (error instanceof errors.TimeoutError) return 'NATS did not answer in time'
  if (saysNobody(error))
    return 'nobody answers: there is no such stream, or JetStream is switched off or still starting'
  if (isNotEnabled(error)) return 'JetStream is not enabled for this account of NATS'
  if (isMissing(error)) return `NATS does not hold it any more (${error.message})`
  if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError) {
    return 'the connection to NATS is closed'
  }
  if (error instanceof errors.ConnectionError || (error instanceof errors.RequestError && LOST.test(error.message))) {
    return `the connection to NATS was lost (${error.message})`
  }
  return overloaded(error) ? `NATS cannot take it now (${error.message})` : undefined
}

function denied(error: unknown): string | undefined {
  if (!(error instanceof errors.PermissionViolationError)) return undefined
  const deed = error.operation === 'publish' ? 'publish to' : 'listen to'
  return `NATS does not allow this user to ${deed} "${error.subject}"`
}

/** The client gives this error no class of its own to the outside. */
function isNotEnabled(error: Error): boolean {
  return error.name === 'JetStreamNotEnabled'
}

function saysNobody(error: Error): boolean {
  const found = isNotEnabled(error) ? error.cause : error
  if (found instanceof JetStreamError) return statusOf(found) === 503
  return found instanceof errors.NoRespondersError || (found instanceof errors.RequestError && found.isNoResponders())
}

/** Error codes of JetStream's API: storage or memory used up, and the limits of account and stream. */
const FULL = new Set([10002, 10023, 10028, 10047, 10077, 10122])
const BAD_REQUEST = 400

/** What passes: a server that starts, changes its leader or has nothing left, or one that tells a pull to ask again. */
function overloaded(error: Error): boolean {
  if (error instanceof JetStreamApiError) return error.status === 503 || FULL.has(error.code)
  return error instanceof JetStreamError && statusOf(error) !== BAD_REQUEST
}

function statusOf(error: JetStreamError): number | undefined {
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined
}
