/** What a number counts: only like is compared with like. */
export type QuantityUnit = 'money' | 'percent' | 'basisPoints' | 'count' | 'year'

/**
 * A piece of a headline. `text` is what it is known by: a word in lower case without its `'s`, a mark as it stands, or, where only the
 * kind matters, a word for the kind in angle brackets (`<money>`, `<percent>`, `<name>`).
 */
export interface Token {
  readonly kind: 'word' | 'quantity' | 'name' | 'mark'
  readonly text: string
  readonly unit?: QuantityUnit
  /** Of a quantity: its size with its scale (mn, crore, %), signed only when a sign stands before it. */
  readonly value?: number
}

/** Text beyond this is not read: a headline is shorter, and what is not one must not cost more. */
export const LONGEST_TEXT = 1_000

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  lakh: 1e5,
  m: 1e6,
  mn: 1e6,
  mln: 1e6,
  million: 1e6,
  cr: 1e7,
  crore: 1e7,
  b: 1e9,
  bn: 1e9,
  bln: 1e9,
  billion: 1e9,
  t: 1e12,
  tn: 1e12,
  trillion: 1e12,
}

const CODES = 'usd|eur|gbp|inr|sek|nok|dkk|chf|cad|aud|jpy|cny|rmb'
const SCALE = 'thousand|millions?|billions?|trillions?|crores?|lakhs?|mln|bln|mn|bn|tn|cr|k|m|b|t'
const NUMBER = [
  String.raw`(?<sign>(?<![\p{L}\p{N})])[+-])?`,
  String.raw`(?<before>(?:us|c|a|hk|s|nz|r)?[$€£¥₹] ?|\b(?:rs|re|${CODES})\b\.? ?)?`,
  String.raw`(?<digits>\d+(?:,\d{2,3})*(?:\.\d+)?|(?<!\d)\.\d+)`,
  String.raw`(?:(?<percent> ?(?:%|(?:per ?cent|pct|pc|percentage)(?!\p{L})))`,
  String.raw`|(?<points>[ -]?(?:bps?|basis points?)(?!\p{L}))`,
  String.raw`|(?<ordinal>(?:st|nd|rd|th)(?!\p{L}))`,
  String.raw`|(?<scale>[ -]?(?:${SCALE})(?![\p{L}\p{N}]))?(?<second>[ -]?(?:crores?|cr)(?![\p{L}\p{N}]))?`,
  String.raw`(?<after>[ -]?(?:euros?|dollars?|rupees?|pounds?|yen|yuan|paise|cents?|kronor|${CODES})(?!\p{L}))?)`,
].join('')

const PIECE = new RegExp(
  [
    String.raw`(?<url>https?://\S+)`,
    String.raw`(?<cashtag>\$[a-z][a-z.]{0,6}(?![\p{L}\p{N}]))`,
    String.raw`(?<handle>@\w+)`,
    NUMBER,
    String.raw`(?<initials>(?:(?<!\p{L})\p{L}\.){2,}\p{L}?)`,
    String.raw`(?<word>\p{L}[\p{L}\p{N}]*(?:[&'][\p{L}\p{N}]+)*)`,
    String.raw`(?<mark>[?!:;,()"|…]|\.{2,}|\.(?=\s|$))`,
  ].join('|'),
  'gu',
)

const LISTING = /\((?:[A-Za-z]+ ?: ?)?[A-Z][A-Z0-9.]{0,6}\)/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

/**
 * A headline as words, quantities, names and marks, in order. The same text gives the same tokens on every machine: upper and lower
 * case, accents, kinds of quotes and dashes make no difference, except that tickers are known by their capitals, as in (NYSE: KO).
 * Links are left out. Empty for a text without letters, digits or marks.
 */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  for (const { groups } of plain(text).matchAll(PIECE)) if (groups !== undefined) read(groups, tokens)
  return tokens
}

function plain(text: string): string {
  let plainText = text.slice(0, LONGEST_TEXT)
  if (/[^\x20-\x7e]/.test(plainText)) {
    plainText = plainText
      .replace(/[\u2018\u2019\u02bc`]/g, "'")
      .replace(/[\u201c\u201d]/g, '"')
      .replace(/[\u2010-\u2015\u2212]/g, '-')
      .replace(/\u2026/g, '...')
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/\s/g, ' ')
  }
  if (plainText.includes('&')) plainText = plainText.replace(/&(?:amp|lt|gt|quot|#39);/g, (code) => ENTITIES[code])
  if (plainText.includes('(')) plainText = plainText.replace(LISTING, ' $$LISTED ')
  return plainText.toLowerCase()
}

type Groups = Readonly<Record<string, string | undefined>>

function read(groups: Groups, tokens: Token[]): void {
  if (groups.word !== undefined) readWord(groups.word, tokens)
  else if (groups.digits !== undefined) tokens.push(quantity(groups.digits, groups))
  else if (groups.mark !== undefined)
    tokens.push({ kind: 'mark', text: groups.mark.startsWith('..') ? '…' : groups.mark })
  else if (groups.cashtag !== undefined || groups.handle !== undefined) tokens.push({ kind: 'name', text: '<name>' })
  else if (groups.initials !== undefined) readWord(groups.initials.replaceAll('.', ''), tokens)
}

function readWord(found: string, tokens: Token[]): void {
  if (found.endsWith("n't")) {
    tokens.push({ kind: 'word', text: found.slice(0, -3) }, { kind: 'word', text: 'not' })
    return
  }
  const word = found.replace(/'s$/, '')
  if (/^q[1-4]$/.test(word)) tokens.push({ kind: 'name', text: '<quarter>' })
  else if (/^(?:fy|h[12])\d*$/.test(word)) tokens.push({ kind: 'name', text: '<period>' })
  else if (word === 'cannot') tokens.push({ kind: 'word', text: 'can' }, { kind: 'word', text: 'not' })
  else tokens.push({ kind: 'word', text: word.replaceAll("'", '') })
}

function quantity(digits: string, { sign, before, percent, points, ordinal, scale, second, after }: Groups): Token {
  const size = Number(digits.replaceAll(',', '')) * scaleOf(scale) * scaleOf(second)
  const value = sign === '-' ? -size : size
  const direction = sign === undefined ? '' : sign
  if (ordinal !== undefined) return { kind: 'quantity', text: '<ordinal>' }
  if (percent !== undefined) return { kind: 'quantity', text: `<${direction}percent>`, unit: 'percent', value }
  if (points !== undefined) return { kind: 'quantity', text: `<${direction}points>`, unit: 'basisPoints', value }
  const isMoney = before !== undefined || after !== undefined || /crore|cr|lakh/.test(`${scale}${second}`)
  if (isMoney) return { kind: 'quantity', text: `<${direction}money>`, unit: 'money', value }
  if (/^(?:19[89]\d|20[0-4]\d)$/.test(digits) && scale === undefined) {
    return { kind: 'quantity', text: '<year>', unit: 'year', value }
  }
  return { kind: 'quantity', text: `<${direction}number>`, unit: 'count', value }
}

function scaleOf(found: string | undefined): number {
  if (found === undefined) return 1
  const word = found.replace(/^[ -]/, '')
  return SCALES[word] ?? SCALES[word.replace(/s$/, '')]
}
