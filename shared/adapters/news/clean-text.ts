/** The names of characters that feeds use; others stay as they are written. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '' },
  ...{ ndash: '–', mdash: '—', hellip: '…', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', middot: '·' },
  ...{ euro: '€', pound: '£', yen: '¥', cent: '¢', reg: '®', copy: '©', trade: '™', deg: '°', frac12: '½', times: '×' },
}
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,7}));/g
const TAG = /<\/?[a-zA-Z!][^<>]*>/g
const MOST_TITLE = 300
const MOST_PUBLISHER = 100

/**
 * A headline as plain text on one line: tags are taken out, entities decoded once (what was escaped twice stays escaped), control and
 * other invisible characters dropped, and no more than 300 characters kept. It remains foreign text: whoever shows it escapes it.
 */
export function cleanTitle(text: string): string {
  return plainText(text, MOST_TITLE)
}

/** As a title, at most 100 characters. */
export function cleanPublisher(text: string): string {
  return plainText(text, MOST_PUBLISHER)
}

function plainText(text: string, most: number): string {
  const decoded = text.replace(TAG, ' ').replace(ENTITY, decode).replace(TAG, ' ')
  const oneLine = decoded.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim()
  if (oneLine.length <= most) return oneLine
  // Not through the middle of a character.
  return oneLine
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()
}

function decode(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return Object.hasOwn(NAMED, name) ? NAMED[name] : entity
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  const character = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return character ? String.fromCodePoint(code) : ''
}

/** The address of an article when it leads to the web and is of a usual length. */
export function webAddress(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 4000 || !URL.canParse(trimmed)) return undefined
  const { protocol, href } = new URL(trimmed)
  return protocol === 'http:' || protocol === 'https:' ? href : undefined
}
