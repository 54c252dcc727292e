import { JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { describe, expect, it } from 'vitest'
import { isMissing, natsFailure } from '../../../../shared/adapters/nats/failure.ts'
import { PermanentError, UnavailableError } from '../../../../shared/ports/errors.ts'

const api = (code: number, err_code: number, description: string) =>
  new JetStreamApiError({ code, err_code, description })

describe('a failure of NATS', () => {
  it.each([
    [new errors.TimeoutError(), 'NATS did not answer in time'],
    [new errors.ClosedConnectionError(), 'the connection to NATS is closed'],
    [new errors.DrainingConnectionError(), 'the connection to NATS is closed'],
    [new errors.ConnectionError('connection refused'), 'the connection to NATS was lost (connection refused)'],
    [new errors.RequestError('connection disconnected'), 'the connection to NATS was lost (connection disconnected)'],
    [new errors.NoRespondersError('x'), 'nobody answers'],
    [new errors.AuthorizationError('Authorization Violation'), 'refuses the user or the password'],
    [
      new errors.RequestError('no', { cause: new errors.PermissionViolationError('no', 'publish', '$JS.API.INFO') }),
      'NATS does not allow this user to publish to "$JS.API.INFO"',
    ],
    [api(503, 10008, 'system temporarily unavailable'), 'NATS cannot take it now'],
    [api(500, 10047, 'insufficient storage resources available'), 'NATS cannot take it now (insufficient storage'],
    [api(404, 10059, 'stream not found'), 'does not hold it any more'],
  ])('"%s" is waited for, and said in a sentence', (error, reason) => {
    const failure = natsFailure('do a thing', error)
    expect(failure).toBeInstanceOf(UnavailableError)
    expect(failure.message).toContain('Cannot do a thing: ')
    expect(failure.message).toContain(reason)
    expect(failure.cause).toBe(error)
  })

  it('stays what it is when waiting would not help, or when it has been said already', () => {
    const kept = [
      new Error('a bug'),
      new PermanentError('never'),
      new UnavailableError('said'),
      new errors.InvalidSubjectError('a b'),
      api(400, 10054, 'message size exceeds maximum allowed'),
      api(400, 10065, 'subjects overlap with an existing stream'),
    ]
    for (const error of kept) expect(natsFailure('do a thing', error)).toBe(error)
    expect(natsFailure('do a thing', 'thrown text').message).toBe('Cannot do a thing: thrown text')
  })

  it('is told apart when something does not exist', () => {
    expect(isMissing(api(404, 10014, 'consumer not found'))).toBe(true)
    expect(isMissing(api(404, 10037, 'no message found'))).toBe(false)
    expect(isMissing(undefined)).toBe(false)
  })
})
