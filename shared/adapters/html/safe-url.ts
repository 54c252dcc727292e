/**
 * The address when it leads to http, https or a place on the same site, without the white space that a browser ignores;
 * undefined when it could do anything else. Addresses without a scheme that name a host (`//host`, `\\host`) are refused
 * too: in a file opened from disk they would reach for a network drive.
 * @see WHATWG URL Standard §4.4: control characters and spaces at the ends, and tabs and line breaks anywhere, are dropped.
 */
export function safeUrl(text: string): string | undefined {
  const url = text.replace(/[\t\n\r]/g, '').replace(/^[\p{Cc} ]+|[\p{Cc} ]+$/gu, '')
  if (/^[\\/]{2}/.test(url)) return undefined
  const scheme = /^([^/?#\\]*?):/.exec(url)
  if (!scheme) return url
  return /^https?$/i.test(scheme[1]) ? url : undefined
}
