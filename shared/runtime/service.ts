import type { z } from 'zod'
import { InputError, UnavailableError } from '../ports/errors.ts'
import { describe } from './attempt.ts'
import { header } from './envelope.ts'
import { issuesOf } from './issues.ts'
import type { AllPorts } from './ports.ts'
import type { Call, Reply, ServeParts } from './serve.ts'
import { bearsToken } from './signature.ts'
import type { Resources } from './step.ts'

export interface ServiceRequest<Body = unknown> {
  /** Values of the `:name` parts of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Body
  readonly call: Call
}

export interface Route<Ports> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/orders/:id`; a part that starts with a colon is a parameter. */
  readonly path: string
  /** What the JSON body must be; a body that is not is answered 400 with the issues. */
  readonly body?: z.ZodType
  run(request: ServiceRequest, ports: Ports): Promise<Reply> | Reply
}

/** An HTTP service on the same wrapper as the steps: it answers questions and emits nothing by itself. */
export interface Service<Ports = never> {
  readonly name: string
  readonly routes: readonly Route<Ports>[]
  readonly resources: Resources
  /** Within which a call is answered. */
  readonly timeoutMs: number
  /** The ports it is given: what its bundle must carry adapters for. */
  readonly uses: readonly string[]
}

/** Declares a service: which ports it uses, and what it answers to. */
export function service<const Uses extends readonly (keyof AllPorts)[] = readonly []>(definition: {
  readonly name: string
  /** Only these are given, and only these are bundled with it. */
  readonly uses?: Uses
  readonly routes: readonly Route<Pick<AllPorts, Uses[number]>>[]
  readonly resources?: Resources
  readonly timeoutMs?: number
}): Service<Pick<AllPorts, Uses[number]>> {
  return customService(definition)
}

/** A service on other ports than ours, which the type of its routes names. */
export function customService<Ports extends object>(
  definition: Pick<Service<Ports>, 'name' | 'routes'> & Partial<Service<Ports>>,
): Service<Ports> {
  return { resources: { cpu: '200m', memory: '128Mi' }, timeoutMs: 30_000, uses: [], ...definition }
}

/** What is to be known of a service without its code. */
export type ServiceOutline = Pick<Service, 'name' | 'resources' | 'timeoutMs' | 'uses'>

/** Answers one call: the route, the token where one is needed, the body, then the route's own work. Never 200 for a thrown error. */
export async function serveService<Ports>(parts: ServeParts<Ports>, to: Service<Ports>, call: Call): Promise<Reply> {
  const matches = to.routes
    .map((route) => ({ route, params: matchPath(route.path, call.path) }))
    .filter((match) => match.params)
  if (matches.length === 0) return json(404, { error: `${to.name} has no ${call.path}` })
  const match = matches.find(({ route }) => route.method === call.method)
  if (!match?.params) {
    const allowed = matches.map(({ route }) => route.method).join(', ')
    return { ...json(405, { error: `${call.path} takes ${allowed}, not ${call.method}` }), headers: { allow: allowed } }
  }
  if (parts.auth !== 'none') {
    if (!bearsToken(header(call.headers, 'authorization'), parts.auth.token)) {
      return json(401, { error: 'This needs an Authorization header with the bearer token' })
    }
  }
  if (call.body.length > parts.maxBodyBytes) {
    return json(413, { error: `The body has ${call.body.length} bytes, at most ${parts.maxBodyBytes} are taken` })
  }
  try {
    const body = readBody(match.route.body, call.body)
    return await match.route.run(
      { params: match.params, query: new URLSearchParams(call.query), body, call },
      parts.ports,
    )
  } catch (error) {
    if (error instanceof InputError) return json(400, { error: error.message })
    parts.log.error({ err: error, service: to.name }, 'failed')
    return json(error instanceof UnavailableError ? 503 : 500, { error: describe(error) })
  }
}

export function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}

function readBody(schema: z.ZodType | undefined, bytes: Uint8Array): unknown {
  if (!schema) return undefined
  let content: unknown
  try {
    content = JSON.parse(Buffer.from(bytes).toString('utf8') || '{}')
  } catch (cause) {
    throw new InputError('The body is not JSON', { cause })
  }
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  throw new InputError(issuesOf(parsed.error, 'body'))
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith(':')) {
      const value = decoded(given[i])
      if (value === undefined) return undefined
      params[part.slice(1)] = value
    } else if (part !== given[i]) return undefined
  }
  return params
}

/** Undefined when the percent-encoding is broken: then there is no such path. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
