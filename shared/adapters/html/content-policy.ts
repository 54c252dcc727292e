import { createHash } from 'node:crypto'
import { STYLESHEET } from './stylesheet.ts'

const OUR_STYLE = `'sha256-${createHash('sha256').update(STYLESHEET).digest('base64')}'`

/** For a file opened from disk: our own styles and nothing else. Whatever got into the page loads nothing and runs nothing. */
export const FILE_POLICY = `default-src 'none'; style-src ${OUR_STYLE}; img-src data:; base-uri 'none'; form-action 'none'`

/** For the header `Content-Security-Policy` of a page that a server gives: scripts and further styles only from that server. */
export const SERVED_POLICY = [
  "default-src 'none'",
  `style-src 'self' ${OUR_STYLE}`,
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')
