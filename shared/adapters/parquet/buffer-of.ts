import type { AsyncBuffer } from 'hyparquet'

/** Bytes in memory as the Parquet reader wants them. */
export function bufferOf(bytes: Uint8Array): AsyncBuffer {
  const { buffer, byteOffset, byteLength } = bytes
  return {
    byteLength,
    slice: (start, end = byteLength) =>
      buffer.slice(byteOffset + start, byteOffset + Math.min(end, byteLength)) as ArrayBuffer,
  }
}
