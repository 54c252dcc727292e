import { describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import type { QualityReport, QualityReports } from '../../shared/ports/ingestion-stores.ts'

const report = (run: string, part: Partial<QualityReport> = {}): QualityReport => ({
  run,
  from: session('2024-03-01'),
  to: session('2024-03-04'),
  interval: '1d',
  source: 'made',
  verdict: 'WARN',
  score: 0.975,
  expected: 3_000_000_000,
  good: 39,
  stored: 39,
  archived: 39,
  reasons: ['B: 1 bar refused', 'a "quoted", reason'],
  symbols: [
    { symbol: 'A', verdict: 'PASS', expected: 20, good: 20, quarantined: 0, warnings: 0 },
    { symbol: 'B', verdict: 'WARN', expected: 20, good: 19, quarantined: 1, warnings: 2, reason: '1 bar refused' },
  ],
  ...part,
})

/** What every store of quality reports keeps to. `open` answers an empty one each time. */
export function qualityReportsContract(name: string, open: () => Promise<QualityReports>): void {
  describe(`${name} as a store of quality reports`, () => {
    it('gives back a run’s report, its symbols in order', async () => {
      const reports = await open()
      const whole = report('run-1')
      await reports.put({ ...whole, symbols: [...whole.symbols].reverse() })

      expect(await reports.get('run-1')).toEqual(whole)
      expect(await reports.get('run-2')).toBeUndefined()
    })

    it('replaces a report that is put again, its symbols with it', async () => {
      const reports = await open()
      await reports.put(report('run-1'))
      const better = report('run-1', {
        verdict: 'PASS',
        score: 1,
        reasons: [],
        symbols: report('').symbols.slice(0, 1),
      })
      await reports.put(better)

      expect(await reports.get('run-1')).toEqual(better)
    })

    it('lists the latest first; putting one again does not move it', async () => {
      const reports = await open()
      for (const run of ['b', 'c', 'a']) {
        await reports.put(report(run))
        // Some clocks tick in milliseconds.
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      await reports.put(report('b', { symbols: [] }))

      expect((await reports.latest(10)).map(({ run }) => run)).toEqual(['a', 'c', 'b'])
      expect(await reports.latest(2)).toEqual([report('a'), report('c')])
    })
  })
}
