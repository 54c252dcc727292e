import { isRecord } from '../domain/is-record.ts'
import { type Mandate, mandateSchema } from '../domain/mandate/mandate.ts'
import { SHIPPED_MANDATES } from '../domain/mandate/shipped.ts'
import { InputError } from '../ports/errors.ts'
import { issuesOf } from './issues.ts'

type Shipped = keyof typeof SHIPPED_MANDATES

/**
 * Checks the content of a mandate file (already parsed YAML; undefined when there is none). It says what differs from a shipped mandate: the
 * one its own `base` names, else `otherwise`. Lists are replaced, not joined.
 * @throws InputError naming the file, the rule, what was found and what was expected.
 */
export function readMandate(content: unknown, file: string, otherwise: Shipped): Mandate {
  if (content !== undefined && content !== null && !isRecord(content)) {
    throw new InputError(`${file}: ${JSON.stringify(content)} is no mandate, expected rules by name`)
  }
  const { base = otherwise, ...rules } = content ?? {}
  if (!isShippedMandate(base)) {
    const names = Object.keys(SHIPPED_MANDATES).join(' or ')
    throw new InputError(`${file}: base is ${JSON.stringify(base)}, expected ${names}`)
  }
  const parsed = mandateSchema.safeParse(merged(SHIPPED_MANDATES[base], rules))
  if (parsed.success) return parsed.data
  throw new InputError(`${file}: ${issuesOf(parsed.error, 'the mandate')}`)
}

/** Whether something names a mandate that comes with the house. */
export function isShippedMandate(base: unknown): base is Shipped {
  return typeof base === 'string' && Object.hasOwn(SHIPPED_MANDATES, base)
}

function merged(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above === undefined ? below : above
  const keys = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries([...keys].map((key) => [key, merged(below[key], above[key])]))
}
