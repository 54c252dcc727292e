import { bySymbol } from '../market/by-symbol.ts'
import { FAIL_BELOW, type Verdict, WARN_BELOW } from '../market/quality-verdict.ts'
import type { SymbolJudgement, SymbolQuality } from './judge-window.ts'

/** One window as the join sees it, in order of time. */
export interface WindowOutcome {
  readonly id: string
  readonly judgements: readonly SymbolJudgement[]
  readonly rowsStored: number
  readonly rowsArchived: number
}

export interface SymbolOutcome extends SymbolQuality {
  /** At least one of its windows failed and was left out. */
  readonly leftOut: boolean
}

export interface RunQuality {
  readonly verdict: Verdict
  readonly score: number
  readonly expected: number
  readonly good: number
  readonly stored: number
  readonly archived: number
  /** Why it is not PASS, worst first. */
  readonly reasons: readonly string[]
  readonly symbols: readonly SymbolOutcome[]
  /** Symbols of which at least one window was left out. */
  readonly leftOut: readonly string[]
}

/**
 * The quality of a run from its windows. A symbol's windows before its first bar count as not listed yet; every other absence counts. The
 * run fails below a score of 0.90, without its benchmark, when the two stores disagree, or when a window did not come at all. What is `stale` is a warning.
 */
export function judgeRun(
  windows: readonly WindowOutcome[],
  lost: readonly { readonly part: string; readonly reason: string }[],
  benchmark: string | undefined,
  stale: readonly string[] = [],
): RunQuality {
  const judged = bySymbol(windows.flatMap(({ judgements }) => judgements))
  const symbols = [...judged].map(([symbol, judgements]) => judgeSymbol(symbol, judgements)).sort(bySymbolName)
  const sum = (pick: (outcome: SymbolOutcome) => number) => symbols.reduce((total, outcome) => total + pick(outcome), 0)
  const expected = sum((outcome) => outcome.expected)
  const good = sum((outcome) => outcome.good)
  const score = expected === 0 ? (lost.length > 0 ? 0 : 1) : good / expected
  const stored = windows.reduce((total, window) => total + window.rowsStored, 0)
  const archived = windows.reduce((total, window) => total + window.rowsArchived, 0)
  const leftOut = symbols.filter((outcome) => outcome.leftOut).map(({ symbol }) => symbol)

  const failures: string[] = []
  for (const { part, reason } of lost) failures.push(`window ${part} did not come (${reason})`)
  for (const { id, rowsStored, rowsArchived } of windows) {
    if (rowsStored !== rowsArchived) {
      failures.push(`window ${id}: PostgreSQL took ${rowsStored} bars, Parquet ${rowsArchived}`)
    }
  }
  if (benchmark !== undefined) {
    const outcome = symbols.find(({ symbol }) => symbol === benchmark)
    if (!outcome || outcome.verdict === 'FAIL') {
      failures.push(`the benchmark ${benchmark} is missing (${outcome?.reason ?? 'no bars'})`)
    }
  }
  if (score < FAIL_BELOW)
    failures.push(`score ${score.toFixed(4)} is below ${FAIL_BELOW} (${good} good of ${expected} expected bars)`)

  const warnings: string[] = [...stale]
  if (score >= FAIL_BELOW && score < WARN_BELOW) warnings.push(`score ${score.toFixed(4)} is below ${WARN_BELOW}`)
  for (const { symbol, verdict, reason } of symbols) {
    if (verdict !== 'PASS') warnings.push(`${symbol} ${verdict}${reason === undefined ? '' : ` (${reason})`}`)
  }
  const verdict = failures.length > 0 ? 'FAIL' : warnings.length > 0 ? 'WARN' : 'PASS'
  return { verdict, score, expected, good, stored, archived, reasons: [...failures, ...warnings], symbols, leftOut }
}

function judgeSymbol(symbol: string, judgements: readonly SymbolJudgement[]): SymbolOutcome {
  const firstPresent = judgements.findIndex(({ absent }) => !absent)
  // Never present at all: everything asked for is missing.
  const counted = firstPresent > 0 ? judgements.slice(firstPresent) : judgements
  const sum = (pick: (judgement: SymbolJudgement) => number) =>
    counted.reduce((total, judgement) => total + pick(judgement), 0)
  const expected = sum((judgement) => judgement.expected)
  const good = sum((judgement) => (judgement.verdict === 'FAIL' ? 0 : judgement.good))
  const score = expected === 0 ? 1 : good / expected
  const warned = counted.some(({ verdict }) => verdict !== 'PASS')
  const verdict: Verdict = score < FAIL_BELOW ? 'FAIL' : score < WARN_BELOW || warned ? 'WARN' : 'PASS'
  const reason =
    counted.find((judgement) => judgement.verdict === 'FAIL')?.reason ??
    counted.find((judgement) => judgement.reason)?.reason
  return {
    symbol,
    verdict,
    expected,
    good,
    quarantined: sum((judgement) => judgement.quarantined),
    warnings: sum((judgement) => judgement.warnings),
    leftOut: counted.some((judgement) => judgement.verdict === 'FAIL'),
    ...(reason !== undefined && { reason }),
  }
}

function bySymbolName(a: { readonly symbol: string }, b: { readonly symbol: string }): number {
  return a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0
}
