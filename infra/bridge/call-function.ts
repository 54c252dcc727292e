import { type Agent, request } from 'node:http'
import { OUTCOME_HEADER, type Outcome, RETRY_HEADER, STATUS } from '../../shared/runtime/answer.ts'
import { POSITION_HEADER } from '../../shared/runtime/batch.ts'
import { SIGNATURE_HEADER, type SigningKey, sign } from '../../shared/runtime/signature.ts'

export interface FunctionCall {
  /** Behind the gateway's address: `/function/<fn>/…`. */
  readonly url: URL
  readonly step: string
  readonly body: Uint8Array
  /** One CloudEvent when absent. */
  readonly contentType?: string
  /** How long the answer may take. */
  readonly timeoutMs: number
}

/** What a function answered, or why nothing can be said of it: then the call may or may not have had its effect. */
export type CallResult =
  | {
      readonly outcome: Outcome
      readonly reason: string | undefined
      readonly retryAfterMs: number | undefined
      /** How far a step that takes batches has come in the stream. */
      readonly position?: number
    }
  | { readonly outcome: 'infrastructure'; readonly reason: string }

export interface CallParts {
  readonly agent: Agent
  /** Signs with the first; unsigned without any. */
  readonly keys: readonly SigningKey[]
  readonly now: () => number
}

/** So much of an answer's body is read for its reason. */
const MOST_ANSWER_BYTES = 64_000

/**
 * Calls a function through the gateway. Only an answer that carries an outcome is the function's own; everything else (a refused
 * connection, a gateway's 404, a 200 from something in between) is infrastructure.
 */
export async function callFunction({ agent, keys, now }: CallParts, call: FunctionCall): Promise<CallResult> {
  const { url, step, body, contentType = 'application/cloudevents+json', timeoutMs } = call
  const [key] = keys
  const headers = {
    'content-type': contentType,
    'content-length': body.length,
    ...(key && { [SIGNATURE_HEADER]: sign(key, step, body, now()) }),
  }
  return new Promise((resolve) => {
    const away = (reason: string) => resolve({ outcome: 'infrastructure', reason: `${url.pathname}: ${reason}` })
    const timer = setTimeout(() => {
      away(`no answer within ${timeoutMs} ms`)
      outgoing.destroy()
    }, timeoutMs)
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= MOST_ANSWER_BYTES) chunks.push(chunk)
      })
      response.on('error', (error) => away(error.message))
      response.on('end', () => resolve(read(url, response.statusCode ?? 0, response.headers, Buffer.concat(chunks))))
      response.on('close', () => clearTimeout(timer))
    })
    outgoing.on('error', (error) => {
      clearTimeout(timer)
      away(error.message || String((error as NodeJS.ErrnoException).code))
    })
    outgoing.end(body)
  })
}

function read(url: URL, status: number, headers: NodeJS.Dict<string | string[]>, body: Buffer): CallResult {
  const outcome = headers[OUTCOME_HEADER]
  if (typeof outcome !== 'string' || !Object.hasOwn(STATUS, outcome)) {
    const found = outcome === undefined ? 'no outcome' : `the outcome "${outcome}"`
    const text = body.toString('utf8', 0, 200).trim()
    return {
      outcome: 'infrastructure',
      reason: `${url.pathname} answered ${status} with ${found}: ${text || '(empty)'}`,
    }
  }
  const position = numberIn(headers[POSITION_HEADER])
  return {
    outcome: outcome as Outcome,
    reason: reasonIn(body),
    retryAfterMs: numberIn(headers[RETRY_HEADER]),
    ...(position !== undefined && { position }),
  }
}

function numberIn(value: string | string[] | undefined): number | undefined {
  const number = Number(value)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

function reasonIn(body: Buffer): string | undefined {
  try {
    const { reason } = JSON.parse(body.toString('utf8'))
    return typeof reason === 'string' ? reason : undefined
  } catch {
    return undefined
  }
}
