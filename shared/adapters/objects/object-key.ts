import { InputError } from '../../ports/errors.ts'

/** S3's limit for a key, and most file systems' limit for one name, both in bytes of UTF-8. */
const KEY_BYTES = 1024
const PART_BYTES = 255

/** A folder store keeps its unfinished writes under this name. */
export const RESERVED_PART = '.tmp'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f\\]|\p{Surrogate}/u
const HALF_CHARACTER = /\p{Surrogate}/u

/**
 * Refuses a key that some store could not keep: `/`-separated parts, none of them empty, `.`, `..` or `.tmp`, without backslash,
 * control character or half a surrogate pair, at most 255 bytes a part and 1,024 in all. Throws `InputError`. Every adapter uses it,
 * so that what works in a folder works in S3.
 */
export function checkObjectKey(key: string): void {
  const fault = faultOf(key)
  if (fault) throw new InputError(`Object key ${JSON.stringify(key)} ${fault}`)
}

/** Whether every store could keep it. */
export function isObjectKey(key: string): boolean {
  return faultOf(key) === undefined
}

/** The name under which a text can be one part of a key: everything but `A-Z a-z 0-9 . _ - ^ = @ + ,` is percent-encoded. */
export function toKeyPart(text: string): string {
  if (text === '') return EMPTY
  if (HALF_CHARACTER.test(text))
    throw new InputError(`${JSON.stringify(text)} holds half a character and cannot name an object`)
  const encoded = encodeURIComponent(text)
    .replace(/[!'()*~]/g, percent)
    .replace(/%(5E|3D|40|2B|2C)/g, decodeURIComponent)
  const dotted = encoded === '.' || encoded === '..' || encoded === RESERVED_PART
  const name = dotted ? encoded.replaceAll('.', '%2E') : encoded
  // A long text goes down in folders; the trailing sign keeps such a folder apart from an object of the same name.
  return name.replace(/.{200}(?=.{56})/gs, '$&%/')
}

/** The text a part was made from, `toKeyPart` undone. */
export function fromKeyPart(part: string): string {
  return part === EMPTY ? '' : decodeURIComponent(part.replaceAll('%/', ''))
}

const EMPTY = '%'

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}

function faultOf(key: string): string | undefined {
  if (key === '') return 'is empty'
  if (FORBIDDEN.test(key)) return 'holds a backslash, a control character or half a character'
  if (Buffer.byteLength(key) > KEY_BYTES) return `is longer than ${KEY_BYTES} bytes`
  for (const part of key.split('/')) {
    if (part === '') return 'has an empty part (expected parts between single slashes, none at the start or end)'
    if (part === '.' || part === '..') return `has the part "${part}", which is a direction and not a name`
    if (part === RESERVED_PART) return `has the part "${RESERVED_PART}", which is reserved`
    if (Buffer.byteLength(part) > PART_BYTES) return `has a part of more than ${PART_BYTES} bytes`
  }
  return undefined
}
