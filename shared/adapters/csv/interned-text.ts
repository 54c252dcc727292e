import { bareCellEnd, cellText } from './cell-index.ts'

const QUOTE = 34
const LONGEST = 32
const MOST_WORDS = 1 << 15
const SLOTS = 1 << 16

/**
 * Reads cells as strings, one string for all equal cells: a column of symbols or dates repeats few words many times. Long cells and
 * those beyond the first 32,768 different ones are made anew each time.
 */
export function internedText(bytes: Buffer, starts: Uint32Array): (row: number) => string {
  const slots = new Int32Array(SLOTS) // position in the words, plus one
  const words: string[] = []
  const offsets: number[] = []
  let previous = -1 // the word of the cell read last

  const matches = (word: number, start: number, end: number) => {
    const offset = offsets[word]
    if (words[word].length !== end - start) return false
    for (let at = 0; at < end - start; at++) if (bytes[offset + at] !== bytes[start + at]) return false
    return true
  }

  return (row) => {
    const cell = starts[row]
    if (cell === undefined) throw new RangeError(`Row ${row} of ${starts.length}`)
    const quoted = bytes[cell] === QUOTE
    const start = quoted ? cell + 1 : cell
    const end = quoted ? bytes.indexOf(QUOTE, start) : bareCellEnd(bytes, cell)
    if (end === start && bytes[end + 1] !== QUOTE) return ''
    if (end - start > LONGEST || (quoted && bytes[end + 1] === QUOTE)) return cellText(bytes, cell)
    if (previous >= 0 && matches(previous, start, end)) return words[previous]

    let hash = 0x811c9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
    let slot = (hash ^ (hash >>> 16)) & (SLOTS - 1)
    while (slots[slot] !== 0) {
      const word = slots[slot] - 1
      if (matches(word, start, end)) {
        previous = word
        return words[word]
      }
      slot = (slot + 1) & (SLOTS - 1)
    }
    const text = bytes.toString('utf8', start, end)
    // A word of several bytes a character would not be found again by its length.
    if (words.length < MOST_WORDS && text.length === end - start) {
      slots[slot] = words.push(text)
      offsets.push(start)
      previous = words.length - 1
    }
    return text
  }
}
