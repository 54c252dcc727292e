import { foldHash, hashText } from './hash.ts'
import { type Reading, readTokens, type Tiding } from './reading.ts'
import { type Token, tokenise } from './tokenise.ts'

/** A headline as a model sees it. */
export interface SentimentFeatures {
  /** Places in the model's table, of all groups one after the other; a place may come twice. */
  readonly ids: Uint32Array
  /** How much each id counts. */
  readonly weights: Float32Array
  /** In the order of `DENSE_FEATURES`. */
  readonly dense: Float32Array
}

/** Changes whenever the same text may give other features: a model only understands those it was trained on. */
export const FEATURE_RECIPE = 'headlines-2'

/** The table of hashed features has 2^16 places: twice and four times as many did no better in cross-validation. */
export const TABLE_BITS = 16

const MOST_WORDS = 3
const SHORTEST_PART = 3
const LONGEST_PART = 5
const FARTHEST_PAIR = 5

/** How much each group of hashed features counts beside the others; each has length 1 before. */
const GROUP_WEIGHTS = { words: 1.3, parts: 1, kinds: 0.7, tidings: 0.5 } as const

/** Dense features count less, so that what is known by rule does not drown what is learned. */
const DENSE_WEIGHT = 0.3

/** What the lexicon's reading says in numbers, by name; each between 0 and 1 or −1 and 1, but for counts of comparisons. */
export const DENSE_FEATURES = [
  'good news',
  'bad news',
  'balance',
  'better figures',
  'worse figures',
  'good movements',
  'bad movements',
  'good judgements',
  'bad judgements',
  'no news',
  'mixed news',
  'good news first',
  'bad news first',
  'question',
  'hedge',
  'routine',
  'length',
  'percent',
] as const

/**
 * The features of a headline, for training and for use alike: hashed word n-grams, parts of words, patterns of the kinds of words that
 * the lexicon knows, and the tidings in their order; and dense ones. Each hashed group is a set, scaled to length 1 and then by
 * its weight. A text without tokens has no ids.
 */
export function sentimentFeatures(text: string): SentimentFeatures {
  const tokens = tokenise(text)
  const reading = readTokens(tokens)
  const groups = [
    { group: wordGroup(tokens, reading), weight: GROUP_WEIGHTS.words },
    { group: partGroup(tokens, reading), weight: GROUP_WEIGHTS.parts },
    { group: kindGroup(reading.kinds), weight: GROUP_WEIGHTS.kinds },
    { group: tidingGroup(reading.tidings), weight: GROUP_WEIGHTS.tidings },
  ]
  const size = groups.reduce((sum, { group }) => sum + group.size, 0)
  const ids = new Uint32Array(size)
  const weights = new Float32Array(size)
  let at = 0
  for (const { group, weight } of groups) {
    weights.fill(weight / Math.sqrt(group.size), at, at + group.size)
    for (const id of group) ids[at++] = id
  }
  return { ids, weights, dense: denseFeatures(reading, tokens) }
}

function wordGroup(tokens: readonly Token[], { turned }: Reading): Set<number> {
  const group = new Set<number>()
  const words: string[] = []
  tokens.forEach(({ kind, text }, at) => {
    const sign = turned.get(at)
    if (sign !== undefined) words.push(sign > 0 ? '<good>' : '<bad>')
    else if (kind !== 'mark' || text === '?' || text === '!' || text === ':') words.push(text)
  })
  for (let first = 0; first < words.length; first++) {
    let hash = hashText('w')
    for (let n = 0; n < MOST_WORDS && first + n < words.length; n++) {
      hash = hashText(words[first + n], hashText(' ', hash))
      group.add(foldHash(hash, TABLE_BITS))
    }
  }
  return group
}

function partGroup(tokens: readonly Token[], { turned }: Reading): Set<number> {
  const group = new Set<number>()
  const empty = hashText('c')
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at]
    if (kind !== 'word' || turned.has(at)) continue
    const word = `<${text}>`
    for (let length = SHORTEST_PART; length <= LONGEST_PART; length++) {
      for (let from = 0; from + length <= word.length; from++) {
        group.add(foldHash(hashText(word.slice(from, from + length), empty), TABLE_BITS))
      }
    }
  }
  return group
}

function kindGroup(kinds: readonly string[]): Set<number> {
  const group = new Set<number>()
  for (let first = 0; first < kinds.length; first++) {
    let hash = hashText('k')
    for (let n = 0; n < MOST_WORDS && first + n < kinds.length; n++) {
      hash = hashText(kinds[first + n], hashText(' ', hash))
      group.add(foldHash(hash, TABLE_BITS))
    }
    if (kinds[first] === '·') continue
    for (let far = 2; far <= FARTHEST_PAIR && first + far < kinds.length; far++) {
      if (kinds[first + far] === '·') continue
      group.add(foldHash(hashText(`s ${kinds[first]} ${kinds[first + far]}`), TABLE_BITS))
    }
  }
  return group
}

function tidingGroup(tidings: readonly Tiding[]): Set<number> {
  const group = new Set<number>()
  const names = tidings.map(({ by, sign, weight }) => `${by[0]}${sign > 0 ? '+' : '-'}${weight < 1 ? '~' : ''}`)
  for (let first = 0; first < names.length; first++) {
    let hash = hashText('t')
    for (let n = 0; n < MOST_WORDS && first + n < names.length; n++) {
      hash = hashText(names[first + n], hashText(' ', hash))
      group.add(foldHash(hash, TABLE_BITS))
    }
  }
  if (names.length > 0)
    group.add(foldHash(hashText(`all ${names.map((name) => name.slice(0, 2)).join(' ')}`), TABLE_BITS))
  return group
}

function denseFeatures(reading: Reading, tokens: readonly Token[]): Float32Array {
  const total = (sign: number, by?: Tiding['by']) =>
    reading.tidings.reduce((sum, t) => sum + (t.sign === sign && (by === undefined || t.by === by) ? t.weight : 0), 0)
  const good = total(1)
  const bad = total(-1)
  const first = reading.tidings[0]?.sign ?? 0
  return Float32Array.from(
    [
      Math.sign(good),
      Math.sign(bad),
      Math.tanh((good - bad) / 1.5),
      total(1, 'comparison'),
      total(-1, 'comparison'),
      Math.tanh(total(1, 'movement')),
      Math.tanh(total(-1, 'movement')),
      Math.tanh(total(1, 'judgement')),
      Math.tanh(total(-1, 'judgement')),
      good + bad === 0 ? 1 : 0,
      Math.sign(good * bad),
      Math.max(0, first),
      Math.max(0, -first),
      reading.asks ? 1 : 0,
      reading.hedged ? 1 : 0,
      Math.tanh(reading.routine / 2),
      Math.tanh(tokens.length / 20),
      tokens.some(({ unit }) => unit === 'percent') ? 1 : 0,
    ],
    (value) => value * DENSE_WEIGHT,
  )
}
