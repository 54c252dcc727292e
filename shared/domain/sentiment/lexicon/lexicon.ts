import { DOWNWARD, FORWARD, UPWARD } from './directions.ts'
import { BAD, EXPECTATIONS, GOOD, HEDGES, NEGATIONS, ROUTINE } from './judgements.ts'
import { BAD_TO_RISE, GOOD_TO_RISE } from './measures.ts'
import { PHRASES } from './phrases.ts'

/** What the project's finance lexicon knows of a word. A word may be several things: a rally is a way up and good news. */
export interface Meaning {
  /** Goes up (1) or down (−1). */
  readonly direction: Sign
  /** Stands before what it moves. */
  readonly forward: boolean
  /** Good (1) or bad (−1) when it goes up. */
  readonly measure: Sign
  /** Good (1) or bad (−1) news by itself. */
  readonly judgement: Sign
  /** May go up or down and says nothing by it: a shareholder's votes. */
  readonly indifferent: boolean
  readonly role: 'negation' | 'hedge' | 'expectation' | 'routine' | undefined
  /** The word's kind in one letter, for patterns of kinds. */
  readonly kind: string
}

export type Sign = -1 | 0 | 1

/** Longest phrase of the lexicon, in words. */
export const LONGEST_PHRASE = 4

/** The meaning of a word, or of words of a phrase divided by single spaces; undefined for what the lexicon does not have. */
export function meaningOf(words: string): Meaning | undefined {
  return LEXICON.get(words)
}

/** Whether a phrase begins with these words, so that more of them are worth looking at. */
export function beginsPhrase(word: string): boolean {
  return PHRASE_STARTS.has(word)
}

const LEXICON: ReadonlyMap<string, Meaning> = buildLexicon()
const PHRASE_STARTS: ReadonlySet<string> = new Set(
  [...LEXICON.keys()].filter((key) => key.includes(' ')).map((key) => key.slice(0, key.indexOf(' '))),
)

function buildLexicon(): Map<string, Meaning> {
  const up = new Set(UPWARD)
  const down = new Set(DOWNWARD)
  const good = new Set(GOOD)
  const bad = new Set(BAD)
  const goodToRise = new Set(GOOD_TO_RISE)
  const badToRise = new Set(BAD_TO_RISE)
  const roles = new Map<string, Meaning['role']>()
  for (const [role, words] of [
    ['routine', ROUTINE],
    ['expectation', EXPECTATIONS],
    ['hedge', HEDGES],
    ['negation', NEGATIONS],
  ] as const) {
    for (const word of words) roles.set(word, role)
  }

  const lexicon = new Map<string, Meaning>()
  for (const word of [...up, ...down, ...good, ...bad, ...goodToRise, ...badToRise, ...roles.keys()]) {
    const direction = signOf(up.has(word), down.has(word))
    const measure = signOf(goodToRise.has(word), badToRise.has(word))
    const judgement = signOf(good.has(word), bad.has(word))
    const role = roles.get(word)
    lexicon.set(word, {
      direction,
      measure,
      judgement,
      indifferent: false,
      role,
      forward: FORWARD.has(word),
      kind: kindOf(direction, measure, judgement, role),
    })
  }
  for (const [kind, phrases] of Object.entries(PHRASES)) {
    for (const phrase of phrases.split(/[|\n]/))
      if (phrase.trim() !== '') lexicon.set(phrase.trim(), phraseMeaning(kind))
  }
  return lexicon
}

function phraseMeaning(name: string): Meaning {
  const measure = signOf(name === 'assets', name === 'burdens' || name === 'losses')
  const judgement = signOf(name === 'good', name === 'bad' || name === 'losses')
  const role = name === 'neutral' ? 'routine' : undefined
  const indifferent = name === 'indifferent'
  const kind = phraseKind(name) ?? kindOf(0, measure, judgement, role)
  return { direction: 0, measure, judgement, indifferent, role, forward: false, kind }
}

function phraseKind(name: string): string | undefined {
  if (name === 'none') return '·'
  return name === 'indifferent' ? 'i' : undefined
}

function signOf(plus: boolean, minus: boolean): Sign {
  if (plus === minus) return 0
  return plus ? 1 : -1
}

function kindOf(direction: Sign, measure: Sign, judgement: Sign, role: Meaning['role']): string {
  if (role === 'negation') return 'n'
  if (direction !== 0) return direction > 0 ? 'u' : 'd'
  if (measure !== 0) return measure > 0 ? 'm' : 'l'
  if (judgement !== 0) return judgement > 0 ? 'g' : 'b'
  return role === 'hedge' ? 'h' : role === 'expectation' ? 'e' : 'r'
}
