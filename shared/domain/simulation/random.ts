/** A reproducible stream of chance. The same key gives the same stream on every machine, whatever other streams were drawn. */
export interface Random {
  /** In [0, 1), in steps of 2^-32. */
  uniform(): number
  /** Standard normal. */
  normal(): number
}

const TWO_TO_MINUS_32 = 2 ** -32

/**
 * The stream of a key such as `(seed, symbol, purpose)`: xoshiro128** seeded through splitmix-style mixing of the key's text.
 * @see Blackman and Vigna (2021), "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47(4).
 */
export function randomStream(...key: readonly (string | number)[]): Random {
  const text = key.join('\u001f')
  let state = hashText(text, 0x811c9dc5) >>> 0
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0
    return mixBits(state)
  }
  let a = next()
  let b = next()
  // A second hash of the key: with one of 32 bits, some of a market's hundred thousand keys would share a stream.
  let c = mixBits(hashText(text, 0x2c1b3c6d))
  let d = (next() | 1) >>> 0

  const uniform = () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const carry = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= carry
    d = (d << 11) | (d >>> 21)
    return result * TWO_TO_MINUS_32
  }

  let spare = Number.NaN
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    // Marsaglia's polar method: a point in the unit disc gives two normals without a sine.
    let x: number
    let y: number
    let square: number
    do {
      x = 2 * uniform() - 1
      y = 2 * uniform() - 1
      square = x * x + y * y
    } while (square >= 1 || square === 0)
    const scale = Math.sqrt((-2 * Math.log(square)) / square)
    spare = y * scale
    return x * scale
  }

  return { uniform, normal }
}

/** A uniform number in [0, 1) that belongs to a key and a counter, found without drawing those before it. */
export function uniformAt(key: number, counter: number): number {
  const low = counter >>> 0
  const high = Math.floor(counter / 2 ** 32) >>> 0
  return mixBits((mixBits((key ^ low) >>> 0) + Math.imul(high + 1, 0x9e3779b9)) >>> 0) * TWO_TO_MINUS_32
}

/** The 32-bit key of `uniformAt` for a list of words. */
export function streamKey(...words: readonly (string | number)[]): number {
  return mixBits(hashText(words.join('\u001f'), 0x811c9dc5))
}

/** FNV-1a over UTF-16 code units. */
function hashText(text: string, basis: number): number {
  let hash = basis
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A bijective 32-bit finaliser: every input bit moves about half of the output bits. */
function mixBits(word: number): number {
  let mixed = word
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
