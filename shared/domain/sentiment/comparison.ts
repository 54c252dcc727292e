import type { Token } from './tokenise.ts'

/** Two like quantities that a headline sets side by side: the later one and the one it is measured against. */
export interface Comparison {
  /** The later quantity is larger (1), smaller (−1) or the same (0). Losses count as negative. */
  readonly change: -1 | 0 | 1
  /** Where the first of the two stands among the tokens. */
  readonly position: number
}

/** Words that put what was before behind them. */
export const AGAINST: ReadonlySet<string> = new Set(['from', 'versus', 'vs', 'against', 'compared', 'than', 'over'])
const PROFIT = new Set(['profit', 'profits', 'income', 'surplus', 'earnings'])
const LOSS = new Set(['loss', 'losses', 'deficit'])
const BETWEEN_BRACKETS = new Set([...PROFIT, ...LOSS, 'a', 'of', 'operating', 'net', ':'])
const FURTHEST = 9
/** "Ranges from 400 to 1,000": neither was before the other. */
const RANGES = new Set(['range', 'ranges', 'ranging', 'ranged', 'vary', 'varies', 'varying'])

/**
 * Finds comparisons of quantities of one unit and currency: `to X from Y`, `from Y to X`, `X, compared with Y`, `X vs Y`, `X against Y`,
 * with a few words between, and a figure followed by last year's in brackets: `EUR 21.4 mn (EUR 16.9 mn)`, `EUR 21.4 mn (16.9)`,
 * `EUR 21.4 mn (loss of EUR 1.2 mn)`. The same amount in another currency, in brackets, is passed over.
 * "A profit of 2 mn compared to a loss of 3 mn" rises.
 */
export function comparisonsIn(tokens: readonly Token[]): Comparison[] {
  const found: Comparison[] = []
  let first = -1
  for (let at = 0; at < tokens.length; at++) {
    if (!isMeasured(tokens[at])) continue
    if (first >= 0 && at - first <= FURTHEST) {
      const inBrackets = isInBracketsAfter(tokens, first, at)
      if (inBrackets && isConversion(tokens[first], tokens[at])) continue
      const order = orderOf(tokens, first, at, inBrackets)
      if (order !== 0 && isLike(tokens[first], tokens[at], inBrackets)) {
        found.push({ change: sign(differenceOf(tokens, first, at) * order), position: first })
        first = -1
        continue
      }
    }
    first = at
  }
  return found
}

function isConversion(one: Token, other: Token): boolean {
  return one.currency !== undefined && other.currency !== undefined && one.currency !== other.currency
}

/** Of one unit and not of two currencies; a bare number in brackets is of the unit before it. */
function isLike(one: Token, other: Token, inBrackets: boolean): boolean {
  if (isConversion(one, other)) return false
  return one.unit === other.unit || (inBrackets && other.text === '<number>')
}

/** The second figure stands in brackets that open behind the first, alone or as a profit or a loss. */
function isInBracketsAfter(tokens: readonly Token[], first: number, second: number): boolean {
  if (tokens[first + 1]?.text !== '(' || tokens[second + 1]?.text !== ')') return false
  return tokens.slice(first + 2, second).every(({ text }) => BETWEEN_BRACKETS.has(text))
}

function isMeasured({ kind, unit }: Token): boolean {
  return kind === 'quantity' && unit !== undefined && unit !== 'year'
}

/** 1 when the first quantity is the later one in time, −1 when the second is, 0 when they are not compared. */
function orderOf(tokens: readonly Token[], first: number, second: number, inBrackets: boolean): -1 | 0 | 1 {
  for (let at = first + 1; at < second; at++) {
    const { text } = tokens[at]
    if (AGAINST.has(text)) return 1
    if (text === '.' || text === ';' || text === '?') return 0
  }
  const before = tokens[first - 1]?.text
  const between = tokens[second - 1].text
  if (before === 'from' && RANGES.has(tokens[first - 2]?.text)) return 0
  if (before === 'from' && (between === 'to' || tokens[second - 2]?.text === 'to')) return -1
  return inBrackets ? 1 : 0
}

/** The later figure less the earlier in time is for the caller; here a loss is a negative profit, also of "a loss of 2 mn from 5 mn". */
function differenceOf(tokens: readonly Token[], first: number, second: number): number {
  const firstIsLoss = lossBefore(tokens, first, FURTHEST) ?? false
  const secondIsLoss = lossBefore(tokens, second, second - first - 1) ?? firstIsLoss
  const one = tokens[first].value ?? Number.NaN
  const other = (tokens[second].value ?? Number.NaN) * scaleAssumed(tokens[first], tokens[second])
  return (firstIsLoss ? -one : one) - (secondIsLoss ? -other : other)
}

/** Whether the nearest of "loss" and "profit" before a figure is a loss; undefined for neither. */
function lossBefore(tokens: readonly Token[], at: number, within: number): boolean | undefined {
  for (let back = at - 1; back >= Math.max(0, at - within); back--) {
    if (LOSS.has(tokens[back].text)) return true
    if (PROFIT.has(tokens[back].text)) return false
  }
  return undefined
}

/** `EUR 21.4 mn (16.9)` means 16.9 million. */
function scaleAssumed(one: Token, other: Token): number {
  return other.text === '<number>' && other.scale === undefined ? (one.scale ?? 1) : 1
}

function sign(value: number): -1 | 0 | 1 {
  if (value > 0) return 1
  return value < 0 ? -1 : 0
}
