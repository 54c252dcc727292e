import { AGAINST, comparisonsIn } from './comparison.ts'
import { beginsPhrase, LONGEST_PHRASE, type Meaning, meaningOf } from './lexicon/lexicon.ts'
import type { Token } from './tokenise.ts'

/** One piece of news a headline tells, as the lexicon understands it. */
export interface Tiding {
  /** Something went up or down, a word judges, or two figures are compared. */
  readonly by: 'movement' | 'judgement' | 'comparison'
  readonly sign: -1 | 1
  /** 1, or less behind a negation or in a subordinate clause. */
  readonly weight: number
  readonly position: number
}

/** A headline as the lexicon reads it. */
export interface Reading {
  /** In the order of the text. */
  readonly tidings: readonly Tiding[]
  /** The kinds of what is known, a letter or token each, and `·` for every run of other words. */
  readonly kinds: readonly string[]
  /** What words say that mean the opposite of what they mean alone ("costs fell", "not weak"), by position. */
  readonly turned: ReadonlyMap<number, -1 | 1>
  readonly hedged: boolean
  readonly asks: boolean
  readonly routine: number
}

interface Item {
  readonly meaning: Meaning | undefined
  readonly token: Token
  readonly clause: number
  readonly position: number
  /** Behind "despite", "amid" and the like: background, not the news. */
  readonly background: boolean
}

const CLAUSE_MARKS = new Set(['?', '!', ':', ';', '(', ')', '|', '…', '.'])
const CLAUSE_WORDS = new Set(['but', 'while', 'although', 'though', 'however', 'whereas', 'yet'])
const BACKGROUND_WORDS = new Set([
  'despite',
  'amid',
  'amidst',
  'after',
  'as',
  'although',
  'though',
  'following',
  'because',
  'since',
])
const KEPT_WORDS = new Set(
  'to from in of by on at for with as after amid despite than into over but and on due because'.split(' '),
)
const BACK = 7
const AHEAD = 4
const COMPARED_WITHIN = 12
const NEGATED_WITHIN = 4
const PAST_WITHIN = 4
const RESULTS = /^(?:profit|loss|losses|deficit|surplus)$/

/**
 * Reads tokens by the lexicon: which way things go and whether that is good ("costs fell" is), what is judged, what is turned round by
 * a negation, what a figure was before. Pure rules; how much each tiding counts is for a model to learn.
 */
export function readTokens(tokens: readonly Token[]): Reading {
  const items = itemsOf(tokens)
  const used = new Set<number>()
  const turned = new Map<number, -1 | 1>()
  const told = [...movements(items, used, turned), ...judgements(items, used, turned)]
  const tidings = [...told, ...comparisons(tokens, items, told)].sort((a, b) => a.position - b.position)
  return {
    tidings,
    turned,
    kinds: kindsOf(items, told),
    hedged: items.some(({ meaning }) => meaning?.role === 'hedge'),
    asks: tokens.some(({ text }) => text === '?'),
    routine: items.filter(({ meaning }) => meaning?.role === 'routine').length,
  }
}

function itemsOf(tokens: readonly Token[]): Item[] {
  const items: Item[] = []
  let clause = 0
  let background = false
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]
    if (token.kind === 'mark') {
      if (CLAUSE_MARKS.has(token.text)) clause++
      if (CLAUSE_MARKS.has(token.text) || token.text === ',') background = false
      items.push({ token, meaning: undefined, clause, position: at++, background })
      continue
    }
    const { words, meaning } = meaningAt(tokens, at)
    // "After tax" begins no clause.
    if (words === 1 && CLAUSE_WORDS.has(token.text)) {
      clause++
      background = false
    }
    if (words === 1 && BACKGROUND_WORDS.has(token.text)) {
      clause++
      background = true
    }
    items.push({ token, meaning, clause, position: at, background })
    at += words
  }
  return items
}

function meaningAt(tokens: readonly Token[], at: number): { words: number; meaning: Meaning | undefined } {
  const first = tokens[at].text
  if (beginsPhrase(first)) {
    const candidates: string[] = [first]
    for (let n = 1; n < LONGEST_PHRASE && tokens[at + n]?.kind === 'word'; n++) {
      candidates.push(`${candidates[n - 1]} ${tokens[at + n].text}`)
    }
    for (let n = candidates.length; n > 1; n--) {
      const meaning = meaningOf(candidates[n - 1])
      if (meaning !== undefined) return { words: n, meaning }
    }
  }
  return { words: 1, meaning: meaningOf(first) }
}

function* movements(items: readonly Item[], used: Set<number>, turned: Map<number, -1 | 1>): Iterable<Tiding> {
  for (let at = 0; at < items.length; at++) {
    const { meaning, token, position } = items[at]
    const signed = token.kind === 'quantity' && /^<[+-]/.test(token.text)
    const direction = signed ? (token.text[1] === '+' ? 1 : -1) : (meaning?.direction ?? 0)
    if (direction === 0) continue
    // "Over 300 people": more than.
    if (token.text === 'over' && items[at + 1]?.token.kind === 'quantity') continue
    const target = measureNear(items, at, meaning?.forward ?? false)
    if (items[target]?.meaning?.indifferent) continue
    if (target >= 0) used.add(target)
    used.add(at)
    // "Shares fall", but also "falls": without a measure it is most often a price.
    const measure = target < 0 ? 1 : (items[target].meaning?.measure ?? 1)
    const { sign, weight } = inContext(items, at, direction * measure)
    if (sign !== direction) turned.set(position, sign)
    yield { by: 'movement', sign, weight, position }
  }
}

function measureNear(items: readonly Item[], at: number, forward: boolean): number {
  const linked = ['in', 'of', 'for'].includes(items[at + 1]?.token.text)
  const ahead = () => nearest(items, at, 1, AHEAD)
  const behind = () => nearest(items, at, -1, BACK)
  if (forward || linked) {
    const found = ahead()
    return found >= 0 ? found : behind()
  }
  const found = behind()
  return found >= 0 ? found : ahead()
}

function nearest(items: readonly Item[], at: number, step: 1 | -1, furthest: number): number {
  for (let far = 1; far <= furthest; far++) {
    const item = items[at + far * step]
    if (item === undefined || item.clause !== items[at].clause) return -1
    if (item.meaning?.measure || item.meaning?.indifferent) return at + far * step
    if (item.token.text === ',' && far > 1) return -1
  }
  return -1
}

function* judgements(items: readonly Item[], used: ReadonlySet<number>, turned: Map<number, -1 | 1>): Iterable<Tiding> {
  for (let at = 0; at < items.length; at++) {
    const { meaning, position } = items[at]
    const judgement = meaning?.judgement ?? 0
    // What went up or down has been told: a loss that narrows is no bad news.
    if (judgement === 0 || used.has(at)) continue
    const { sign, weight } = inContext(items, at, isPast(items, at) ? -judgement : judgement)
    if (sign !== judgement) turned.set(position, sign)
    yield { by: 'judgement', sign, weight, position }
  }
}

/** "Compared to a loss of", "EUR 2 mn (loss of EUR 1 mn)": what was, so its end is news. */
function isPast(items: readonly Item[], at: number): boolean {
  if (items[at + 1]?.token.text !== 'of' || !isResult(items[at])) return false
  if (items[at - 1]?.token.text === '(' && items[at - 2]?.token.kind === 'quantity') return true
  return items.slice(Math.max(0, at - PAST_WITHIN), at).some(({ token }) => AGAINST.has(token.text))
}

function isResult({ token, meaning }: Item): boolean {
  return RESULTS.test(token.text) || (meaning?.measure === -1 && meaning.judgement === -1)
}

/** Comparisons of figures, but where words have told the same figures' news: "improved to 91 % from 97 %" needs no second judge. */
function comparisons(tokens: readonly Token[], items: readonly Item[], told: readonly Tiding[]): Tiding[] {
  return comparisonsIn(tokens).flatMap(({ change, position }) => {
    if (change === 0) return []
    const at = items.findIndex((item) => item.position >= position)
    const target = nearest(items, at < 0 ? items.length - 1 : at, -1, COMPARED_WITHIN)
    const item = target < 0 ? undefined : items[target]
    // Losses were counted as negative figures already.
    const measure = item === undefined || isResult(item) ? 1 : (item.meaning?.measure ?? 1)
    const sign = change * measure > 0 ? 1 : -1
    const clause = items[at]?.clause
    const before = told.filter(
      (t) => t.position < position && items.some((i) => i.position === t.position && i.clause === clause),
    )
    const last = before.at(-1)
    if (last !== undefined && last.sign !== sign) return []
    return [{ by: 'comparison', sign, weight: 1, position } as const]
  })
}

/** A tiding's sign where it stands: a negation before it turns it round and halves it, background halves it. */
function inContext(items: readonly Item[], at: number, sign: number): { sign: -1 | 1; weight: number } {
  let negated = false
  for (let back = 1; back <= NEGATED_WITHIN; back++) {
    const item = items[at - back]
    if (item === undefined || item.clause !== items[at].clause) break
    if (item.meaning?.role === 'negation') negated = !negated
  }
  const weight = (negated ? 0.5 : 1) * (items[at].background ? 0.5 : 1)
  return { sign: sign > 0 !== negated ? 1 : -1, weight }
}

/** Words that moved or judged carry the sign they have here: "costs fell" is not the same as "profits fell". */
function kindsOf(items: readonly Item[], told: readonly Tiding[]): string[] {
  const signs = new Map(told.map(({ position, sign }) => [position, sign > 0 ? '+' : '-']))
  const kinds: string[] = []
  for (const { meaning, token, position } of items) {
    const kind = meaning?.kind ?? (token.kind !== 'word' || KEPT_WORDS.has(token.text) ? token.text : '·')
    if (kind !== '·' || kinds.at(-1) !== '·') kinds.push(kind + (signs.get(position) ?? ''))
  }
  return kinds
}
