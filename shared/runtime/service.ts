import type { z } from 'zod'
import { InputError, UnavailableError } from '../ports/errors.ts'
import { describe } from './attempt.ts'
import { issuesOf } from './issues.ts'
import type { AllPorts } from './ports.ts'
import type { Call, Reply, ServeParts } from './serve.ts'
import type { Resources } from './step.ts'
import { type Visitor, visitorOf } from './visitor.ts'

export interface ServiceRequest<Body = unknown> {
  /** Values of the `:name` parts of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Body
  readonly call: Call
  readonly visitor: Visitor
}

export interface Route<Ports> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/orders/:id`; a part that starts with a colon is a parameter. */
  readonly path: string
  /** What the JSON body must be; a body that is not is answered 400 with the issues. */
  readonly body?: z.ZodType
  /**
   * What the fields of a form must be, in place of `body`. It is an action: without the token of one of our own pages in the field `form` it is
   * answered 403, unless the route is open.
   */
  readonly form?: z.ZodType
  /** Answered to anybody, such as the page to sign in at. */
  readonly open?: true
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
  /** The path of a page where a person gives the token: then a session counts like the token, and who reads without either is sent there. */
  readonly signIn?: string
  /** How a refusal or a failure is told to people; JSON where this is absent. */
  refusal?(refused: Refused, ports: Ports): Reply
}

/** What a service has no answer to. */
export interface Refused {
  readonly status: number
  readonly message: string
  readonly call: Call
  readonly visitor: Visitor
}

/** Declares a service: which ports it uses, and what it answers to. */
export function service<const Uses extends readonly (keyof AllPorts)[] = readonly []>(definition: {
  readonly name: string
  /** Only these are given, and only these are bundled with it. */
  readonly uses?: Uses
  readonly routes: readonly Route<Pick<AllPorts, Uses[number]>>[]
  readonly resources?: Resources
  readonly timeoutMs?: number
  readonly signIn?: string
  readonly refusal?: (refused: Refused, ports: Pick<AllPorts, Uses[number]>) => Reply
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

/**
 * Answers one call: the route, who calls where that is asked for, the body, then the route's own work. HEAD is answered like GET; whoever
 * sends the answer leaves its body out. Never 200 for a thrown error.
 */
export async function serveService<Ports>(parts: ServeParts<Ports>, to: Service<Ports>, call: Call): Promise<Reply> {
  const visitor = visitorOf(call, parts.auth, parts.clock.now())
  const refuse = (status: number, message: string, headers: Reply['headers'] = {}): Reply => {
    const reply = to.refusal?.({ status, message, call, visitor }, parts.ports) ?? json(status, { error: message })
    return { ...reply, headers: { ...reply.headers, ...headers } }
  }
  const matches = to.routes
    .map((route) => ({ route, params: matchPath(route.path, call.path) }))
    .filter((match) => match.params)
  if (matches.length === 0) return refuse(404, `${to.name} has no ${call.path}`)
  const method = call.method === 'HEAD' ? 'GET' : call.method
  const match = matches.find(({ route }) => route.method === method)
  if (!match?.params) {
    const allowed = matches.map(({ route }) => (route.method === 'GET' ? 'GET, HEAD' : route.method)).join(', ')
    return refuse(405, `${call.path} takes ${allowed}, not ${call.method}`, { allow: allowed })
  }
  const { route, params } = match
  if (holdsNul(call)) return refuse(400, 'The address has a NUL character, which no name here can have')
  const admitted = visitor.by === 'anybody' || visitor.by === 'token' || (visitor.by === 'session' && to.signIn)
  if (!route.open && !admitted) {
    if (to.signIn && method === 'GET') return redirect(call, `${to.signIn}?${new URLSearchParams({ to: here(call) })}`)
    return refuse(401, 'This needs an Authorization header with the bearer token')
  }
  if (call.body.length > parts.maxBodyBytes) {
    return refuse(413, `The body has ${call.body.length} bytes, at most ${parts.maxBodyBytes} are taken`)
  }
  try {
    const fields = route.form && readForm(call.body)
    if (fields && Object.values(fields).some((value) => value.includes('\0'))) {
      return refuse(400, 'The form has a NUL character, which no name here can have')
    }
    if (fields && !route.open && !visitor.mayAct(fields.form)) {
      return refuse(403, 'This form is not from a page that you were given, or it is too old: open the page again')
    }
    const body = fields ? checked(route.form, fields, 'form') : readBody(route.body, call.body)
    return await route.run({ params, query: new URLSearchParams(call.query), body, call, visitor }, parts.ports)
  } catch (error) {
    if (error instanceof InputError) return refuse(400, error.message)
    parts.log.error({ err: error, service: to.name }, 'failed')
    return refuse(error instanceof UnavailableError ? 503 : 500, describe(error))
  }
}

/**
 * The way from a path of a service to its root, as the beginning of relative links: `./` from `/runs`, `../` from `/runs/1`. A service does not
 * know where a gateway has put it; relative links are right everywhere.
 */
export function rootFrom(path: string): string {
  return '../'.repeat(path.split('/').length - 2) || './'
}

/** Sends a browser to another path of the same service, to be read there. */
export function redirect(from: Pick<Call, 'path'>, path: string, headers: Reply['headers'] = {}): Reply {
  return { status: 303, headers: { ...headers, location: `${rootFrom(from.path)}${path.slice(1)}` }, body: '' }
}

/** What was asked for, to come back to. */
function here({ path, query }: Call): string {
  return `${path}${query && !query.startsWith('?') ? '?' : ''}${query}`
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
  return checked(schema, content, 'body')
}

/** PostgreSQL keeps no text with NUL: such an address names nothing, and asking for it must not look like a failure of ours. */
function holdsNul({ path, query }: Pick<Call, 'path' | 'query'>): boolean {
  return path.includes('%00') || query.includes('%00')
}

/** The fields of a form; of a field that comes twice, the last. */
function readForm(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(Buffer.from(bytes).toString('utf8')))
}

function checked(schema: z.ZodType | undefined, content: unknown, what: string): unknown {
  const parsed = schema?.safeParse(content)
  if (!parsed || parsed.success) return parsed?.data
  throw new InputError(issuesOf(parsed.error, what))
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
