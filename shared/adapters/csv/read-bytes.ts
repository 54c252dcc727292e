import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { InputError } from '../../ports/errors.ts'

const MOST_BYTES = 2 ** 32 - 1 // offsets are 32 bits
const LARGEST_GUESS = 1 << 28

/** How messages call a file: its path, or `standard input` for `-`. */
export function fileLabel(file: string): string {
  return file === '-' ? 'standard input' : file
}

/**
 * The bytes of a file as they are, or of standard input for `-`.
 * @throws InputError when there is no such file, or it is a folder or may not be read.
 */
export async function readInput(file: string): Promise<Buffer> {
  if (file === '-') {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    return Buffer.concat(chunks)
  }
  try {
    return await readFile(file)
  } catch (cause) {
    throw new InputError(`${file} ${unreadable(cause)}`, { cause })
  }
}

/** Unpacks gzip by its magic bytes, whatever the file is called; other bytes come back as they are. */
export async function unpack(bytes: Buffer, file: string): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await promisify(gunzip)(bytes, { chunkSize: sizeHint(bytes) })
  } catch (cause) {
    throw new InputError(`${fileLabel(file)} is not a whole gzip file: ${(cause as Error).message}`, { cause })
  }
}

/**
 * The text of a file as bytes, unpacked, without a byte order mark.
 * @throws InputError when it is empty or not UTF-8, saying what was expected.
 */
export async function textBytes(bytes: Buffer, file: string, expected = 'a CSV with a header'): Promise<Buffer> {
  const unpacked = await unpack(bytes, file)
  const marked = unpacked[0] === 0xef && unpacked[1] === 0xbb && unpacked[2] === 0xbf
  const text = marked ? unpacked.subarray(3) : unpacked
  if (text.length === 0) throw new InputError(`${fileLabel(file)} is empty, expected ${expected}`)
  if (text.length > MOST_BYTES) throw new InputError(`${fileLabel(file)} is larger than 4 GB`)
  if (!isUtf8(text)) throw new InputError(`${fileLabel(file)} is not UTF-8 text, expected ${expected}`)
  return text
}

/** A gzip file ends with its unpacked size (of its last member, mod 2^32): with it, the result is one block and no copy. */
function sizeHint(bytes: Buffer): number {
  const said = bytes.length >= 18 ? bytes.readUInt32LE(bytes.length - 4) : 0
  return Math.min(Math.max(said + 1, 1 << 16), LARGEST_GUESS)
}

function unreadable(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'EISDIR') return 'is a folder, expected a file'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user'
  return `cannot be read: ${message}`
}
