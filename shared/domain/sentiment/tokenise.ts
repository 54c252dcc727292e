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
  /** Of a quantity: what `mn`, `crore` and the like multiply it by; absent without one. */
  readonly scale?: number
  /** Of money: which, where it says so. */
  readonly currency?: string
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

const CODES = 'usd|eur|gbp|inr|sek|nok|dkk|chf|cad|aud|jpy|cny|rmb|rub|pln|czk|huf|eek|lvl|ltl|isk|brl|krw|sgd|hkd|zar'
const SCALE = 'thousand|millions?|billions?|trillions?|crores?|lakhs?|mln|bln|mn|bn|tn|cr|k|m|b|t'
const NUMBER = [
  String.raw`(?<sign>(?<![\p{L}\p{N})])[+-])?`,
  String.raw`(?:(?<before>(?:us|c|a|hk|s|nz|r)?[$€£¥₹] ?|\b(?:rs|re|${CODES})(?:\. ?| ?)(?=-?\.?\d))(?<minus>-)?)?`,
  String.raw`(?<digits>\d+(?:,\d{2,3})*(?:\.\d+)?|(?<!\d)\.\d+)`,
  String.raw`(?:(?<percent> ?(?:%|(?:per ?cent|pct|pc|percentage)(?!\p{L})))`,
  String.raw`|(?<points>[ -]?(?:bps?|basis points?)(?!\p{L}))`,
  String.raw`|(?<ordinal>(?:st|nd|rd|th)(?!\p{L}))`,
  String.raw`|(?<scale>[ -]?(?:${SCALE})(?![\p{L}\p{N}]))?(?<second>[ -]?(?:crores?|cr)(?![\p{L}\p{N}]))?`,
  String.raw`(?<after>[ -]?(?:euros?|dollars?|rupees?|pounds?|yen|yuan|paise|cents?|kronor|${CODES})(?!\p{L}))?)`,
].join('')

/** Signs and names by the code they mean here; codes stand for themselves. */
const CURRENCIES: Readonly<Record<string, string>> = {
  $: 'usd',
  us$: 'usd',
  dollar: 'usd',
  '€': 'eur',
  euro: 'eur',
  '£': 'gbp',
  pound: 'gbp',
  '₹': 'inr',
  r: 'inr',
  re: 'inr',
  rupee: 'inr',
  paise: 'inr',
  '¥': 'jpy',
  yen: 'jpy',
  yuan: 'cny',
  rmb: 'cny',
}

/** 24.3.2020, 24.3.-30.6., 2020-03-24, 3/24/2020, 9 am, 9:30 a.m. */
const DAY = String.raw`(?:0?[1-9]|[12]\d|3[01])`
const DATE = [
  String.raw`${DAY}\.(?:0?[1-9]|1[0-2])\.(?:\d{4}|(?= ?-))`,
  String.raw`\d{4}-\d{2}-\d{2}`,
  String.raw`\d{1,2}/\d{1,2}/\d{4}`,
  String.raw`\d{1,2}(?:[:.]\d{2})? ?(?:[ap]m|[ap]\.m\.)(?!\p{L})`,
].join('|')
const MONTH =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/

const PIECE = new RegExp(
  [
    String.raw`(?<url>https?://\S+)`,
    String.raw`(?<cashtag>\$[a-z][a-z.]{0,6}(?![\p{L}\p{N}]))`,
    String.raw`(?<handle>@\w+)`,
    String.raw`(?<date>(?<![\p{L}\p{N}])-?(?:${DATE})(?!\d))`,
    NUMBER,
    String.raw`(?<initials>(?:(?<!\p{L})\p{L}\.){2,}\p{L}?)`,
    String.raw`(?<word>\p{L}[\p{L}\p{N}]*(?:[&'][\p{L}\p{N}]+)*)`,
    String.raw`(?<mark>[?!:;,()"|…]|\.{2,}|\.(?=\s|$))`,
  ].join('|'),
  'gu',
)

/** Spaces of texts that were taken apart before: "Example 's", "EUR13 .1 mn", "1 ,200". */
const TAKEN_APART = /(?<=\d) (?=\.\d)|(?<=\d) (?=,\d{3}(?!\d))|(?<=\p{L}) (?=(?:'s|n't)(?!\p{L}))/giu
const LISTING = /\( ?(?:[A-Za-z]+ ?: ?)?[A-Z][A-Z0-9.]{0,6} ?\)/g
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
  markDays(tokens)
  return tokens
}

/** A number beside the name of a month is a day: "from 1 May" measures nothing. */
function markDays(tokens: Token[]): void {
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at].kind !== 'word' || !MONTH.test(tokens[at].text)) continue
    for (const beside of [at - 1, at + 1]) if (isDay(tokens[beside])) tokens[beside] = DATE_TOKEN
  }
}

function isDay(token: Token | undefined): boolean {
  if (token?.text === '<ordinal>') return true
  const { text, value = 0, scale } = token ?? {}
  return text === '<number>' && scale === undefined && Number.isInteger(value) && value >= 1 && value <= 31
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
  if (/ [.,'n]/.test(plainText)) plainText = plainText.replace(TAKEN_APART, '')
  if (plainText.includes('&')) plainText = plainText.replace(/&(?:amp|lt|gt|quot|#39);/g, (code) => ENTITIES[code])
  if (plainText.includes('(')) plainText = plainText.replace(LISTING, ' $$LISTED ')
  return plainText.toLowerCase()
}

const DATE_TOKEN: Token = { kind: 'quantity', text: '<date>' }

type Groups = Readonly<Record<string, string | undefined>>

function read(groups: Groups, tokens: Token[]): void {
  if (groups.word !== undefined) readWord(groups.word, tokens)
  else if (groups.date !== undefined) tokens.push(DATE_TOKEN)
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

function quantity(digits: string, groups: Groups): Token {
  const { sign, before, minus, percent, points, ordinal, scale: first, second, after } = groups
  const scale = first === undefined && second === undefined ? undefined : scaleOf(first) * scaleOf(second)
  const size = Number(digits.replaceAll(',', '')) * (scale ?? 1)
  const direction = sign ?? minus ?? ''
  const value = direction === '-' ? -size : size
  if (ordinal !== undefined) return { kind: 'quantity', text: '<ordinal>' }
  if (percent !== undefined) return { kind: 'quantity', text: `<${direction}percent>`, unit: 'percent', value }
  if (points !== undefined) return { kind: 'quantity', text: `<${direction}points>`, unit: 'basisPoints', value }
  const isMoney = before !== undefined || after !== undefined || /crore|cr|lakh/.test(`${first}${second}`)
  if (isMoney) {
    const currency = currencyOf(before ?? after)
    return { kind: 'quantity', text: `<${direction}money>`, unit: 'money', value, scale, currency }
  }
  if (/^(?:19[89]\d|20[0-4]\d)$/.test(digits) && scale === undefined) {
    return { kind: 'quantity', text: '<year>', unit: 'year', value }
  }
  return { kind: 'quantity', text: `<${direction}number>`, unit: 'count', value, scale }
}

/** The same for whatever means the same; undefined for cents and kronor, of which there are several. */
function currencyOf(found: string | undefined): string | undefined {
  const word = found?.replace(/[ .-]/g, '').replace(/s$/, '')
  return word === undefined || word === 'cent' || word === 'kronor' ? undefined : (CURRENCIES[word] ?? word)
}

function scaleOf(found: string | undefined): number {
  if (found === undefined) return 1
  const word = found.replace(/^[ -]/, '')
  return SCALES[word] ?? SCALES[word.replace(/s$/, '')]
}
