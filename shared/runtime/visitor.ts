import { createHmac, randomBytes } from 'node:crypto'
import type { Instant } from '../domain/market/session.ts'
import { header } from './envelope.ts'
import type { Call, EventAuth } from './serve.ts'
import { bearsToken, sameText } from './signature.ts'

/** Who calls a service: what lets them in, and what shows that a form they send is one of ours. */
export interface Visitor {
  /** `anybody` where nothing is asked for, `nobody` where something is and it was not given. */
  readonly by: 'anybody' | 'token' | 'session' | 'nobody'
  /** Stands in every form; known only to pages that this visitor was given. */
  readonly formToken: string
  /** `Set-Cookie` of the page with the form, where the browser has nothing yet that the token is bound to. */
  readonly cookie: string | undefined
  /** Whether a form came from one of our pages. What bears the API token is no browser that somebody could have misled. */
  mayAct(formToken: string | undefined): boolean
  /** Opens a session: the `Set-Cookie` of it, undefined when the token is not the one. */
  signIn(token: string): string | undefined
  /** The `Set-Cookie` that ends it. */
  signOut(): string
}

const SESSION = 'edgefund-session'
const VISIT = 'edgefund-visit'
/** Long enough for a day's work, short enough for a machine that somebody forgot. */
export const SESSION_HOURS = 12

/**
 * A session is its end and a random number under an HMAC of the API token: nothing is kept here, every replica knows it, and a new token
 * ends all of them. The token itself never goes into a cookie. Cookies name no path, so a browser gives them back below the folder of the
 * page that set them and nowhere else on the gateway.
 */
export function visitorOf(call: Call, auth: EventAuth, now: Instant): Visitor {
  const token = auth === 'none' ? undefined : auth.token
  const cookies = cookiesOf(call)
  const session = cookies.get(SESSION)
  const signedIn = token !== undefined && isSession(session, token, now)
  const bears = bearsToken(header(call.headers, 'authorization'), token)
  const by = auth === 'none' ? 'anybody' : bears ? 'token' : signedIn ? 'session' : 'nobody'
  const secure = header(call.headers, 'x-forwarded-proto') === 'https' ? '; Secure' : ''
  const setCookie = (name: string, value: string, seconds: number) =>
    `${name}=${value}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`

  const known = signedIn ? session : cookies.get(VISIT)
  const bound = known ?? randomBytes(16).toString('base64url')
  const formToken = createHmac('sha256', bound).update('form').digest('base64url')
  return {
    by,
    formToken,
    cookie: known === undefined ? setCookie(VISIT, bound, SESSION_HOURS * 3_600) : undefined,
    mayAct(given) {
      if (by === 'token') return true
      return by !== 'nobody' && known !== undefined && given !== undefined && sameText(given, formToken)
    },
    signIn(given) {
      if (token === undefined || !sameText(given, token)) return undefined
      return setCookie(SESSION, newSession(token, now), SESSION_HOURS * 3_600)
    },
    signOut: () => setCookie(SESSION, '', 0),
  }
}

function newSession(token: string, now: Instant): string {
  const claim = `${now + SESSION_HOURS * 3_600_000}.${randomBytes(16).toString('base64url')}`
  return `${claim}.${mac(token, claim)}`
}

function isSession(value: string | undefined, token: string, now: Instant): boolean {
  const [end, chance, given] = value?.split('.') ?? []
  if (given === undefined || !/^\d{1,15}$/.test(end)) return false
  return sameText(given, mac(token, `${end}.${chance}`)) && Number(end) > now
}

function mac(token: string, claim: string): string {
  return createHmac('sha256', token).update(`session.${claim}`).digest('base64url')
}

function cookiesOf(call: Call): Map<string, string> {
  const pairs = (header(call.headers, 'cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
