import { isDeepStrictEqual } from 'node:util'

/** How a schema differs from what it was, at a place in the data (`data.window.id`; `[]` an item, `{}` a value by any key). */
export interface SchemaChange {
  readonly path: string
  readonly change: string
  /** Whether who knows only the old schema still reads the data rightly. */
  readonly compatible: boolean
}

type Schema = Readonly<Record<string, unknown>>

/** Words for people, which bind nobody. A `default` is none: it is what an absent value means. */
const ANNOTATIONS = new Set(['title', 'description', 'examples', '$comment', 'deprecated', 'readOnly', 'writeOnly'])
/** Where a schema lies in a schema, and how that place is written. */
const INNER: Readonly<Record<string, string>> = { items: '[]', additionalProperties: '{}', propertyNames: '{key}' }
const ALTERNATIVES = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])

/**
 * Everything in which two JSON Schemas (2020-12, as zod prints them) differ. Only an added optional property and words for people are
 * compatible. All else is not, even where it loosens: a reader may count on what was promised.
 */
export function schemaChanges(before: unknown, after: unknown, path = 'data'): SchemaChange[] {
  if (!isSchema(before) || !isSchema(after)) {
    return isDeepStrictEqual(before, after) ? [] : [breaking(path, became('schema', before, after))]
  }
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keywords].flatMap((keyword) => keywordChanges(keyword, before, after, path))
}

function keywordChanges(keyword: string, before: Schema, after: Schema, path: string): SchemaChange[] {
  const old = before[keyword]
  const now = after[keyword]
  if (isDeepStrictEqual(old, now)) return []
  if (ANNOTATIONS.has(keyword)) return [{ path, change: `${keyword} reworded`, compatible: true }]
  if (keyword === 'properties') return propertyChanges(before, after, path)
  if (keyword === 'required') return requiredChanges(before, after, path)
  if (keyword === '$defs') return definitionChanges(old, now, path)
  if (Object.hasOwn(INNER, keyword) && isSchema(old) && isSchema(now)) {
    return schemaChanges(old, now, path + INNER[keyword])
  }
  if (ALTERNATIVES.has(keyword) && isList(old) && isList(now) && old.length === now.length) {
    return old.flatMap((one, i) => schemaChanges(one, now[i], `${path}(${keyword} ${i + 1})`))
  }
  // The order of a list of names says nothing.
  if (keyword === 'enum' || keyword === 'type')
    return sameNames(old, now) ? [] : [breaking(path, listed(keyword, old, now))]
  return [breaking(path, became(keyword, old, now))]
}

function propertyChanges(before: Schema, after: Schema, path: string): SchemaChange[] {
  const old = propertiesOf(before)
  const now = propertiesOf(after)
  const required = new Set(requiredOf(after))
  const names = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...names].flatMap((name) => {
    const place = `${path}.${name}`
    if (!Object.hasOwn(now, name)) return [breaking(place, 'removed')]
    if (Object.hasOwn(old, name)) return schemaChanges(old[name], now[name], place)
    if (required.has(name)) return [breaking(place, 'added, and required')]
    return [{ path: place, change: 'added, optional', compatible: true }]
  })
}

/** Of properties that came or went it is said already that they did. */
function requiredChanges(before: Schema, after: Schema, path: string): SchemaChange[] {
  const [old, now] = [requiredOf(before), requiredOf(after)]
  const [known, current] = [propertiesOf(before), propertiesOf(after)]
  const told = (name: string) => Object.hasOwn(known, name) !== Object.hasOwn(current, name)
  const gained = now.filter((name) => !old.includes(name) && !told(name))
  const lost = old.filter((name) => !now.includes(name) && !told(name))
  return [
    ...gained.map((name) => breaking(`${path}.${name}`, 'required now')),
    ...lost.map((name) => breaking(`${path}.${name}`, 'not required any more')),
  ]
}

/** What refers to a definition is judged where it stands; here only that a known one still means the same. */
function definitionChanges(old: unknown, now: unknown, path: string): SchemaChange[] {
  const [known, current] = [isSchema(old) ? old : {}, isSchema(now) ? now : {}]
  return [...new Set([...Object.keys(known), ...Object.keys(current)])].flatMap((name) => {
    const place = `${path}($defs ${name})`
    if (!Object.hasOwn(current, name)) return [breaking(place, 'removed')]
    if (!Object.hasOwn(known, name)) return [{ path: place, change: 'added', compatible: true }]
    return schemaChanges(known[name], current[name], place)
  })
}

function listed(keyword: string, old: unknown, now: unknown): string {
  if (!isList(old) || !isList(now)) return became(keyword, old, now)
  const gained = now.filter((one) => !old.includes(one))
  const lost = old.filter((one) => !now.includes(one))
  const told = [
    ...gained.map((one) => `gained ${JSON.stringify(one)}`),
    ...lost.map((one) => `lost ${JSON.stringify(one)}`),
  ]
  return `${keyword} ${told.join(', ')}`
}

function became(keyword: string, old: unknown, now: unknown): string {
  if (old === undefined) return `${keyword} ${JSON.stringify(now)} added`
  if (now === undefined) return `${keyword} ${JSON.stringify(old)} removed`
  return `${keyword} ${JSON.stringify(old)} became ${JSON.stringify(now)}`
}

function breaking(path: string, change: string): SchemaChange {
  return { path, change, compatible: false }
}

function sameNames(old: unknown, now: unknown): boolean {
  return isList(old) && isList(now) && old.length === now.length && old.every((one) => now.includes(one))
}

function propertiesOf({ properties }: Schema): Schema {
  return isSchema(properties) ? properties : {}
}

function requiredOf({ required }: Schema): readonly string[] {
  return isList(required) ? (required as string[]) : []
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
