import { createHmac, timingSafeEqual } from 'node:crypto'

/** A key the bridge signs with; two are valid while one replaces the other. */
export interface SigningKey {
  readonly id: string
  readonly secret: string
}

export const SIGNATURE_HEADER = 'edgefund-signature'
const TOLERANCE_S = 300

/** `t=…,k=…,v1=…`: an HMAC-SHA256 over time, step and the exact bytes of the body. */
export function sign(key: SigningKey, step: string, body: Uint8Array, atMs: number): string {
  const t = Math.floor(atMs / 1000)
  return `t=${t},k=${key.id},v1=${digest(key, t, step, body)}`
}

/** Whether a signature is by one of the keys, for this step and body, and not older or newer than five minutes. */
export function verifySignature(
  signature: string | undefined,
  keys: readonly SigningKey[],
  step: string,
  body: Uint8Array,
  nowMs: number,
): boolean {
  const fields = new Map((signature ?? '').split(',').map((field) => field.split('=', 2) as [string, string]))
  const t = Number(fields.get('t'))
  const key = keys.find((candidate) => candidate.id === fields.get('k'))
  const given = fields.get('v1')
  if (!key || given === undefined || !Number.isInteger(t)) return false
  if (Math.abs(nowMs / 1000 - t) > TOLERANCE_S) return false
  return sameText(given, digest(key, t, step, body))
}

/** The token of an `Authorization` header, when it is a bearer's. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
}

/** Whether an `Authorization` header bears the token. Nobody bears a token that is not configured. */
export function bearsToken(authorization: string | undefined, token: string | undefined): boolean {
  const bearer = bearerOf(authorization)
  return token !== undefined && bearer !== undefined && sameText(bearer, token)
}

/** Compares in constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const hash = (text: string) => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}

function digest(key: SigningKey, t: number, step: string, body: Uint8Array): string {
  return createHmac('sha256', key.secret).update(`${t}.${step}.`).update(body).digest('hex')
}
