const VARINT = 0
const FIXED_64 = 1
const BYTES = 2
const FIXED_32 = 5

/** A message in Protocol Buffers' wire format, field by field, in the order they are added. */
export interface MessageWriter {
  integer(field: number, value: number): MessageWriter
  text(field: number, value: string): MessageWriter
  bytes(field: number, value: Uint8Array): MessageWriter
  message(field: number, value: MessageWriter): MessageWriter
  finish(): Uint8Array
}

/**
 * Writes a message. Integers are whole and not negative.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function writeMessage(): MessageWriter {
  const parts: Uint8Array[] = []
  const writer: MessageWriter = {
    integer(field, value) {
      parts.push(varint(field * 8 + VARINT), varint(value))
      return writer
    },
    text: (field, value) => writer.bytes(field, new TextEncoder().encode(value)),
    bytes(field, value) {
      parts.push(varint(field * 8 + BYTES), varint(value.length), value)
      return writer
    },
    message: (field, value) => writer.bytes(field, value.finish()),
    finish: () => Buffer.concat(parts),
  }
  return writer
}

/** A field as it was found: numbers of varint fields, bytes of all others. */
export interface FieldFound {
  readonly field: number
  readonly value: number | Uint8Array
}

/** Reads the fields of a message in their order. Throws RangeError for bytes that are no message. */
export function* readMessage(bytes: Uint8Array): Iterable<FieldFound> {
  let at = 0
  const next = () => {
    let value = 0
    for (let shift = 0; shift < 56; shift += 7) {
      if (at >= bytes.length) throw new RangeError(`A message ends at byte ${at} within a number`)
      const byte = bytes[at++]
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError(`A number at byte ${at} is longer than 8 bytes`)
  }
  while (at < bytes.length) {
    const key = next()
    const field = Math.floor(key / 8)
    const type = key % 8
    if (type === VARINT) {
      yield { field, value: next() }
      continue
    }
    const length = type === BYTES ? next() : type === FIXED_32 ? 4 : type === FIXED_64 ? 8 : Number.NaN
    if (!(at + length <= bytes.length))
      throw new RangeError(`Field ${field} of type ${type} at byte ${at} does not fit`)
    yield { field, value: bytes.subarray(at, at + length) }
    at += length
  }
}

function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value}, expected a whole number from 0`)
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
