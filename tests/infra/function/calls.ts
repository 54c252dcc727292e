/** A database that nothing listens for; the password must appear nowhere. */
export const DEAD_DATABASE = 'postgresql://edgefund:hush-hush@127.0.0.1:1/edgefund'
export const PASSWORD = 'hush-hush'

export type Body = string | Buffer

export interface Answered {
  readonly status: number
  /** Undefined when the answer carries none. */
  readonly outcome: string | undefined
  readonly type: string
  readonly headers: Headers
  readonly text: string
  json(): {
    readonly outcome?: string
    readonly reason?: string
    readonly error?: string
    readonly [more: string]: unknown
  }
}

export async function call(url: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) })
  const text = await response.text()
  return {
    status: response.status,
    outcome: response.headers.get('edgefund-outcome') ?? undefined,
    type: response.headers.get('content-type') ?? '',
    headers: response.headers,
    text,
    json: () => JSON.parse(text),
  }
}

export function post(url: string, body?: Body, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  return call(url, { method: 'POST', body, headers })
}

/** Bytes without a content type: `fetch` names none for them. */
export const bytes = (text: string) => Buffer.from(text)

export function cloudEvent(type: string, id: string, data: unknown): string {
  return JSON.stringify({ specversion: '1.0', id, source: 'test', type, data })
}
