const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])

/** Whether the same request may succeed later: timeouts, too early, too many, and the server's own failures. Never 400, 401, 403, 404, 422. */
export function isWorthRetrying(status: number): boolean {
  return PASSING.has(status) || status > 504
}

/** How long a reply asks to wait, in ms: `Retry-After` in seconds or as an HTTP date. Undefined when it says nothing readable. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const said = headers.get('retry-after')?.trim()
  if (!said) return undefined
  if (/^\d+$/.test(said)) return Number(said) * 1000
  const at = Date.parse(said)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
