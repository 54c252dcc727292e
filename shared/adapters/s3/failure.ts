import { PermanentError, UnavailableError } from '../../ports/errors.ts'

/** What a server answered to a request: its HTTP status and S3's name for the trouble. Status 0: there was no answer. */
export interface Refusal {
  readonly status: number
  readonly code: string
}

export function refusalOf(error: unknown): Refusal {
  const { $metadata, $response, Code, code, name } = (error ?? {}) as {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly $response?: { readonly statusCode?: number }
    readonly Code?: string
    readonly code?: string
    readonly name?: string
  }
  const status = $metadata?.httpStatusCode ?? $response?.statusCode ?? 0
  return { status, code: (status === 0 ? code : undefined) ?? Code ?? name ?? 'unknown' }
}

/** The error for an answer that no S3 server gives, shaped as the client shapes its own. */
export function strangeAnswer(message: string): Error {
  return Object.assign(new Error(message), { name: 'StrangeAnswer', $metadata: { httpStatusCode: 200 } })
}

/**
 * What a store throws for an error of the client: a server that is away, overloaded, refuses us or has no such bucket is a failure of the
 * world; a request that this server cannot serve can never succeed. What is neither the network's nor the server's stays what it is.
 */
export function s3Failure(where: string, doing: string, error: unknown): unknown {
  if (error instanceof UnavailableError || error instanceof PermanentError) return error
  const refusal = refusalOf(error)
  const cannot = `Cannot ${doing} (${where})`
  const options = { cause: plain(error) }

  if (refusal.status === 0) {
    if (!isNetwork(error, refusal.code)) return error
    const message = (error as Error).message.replace(/^@smithy\/node-http-handler - (\[ERROR\] )?/, '') || refusal.code
    return new UnavailableError(`${cannot}: the server cannot be reached or does not answer (${message})`, options)
  }
  const answer = `${refusal.status} ${refusal.code}`
  if (refusal.status === 501) {
    return new PermanentError(`${cannot}: this server does not know how to do that (${answer})`, options)
  }
  if (refusal.status === 413 || refusal.code === 'EntityTooLarge') {
    return new PermanentError(`${cannot}: it is larger than this server takes (${answer})`, options)
  }
  const reason = REASONS[refusal.code] ?? reasonOf(refusal.status)
  if (reason) return new UnavailableError(`${cannot}: ${reason} (${answer})`, options)
  return new Error(`${cannot}: ${(error as Error).message} (${answer})`, options)
}

const NO_BUCKET = 'there is no such bucket; make it, or check S3_BUCKET'
const WRONG_REGION = 'the server wants another region; check S3_REGION'
const WRONG_KEYS = 'the server refuses the credentials; check S3_ACCESS_KEY and S3_SECRET_KEY'

const REASONS: Readonly<Record<string, string>> = {
  NoSuchBucket: NO_BUCKET,
  InvalidBucketName: 'this server takes no bucket of that name; check S3_BUCKET',
  NoSuchUpload: 'the unfinished upload was removed by somebody else',
  InvalidAccessKeyId: WRONG_KEYS,
  SignatureDoesNotMatch: WRONG_KEYS,
  RequestTimeTooSkewed: 'the clocks of this machine and of the server differ too much; set them',
  QuotaExceeded: "the server's quota is used up",
  AuthorizationHeaderMalformed: WRONG_REGION,
  PermanentRedirect: WRONG_REGION,
  IllegalLocationConstraintException: WRONG_REGION,
  RequestTimeout: 'the request came too slowly',
}

function reasonOf(status: number): string | undefined {
  if (status < 300) return 'its answer is not that of an S3 server; check S3_ENDPOINT'
  if (status === 401) return WRONG_KEYS
  if (status === 403) return 'the server forbids it; check the credentials and their rights, listing included'
  if (status === 404) return NO_BUCKET
  if (status === 409 || status === 412) return 'other writers were faster each time; try again later'
  if (status === 301 || status === 307) return WRONG_REGION
  if (status === 429 || status === 503) return 'the server has too much to do; it is asked again later'
  if (status === 507) return 'the server has no space left'
  if (status >= 500) return 'the server failed'
  return undefined
}

/** Errors of the system (`ECONNREFUSED`), of TLS, of HTTP that is none, and the client's own limits of time. */
function isNetwork(error: unknown, code: string): boolean {
  if (!(error instanceof Error)) return false
  return (
    error.name === 'TimeoutError' ||
    /^E(?!RR_)[A-Z]|^HPE_|^ERR_TLS_|^ERR_SSL_|^ERR_STREAM_PREMATURE|CERT|SIGNATURE/.test(code)
  )
}

/** The client's errors carry the request and its headers; the next one up needs their words only. */
function plain(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined
  const copy = new Error(error.message)
  copy.name = error.name
  copy.stack = error.stack
  return copy
}
