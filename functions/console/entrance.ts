import { z } from 'zod'
import type { Reply } from '../../shared/runtime/serve.ts'
import type { Refused, Route } from '../../shared/runtime/service.ts'
import { json, redirect } from '../../shared/runtime/service.ts'
import type { ConsolePorts } from './ports.ts'
import { show } from './show.ts'

export const SIGN_IN = '/sign-in'
const HOME = '/overview'

/**
 * The way in. A gateway answers alike at `/function/console` and `/function/console/`, and nothing tells which it was, though the same relative
 * link leads to two places. `console/overview` is right for the first; from the second it leads to `/console/overview`, which goes back up.
 */
export const root: Route<ConsolePorts> = {
  method: 'GET',
  path: '/',
  open: true,
  run: ({ call }) => redirect(call, '/console/overview'),
}

export const rootAgain: Route<ConsolePorts> = {
  method: 'GET',
  path: '/console/overview',
  open: true,
  run: ({ call }) => redirect(call, HOME),
}

/** Scripts and styles: their names change with their content, so they may be kept for ever. */
export const asset: Route<ConsolePorts> = {
  method: 'GET',
  path: '/assets/:name',
  open: true,
  run({ params }, { consolePages }) {
    const found = consolePages.asset(params.name)
    if (!found) return json(404, { error: `There is no asset ${params.name}` })
    const headers = {
      'content-type': found.type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    }
    return { status: 200, headers, body: found.body }
  },
}

export const signInForm: Route<ConsolePorts> = {
  method: 'GET',
  path: SIGN_IN,
  open: true,
  run(request, ports) {
    const { visitor, call, query } = request
    const to = pathOf(query.get('to'))
    if (visitor.by !== 'nobody') return redirect(call, to)
    return show(ports, request, (pages, frame) => pages.signIn(frame, { to, wrong: false }))
  },
}

const credentials = z.object({ token: z.string(), to: z.string().optional() })

/** Opens a session for who knows the API token. */
export const signIn: Route<ConsolePorts> = {
  method: 'POST',
  path: SIGN_IN,
  open: true,
  form: credentials,
  run(request, ports) {
    const { token, to } = credentials.parse(request.body)
    const cookie = request.visitor.signIn(token)
    if (cookie !== undefined) return redirect(request.call, pathOf(to), { 'set-cookie': cookie })
    return show(ports, request, (pages, frame) => pages.signIn(frame, { to: pathOf(to), wrong: true }), 401)
  },
}

export const signOut: Route<ConsolePorts> = {
  method: 'POST',
  path: '/sign-out',
  form: z.object({}),
  run: ({ call, visitor }) => redirect(call, SIGN_IN, { 'set-cookie': visitor.signOut() }),
}

/** A page for what went wrong, except to who asked for data. */
export function refusal(refused: Refused, ports: ConsolePorts): Reply {
  const { status, message } = refused
  const accept = String(refused.call.headers.accept ?? '')
  if (accept.includes('application/json')) return json(status, { error: message })
  return show(ports, refused, (pages, frame) => pages.failure(frame, { status, message }), status)
}

/** Where a form says it wants to go, if that is a path of ours. */
function pathOf(text: string | null | undefined): string {
  return text && /^\/[!-~]*$/.test(text) ? text : HOME
}
