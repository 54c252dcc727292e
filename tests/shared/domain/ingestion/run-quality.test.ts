import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SymbolJudgement } from '../../../../shared/domain/ingestion/judge-window.ts'
import { judgeRun, type WindowOutcome } from '../../../../shared/domain/ingestion/run-quality.ts'

/** A symbol's part of a window of 100 expected bars; all of them good unless told. */
function part(symbol: string, changed: Partial<SymbolJudgement> = {}): SymbolJudgement {
  const plain = { verdict: 'PASS', expected: 100, good: 100, quarantined: 0, warnings: 0, absent: false } as const
  return { symbol, ...plain, ...changed }
}

const absent = (symbol: string) => part(symbol, { verdict: 'FAIL', good: 0, absent: true, reason: 'no bars came' })

const windowsOf = (...judgements: SymbolJudgement[][]): WindowOutcome[] =>
  judgements.map((some, i) => ({ id: `w${i + 1}`, judgements: some, rowsStored: 10, rowsArchived: 10 }))

describe('judgeRun', () => {
  it('passes a run of which everything is good', () => {
    expect(judgeRun(windowsOf([part('B'), part('A')], [part('A'), part('B')]), [], 'A')).toEqual({
      verdict: 'PASS',
      score: 1,
      expected: 400,
      good: 400,
      stored: 20,
      archived: 20,
      reasons: [],
      leftOut: [],
      symbols: ['A', 'B'].map((symbol) => ({
        symbol,
        verdict: 'PASS',
        expected: 200,
        good: 200,
        quarantined: 0,
        warnings: 0,
        leftOut: false,
      })),
    })
  })

  it('warns of what is stale, first of all', () => {
    const run = judgeRun(windowsOf([part('A')]), [], 'A', ['stale on XNYS: A'])
    expect(run).toMatchObject({ verdict: 'WARN', score: 1, reasons: ['stale on XNYS: A'] })
  })

  it('warns of a symbol with a warning or quarantined bars, and gives the reason', () => {
    const warned = part('A', { verdict: 'WARN', good: 97, quarantined: 3, warnings: 1, reason: 'jump 2024-05-15' })
    const run = judgeRun(windowsOf([warned, part('B'), part('C'), part('D')]), [], undefined)
    expect(run).toMatchObject({ verdict: 'WARN', score: 0.9925, leftOut: [], reasons: ['A WARN (jump 2024-05-15)'] })
  })

  it('warns below 0.99 and fails below 0.90, both strictly', () => {
    const scored = (good: number) => judgeRun(windowsOf([part('A', { expected: 1000, good })]), [], undefined).verdict
    expect([scored(990), scored(989), scored(900), scored(899)]).toEqual(['PASS', 'WARN', 'WARN', 'FAIL'])
  })

  it('leaves a failing symbol out, counts all it should have brought, and goes on', () => {
    const failing = part('X', { verdict: 'FAIL', good: 80, quarantined: 20, reason: 'score 0.800' })
    const many = Array.from({ length: 19 }, (_, i) => part(`A${i}`))
    const run = judgeRun(windowsOf([failing, ...many]), [], 'A0')
    expect(run).toMatchObject({ verdict: 'WARN', score: 0.95, good: 1900, expected: 2000, leftOut: ['X'] })
    expect(run.reasons).toContain('X FAIL (score 0.800)')
  })

  it('leaves out a symbol of which one window failed, though the rest is stored', () => {
    const failed = part('X', { verdict: 'FAIL', good: 50, reason: 'score 0.500' })
    const run = judgeRun(windowsOf(...Array.from({ length: 19 }, () => [part('X')]), [failed]), [], undefined)
    expect(run.symbols).toMatchObject([{ symbol: 'X', verdict: 'WARN', good: 1900, expected: 2000, leftOut: true }])
    expect(run.leftOut).toEqual(['X'])
  })

  it('takes windows before the first bar for the time before a listing', () => {
    const run = judgeRun(
      windowsOf([absent('X')], [absent('X')], [part('X', { expected: 40, good: 40 })]),
      [],
      undefined,
    )
    expect(run).toMatchObject({ verdict: 'PASS', expected: 40, good: 40, leftOut: [] })
  })

  it('counts the windows after the last bar: a symbol delisted, or a feed that stopped', () => {
    const run = judgeRun(windowsOf([part('X')], [absent('X')]), [], undefined)
    expect(run).toMatchObject({ verdict: 'FAIL', score: 0.5, leftOut: ['X'] })
    expect(run.symbols[0].reason).toBe('no bars came')
  })

  it('counts everything of a symbol that never came', () => {
    expect(judgeRun(windowsOf([absent('X')], [absent('X')]), [], undefined)).toMatchObject({
      verdict: 'FAIL',
      score: 0,
      expected: 200,
      good: 0,
      leftOut: ['X'],
    })
  })

  it('fails without its benchmark, however good the rest is', () => {
    const many = Array.from({ length: 99 }, (_, i) => part(`A${i}`))
    const missing = judgeRun(windowsOf([absent('^GSPC'), ...many]), [], '^GSPC')
    expect(missing).toMatchObject({ verdict: 'FAIL', score: 0.99 })
    expect(missing.reasons[0]).toBe('the benchmark ^GSPC is missing (no bars came)')
    const neverAsked = judgeRun(windowsOf(many), [], '^GSPC')
    expect(neverAsked.reasons).toEqual(['the benchmark ^GSPC is missing (no bars)'])
    expect(judgeRun(windowsOf([absent('^GSPC'), ...many]), [], undefined).verdict).toBe('WARN')
  })

  it('fails when the two stores took different numbers of bars, naming the window', () => {
    const [window] = windowsOf([part('A')])
    const run = judgeRun([window, { ...window, id: 'w2', rowsStored: 9 }], [], undefined)
    expect(run).toMatchObject({ verdict: 'FAIL', stored: 19, archived: 20 })
    expect(run.reasons).toEqual(['window w2: PostgreSQL took 9 bars, Parquet 10'])
  })

  it('fails when a window did not come, with its reason', () => {
    const lost = [{ part: 'w0002', reason: 'ingestion-fetch-bars is dead: no such file' }]
    expect(judgeRun(windowsOf([part('A')]), lost, undefined)).toMatchObject({
      verdict: 'FAIL',
      score: 1,
      reasons: ['window w0002 did not come (ingestion-fetch-bars is dead: no such file)'],
    })
    expect(judgeRun([], lost, 'A')).toMatchObject({ verdict: 'FAIL', score: 0, expected: 0, symbols: [] })
  })

  it('tells failures before warnings', () => {
    const warned = part('A', { verdict: 'WARN', reason: 'gap' })
    const { reasons } = judgeRun(windowsOf([warned]), [{ part: 'w9', reason: 'lost' }], 'B')
    expect(reasons).toEqual(['window w9 did not come (lost)', 'the benchmark B is missing (no bars)', 'A WARN (gap)'])
  })

  it('has a score between 0 and 1 that is the good bars over the expected, and one outcome a symbol', () => {
    const judgement = fc
      .record({
        symbol: fc.constantFrom('A', 'B', 'C', 'D'),
        expected: fc.integer({ min: 0, max: 50 }),
        missed: fc.integer({ min: 0, max: 50 }),
        absent: fc.boolean(),
      })
      .map(({ symbol, expected, missed, absent: nothing }) => {
        if (nothing) return { ...absent(symbol), expected }
        const good = Math.max(0, expected - missed)
        const verdict = expected > 0 && good / expected < 0.9 ? 'FAIL' : 'PASS'
        return part(symbol, { expected, good, verdict, quarantined: expected - good })
      })
    fc.assert(
      fc.property(fc.array(fc.array(judgement, { maxLength: 4 }), { maxLength: 6 }), (judgements) => {
        const windows = windowsOf(
          ...judgements.map((some) => [...new Map(some.map((one) => [one.symbol, one])).values()]),
        )
        const run = judgeRun(windows, [], undefined)
        expect(run.score).toBeGreaterThanOrEqual(0)
        expect(run.score).toBeLessThanOrEqual(1)
        expect(run.score).toBe(run.expected === 0 ? 1 : run.good / run.expected)
        expect(run.symbols.map(({ symbol }) => symbol)).toEqual(
          [...new Set(windows.flatMap((window) => window.judgements.map(({ symbol }) => symbol)))].sort(),
        )
        expect(run.verdict === 'FAIL').toBe(run.score < 0.9)
        expect(run.leftOut.every((name) => run.symbols.some(({ symbol, leftOut }) => symbol === name && leftOut))).toBe(
          true,
        )
      }),
    )
  })
})
