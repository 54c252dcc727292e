const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

/**
 * Bytes of a size as the official template takes it: `2mb`, `100kb`, `1.5 MB` or plain bytes, a kilobyte of 1024. Undefined for anything else.
 */
export function byteSize(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) *(b|kb|mb|gb|)$/.exec(text.trim().toLowerCase()) ?? []
  return amount === undefined ? undefined : Math.floor(Number(amount) * UNIT_BYTES[unit])
}
