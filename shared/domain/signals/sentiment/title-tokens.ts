/** Agencies and papers whose headlines go round under the names of others. */
const WIRES = new Set([
  ...['reuters', 'bloomberg', 'associated press', 'ap', 'ap news', 'dow jones', 'dow jones newswires', 'afp', 'cnbc'],
  ...['business wire', 'businesswire', 'pr newswire', 'prnewswire', 'globenewswire', 'globe newswire', 'accesswire'],
  ...[
    'wall street journal',
    'the wall street journal',
    'wsj',
    'financial times',
    'ft',
    'barrons',
    "barron's",
    'forbes',
  ],
  ...[
    'marketwatch',
    'yahoo finance',
    'seeking alpha',
    'motley fool',
    'the motley fool',
    'benzinga',
    'zacks',
    'tipranks',
  ],
])

/** What a wire puts before a headline that it sends again. */
const WIRE_PREFIX = /^(?:update \d+|brief|refile|corrected|exclusive|breaking)\s*[-:–—]\s*/
/** What stands behind the last dash or bar, or in brackets at the end. */
const ENDINGS = [/^(.+\S)\s+[-–—|]\s+([^-–—|]+)$/, /^(.+\S)\s*\(([^()]+)\)$/]
const WEB_DOMAIN = /^[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|co|io)$/
/** Words and numbers; marks between two of their characters belong to them: `don't`, `1.5`, `u.s`. */
const WORDS = /[\p{L}\p{N}]+(?:[.'][\p{L}\p{N}]+)*/gu
const THOUSANDS = /(?<=\d),(?=\d{3}(?!\d))/g

/**
 * The words and numbers of a headline, in lower case, without punctuation, without what a wire puts before it and without the source that
 * is named behind it (` - Reuters`, `| CNBC`, `(AP)`, a web domain, or the article's own publisher).
 */
export function titleTokens(title: string, publisher = ''): string[] {
  let text = plain(title).replace(WIRE_PREFIX, '')
  for (const ending of ENDINGS) {
    const [, before, source] = ending.exec(text) ?? []
    if (source !== undefined && isSource(source.trim(), plain(publisher))) text = before
  }
  return text.replace(THOUSANDS, '').match(WORDS) ?? []
}

function isSource(name: string, publisher: string): boolean {
  return name === publisher || WIRES.has(name) || WEB_DOMAIN.test(name)
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll('’', "'").toLowerCase().replace(/\s+/g, ' ').trim()
}
