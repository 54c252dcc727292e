import type { PayloadRecorder, Provenance } from '../../ports/data-provider.ts'
import type { HttpReply } from '../http/polite-fetch.ts'
import { sha256Hex } from '../objects/sha256.ts'
import { RefusedBySource } from './each-instrument.ts'

const MOST_BYTES = 2_000_000

/**
 * `fetch` that reads no more than 2 MB of a body. A larger one comes back as status 413 without a body, which is an answer and not worth
 * another try.
 */
export function cappedFetch(
  fetch: typeof globalThis.fetch = globalThis.fetch,
  most = MOST_BYTES,
): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of response.body ?? []) {
      bytes += piece.length
      if (bytes > most) return new Response(null, { status: 413 })
      pieces.push(piece)
    }
    const { status, headers } = response
    const empty = status === 204 || status === 205 || status === 304
    return new Response(empty ? null : Buffer.concat(pieces), { status, headers })
  }
}

export interface Recording {
  readonly symbol: string
  /** The request's name in the recorder, without anything secret. */
  readonly request: string
  readonly recorder: PayloadRecorder
}

/**
 * The body of a reply, fetched once and recorded; a second attempt reads what was recorded. Only good replies are recorded.
 * @param refusal what another status than 2xx means for the symbol, thrown by the function itself when it means more than that.
 * @throws RefusedBySource with the refusal.
 */
export async function recordedReply(
  { symbol, request, recorder }: Recording,
  fetch: () => Promise<HttpReply>,
  refusal: (status: number, body: string) => string,
): Promise<{ bytes: Uint8Array; provenance: Provenance }> {
  const bytes = await recorder.payload(symbol, request, async () => {
    const { status, body } = await fetch()
    if (status >= 200 && status < 300) return body
    if (status === 413) throw new RefusedBySource(`Its answer is larger than ${MOST_BYTES / 1e6} MB`)
    throw new RefusedBySource(refusal(status, Buffer.from(body).toString('utf8').slice(0, 200)))
  })
  return { bytes, provenance: { symbol, request, sha256: sha256Hex(bytes) } }
}
