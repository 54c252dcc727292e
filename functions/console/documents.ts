import type { Reply } from '../../shared/runtime/serve.ts'

const KEPT_PRIVATE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
/** It may look like something and do nothing, whatever got into it when it was written. */
const POWERLESS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** A whole document that a step wrote, to be read here. */
export function writtenPage(body: Uint8Array): Reply {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POWERLESS }
  return { status: 200, headers: { ...KEPT_PRIVATE, ...headers }, body }
}

/** A file that a step wrote, to keep. */
export function writtenFile(body: Uint8Array, type: string, name: string): Reply {
  const headers = { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` }
  return { status: 200, headers: { ...KEPT_PRIVATE, ...headers }, body }
}
