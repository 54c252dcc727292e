import { createHash } from 'node:crypto'
import createYahooFinance from 'yahoo-finance2/createYahooFinance'
import { getCrumbClear } from 'yahoo-finance2/lib/getCrumb'
import chart from 'yahoo-finance2/modules/chart'
import quoteSummary from 'yahoo-finance2/modules/quoteSummary'
import search from 'yahoo-finance2/modules/search'
import type { PayloadRecorder, Provenance } from '../../ports/data-provider.ts'
import { type HttpReply, UnreachableError } from '../http/polite-fetch.ts'

/** Yahoo has answered, and the answer is no: the symbol's reason for being missing. */
export class RefusedByYahoo extends Error {}

/** A body as it came, or as it was recorded. */
export interface YahooBody {
  readonly json: unknown
  readonly provenance: Provenance
}

/** What is asked: who records it under which name, and for whom. */
export interface YahooQuestion {
  readonly symbol: string
  /** The name of the request in the recorder. */
  readonly request: string
  readonly recorder: PayloadRecorder
}

export interface YahooClient {
  chart(question: YahooQuestion, query: ChartQuery): Promise<YahooBody>
  quoteSummary(question: YahooQuestion, modules: readonly SummaryModule[]): Promise<YahooBody>
  news(question: YahooQuestion, count: number): Promise<YahooBody>
}

export interface ChartQuery {
  readonly interval: '1d' | '1h' | '5m' | '1m'
  readonly fromMs: number
  readonly toMs: number
}

export type SummaryModule = 'price' | 'summaryDetail' | 'defaultKeyStatistics' | 'financialData'

type Fetch = (url: string | URL, init?: RequestInit) => Promise<HttpReply>
/** The part of the library's per-call options that is used. */
interface CallOptions {
  readonly fetch: typeof fetch
  readonly validateResult: false
}

const DATA_PATH = /^\/v\d+\/finance\/(chart|quoteSummary|search)\b/
const UNAUTHORIZED = 401
const SILENT = { info: nothing, warn: nothing, error: nothing, debug: nothing, dir: nothing }
const LibraryClient = createYahooFinance({ modules: { chart, quoteSummary, search } })

/**
 * Asks Yahoo through yahoo-finance2, which knows the addresses, cookies and crumb; the bodies are taken as they come, because the
 * library's own reading throws on fields it does not know. A recorded body is read instead of asking; cookies are never recorded, nor is
 * an answer that is not JSON.
 * @throws RefusedByYahoo (from every method) when the answer is no; UnreachableError when there is none.
 */
export function yahooClient(polite: Fetch): YahooClient {
  const library = new LibraryClient({
    versionCheck: false,
    suppressNotices: ['yahooSurvey', 'ripHistorical'],
    validation: { logErrors: false, logOptionsErrors: false },
    logger: SILENT,
  })

  const ask = async (call: (options: CallOptions) => Promise<unknown>): Promise<HttpReply> => {
    let data: HttpReply | undefined
    const capture = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const url = new URL(input instanceof Request ? input.url : input)
      const reply = await polite(url, init)
      if (!DATA_PATH.test(url.pathname)) return asResponse(reply, reply.status)
      data = reply
      // To a status of its own the library adds a log line with the whole address, crumb included.
      return asResponse(reply, 200)
    }
    try {
      await call({ fetch: capture, validateResult: false })
    } catch (cause) {
      if (data) return data
      if (cause instanceof UnreachableError) throw cause
      throw new UnreachableError(`Yahoo did not let us in: ${(cause as Error).message}`, { cause })
    }
    if (!data) throw new UnreachableError('Yahoo was not asked')
    return data
  }

  const body = async (
    { symbol, request, recorder }: YahooQuestion,
    call: (options: CallOptions) => Promise<unknown>,
  ): Promise<YahooBody> => {
    const bytes = await recorder.payload(symbol, request, async () => {
      let reply = await ask(call)
      if (reply.status === UNAUTHORIZED) {
        // The crumb has grown old, and the library keeps it for ever.
        if (library._opts.cookieJar) await getCrumbClear(library._opts.cookieJar)
        reply = await ask(call)
      }
      const json = parsed(reply.body)
      const words = errorWords(json)
      const definite = reply.status !== UNAUTHORIZED && reply.status !== 403
      if (json === undefined || !definite || (!isOk(reply.status) && words === undefined)) {
        throw new RefusedByYahoo(`Yahoo answered ${reply.status}: ${words ?? excerpt(reply.body)}`)
      }
      return reply.body
    })
    const json = parsed(bytes)
    const words = errorWords(json)
    if (words !== undefined) throw new RefusedByYahoo(`Yahoo says: ${words}`)
    if (json === undefined) throw new RefusedByYahoo(`Yahoo's recorded answer is not JSON: ${excerpt(bytes)}`)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { json, provenance: { symbol, request, sha256 } }
  }

  return {
    chart: (question, { interval, fromMs, toMs }) =>
      body(question, (options) =>
        library.chart(
          yahooSymbol(question.symbol),
          {
            period1: new Date(fromMs),
            period2: new Date(toMs),
            interval,
            includePrePost: false,
            events: 'div|split',
            return: 'object',
          },
          options,
        ),
      ),
    quoteSummary: (question, modules) =>
      body(question, (options) =>
        library.quoteSummary(yahooSymbol(question.symbol), { modules: [...modules] }, options),
      ),
    news: (question, count) =>
      body(question, (options) =>
        library.search(spelled(question.symbol), { newsCount: count, quotesCount: 0 }, options),
      ),
  }
}

/** A symbol as Yahoo spells it: share classes with a hyphen (BRK.B is BRK-B). */
export function spelled(symbol: string): string {
  return symbol.replace(/^([A-Z]+)\.([AB])$/, '$1-$2')
}

/** The symbol for the path of an address, which the library does not encode. */
function yahooSymbol(symbol: string): string {
  return encodeURIComponent(spelled(symbol))
}

function asResponse({ headers, body }: HttpReply, status: number): Response {
  // The body is unpacked already.
  const kept = new Headers(headers)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name)
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : body, { status, headers: kept })
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

/** `{ "chart": { "result": null, "error": { "code": …, "description": … } } }`, under whatever key. */
function errorWords(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  for (const part of Object.values(json)) {
    if (typeof part !== 'object' || part === null || !('error' in part)) continue
    const error: unknown = part.error
    if (typeof error !== 'object' || error === null) continue
    const { code, description } = error as { code?: unknown; description?: unknown }
    return String(description ?? code ?? 'an error without words').slice(0, 300)
  }
  return undefined
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300
}

function excerpt(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8').replace(/\s+/g, ' ').trim()
  return text === '' ? 'nothing' : JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

function nothing(): void {}
