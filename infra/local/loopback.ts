import type { IncomingMessage } from 'node:http'

/**
 * Why a call is refused before anything else is looked at: a page from elsewhere in the user's browser can reach loopback too, by a name
 * that resolves to it (`Host`) or across origins (`Origin`). Undefined when the call is one of ours.
 */
export function foreignCaller(request: IncomingMessage, port: number): string | undefined {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  )
  const host = request.headers.host?.toLowerCase()
  if (host === undefined || !hosts.includes(host)) {
    return `Host ${JSON.stringify(host ?? '')} is not this gateway (expected ${hosts.join(', ')})`
  }
  const origin = request.headers.origin?.toLowerCase()
  if (origin !== undefined && origin !== `http://${host}`) {
    return `Origin ${JSON.stringify(origin)} is not this gateway (expected http://${host} or none)`
  }
  // An image or a link on a foreign page sends no Origin, but says where it comes from.
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `Sec-Fetch-Site "${site}" is not this gateway (expected same-origin or none)`
  }
  return undefined
}
