import { describe, expect, it } from 'vitest'
import checkQuality from '../../../functions/ingestion/check-quality/handler.ts'
import type { SymbolJudgement } from '../../../shared/domain/ingestion/judge-window.ts'
import { BarsArchived, BarsStored } from '../../../shared/events/ingestion.ts'
import { call, madeProvider, memoryPorts, RUN } from './memory-ports.ts'

interface MadePart {
  readonly judgements: readonly SymbolJudgement[]
  readonly archived?: number
  readonly benchmark?: string
}

const good = (symbol: string): SymbolJudgement => ({
  symbol,
  verdict: 'PASS',
  expected: 10,
  good: 10,
  quarantined: 0,
  warnings: 0,
  absent: false,
})
const absent = (symbol: string): SymbolJudgement => ({
  ...good(symbol),
  verdict: 'FAIL',
  good: 0,
  absent: true,
  reason: 'gone',
})

/** Ports that hold the windows' judgements, and what the join tells the step. */
async function joined(parts: readonly MadePart[], failed: readonly { part: string; reason: string }[] = []) {
  const ports = memoryPorts(madeProvider({}).provider)
  const told = []
  for (const [i, { judgements, archived = 20, benchmark }] of parts.entries()) {
    const quality = `work/${RUN}/${i}.json`
    await ports.windowQualities.write(quality, judgements)
    const id = `w0000${i + 1}`
    const window = { id, interval: '1d', from: `2024-04-0${2 * i + 1}`, to: `2024-04-0${2 * i + 2}` }
    const carried = { window, source: 'made', quality, ...(benchmark && { benchmark }) }
    told.push({
      part: id,
      events: {
        [BarsStored.subject]: { ...carried, rows: 20, inserted: 20, replaced: 0, unchanged: 0 },
        [BarsArchived.subject]: { ...carried, rows: archived, partitions: 2 },
      },
    })
  }
  return { ports, data: { revision: 1, expected: [], parts: told, failed } }
}

describe('check-quality', () => {
  it('passes a run of which all is well, and reports on it', async () => {
    const { ports, data } = await joined([
      { judgements: [good('A'), good('B')], benchmark: 'A' },
      { judgements: [good('A'), good('B')], benchmark: 'A' },
    ])
    expect(await call(checkQuality, data, ports)).toEqual([
      {
        subject: 'ingestion.quality.checked',
        data: { verdict: 'PASS', score: 1, expected: 40, good: 40, leftOut: [], leftOutCount: 0, reasons: [] },
      },
    ])
    expect(await ports.qualityReports.get(RUN)).toMatchObject({
      run: RUN,
      from: '2024-04-01',
      to: '2024-04-04',
      interval: '1d',
      source: 'made',
      verdict: 'PASS',
      stored: 40,
      archived: 40,
      symbols: [{ symbol: 'A' }, { symbol: 'B' }],
    })
  })

  it('names who was left out, which leaves the run partial', async () => {
    const many = Array.from({ length: 25 }, (_, i) => good(`A${i}`))
    const { ports, data } = await joined([{ judgements: [...many, absent('X')] }])
    const [checked] = await call(checkQuality, data, ports)
    expect(checked).toMatchObject({
      subject: 'ingestion.quality.checked',
      data: {
        verdict: 'WARN',
        leftOut: ['X'],
        leftOutCount: 1,
        reasons: ['score 0.9615 is below 0.99', 'X FAIL (gone)'],
      },
    })
    expect(checkQuality.emits[0].effect(checked.data)).toEqual({
      effect: 'partial',
      reason: '1 symbols left out: X',
    })
  })

  it('fails without the benchmark, which ends the chain with the reason', async () => {
    const many = Array.from({ length: 25 }, (_, i) => good(`A${i}`))
    const { ports, data } = await joined([{ judgements: [...many, absent('^GSPC')], benchmark: '^GSPC' }])
    const [failed] = await call(checkQuality, data, ports)
    expect(failed.subject).toBe('ingestion.quality.failed')
    expect(checkQuality.emits[1].effect(failed.data)).toMatchObject({
      effect: 'failed',
      reason: expect.stringMatching(/^Quality FAIL: the benchmark \^GSPC is missing \(gone\); /),
    })
    expect(await ports.qualityReports.get(RUN)).toMatchObject({ verdict: 'FAIL' })
  })

  it('fails when the stores disagree, and when a window is lost', async () => {
    const { ports, data } = await joined(
      [{ judgements: [good('A'), good('B')], archived: 19 }],
      [{ part: 'w00002', reason: 'the deadline passed' }],
    )
    expect(await call(checkQuality, data, ports)).toMatchObject([
      {
        subject: 'ingestion.quality.failed',
        data: {
          reasons: [
            'window w00002 did not come (the deadline passed)',
            'window w00001: PostgreSQL took 20 bars, Parquet 19',
          ],
        },
      },
    ])
  })

  it('fails when no window came at all', async () => {
    const { ports, data } = await joined([], [{ part: 'w00001', reason: 'no such file' }])
    expect(await call(checkQuality, data, ports)).toMatchObject([
      { subject: 'ingestion.quality.failed', data: { score: 0, expected: 0 } },
    ])
  })

  it('keeps the event within a few kilobytes, however many symbols fail', async () => {
    const all = Array.from({ length: 5000 }, (_, i) => ({ ...absent(`SYMBOL${i}`), reason: 'r'.repeat(1000) }))
    const { ports, data } = await joined([{ judgements: all }])
    const [failed] = await call(checkQuality, data, ports)
    expect(failed.data).toMatchObject({ leftOutCount: 5000 })
    expect(JSON.stringify(failed).length).toBeLessThan(10_000)
    expect((await ports.qualityReports.get(RUN))?.symbols).toHaveLength(5000)
  })

  it('says and reports the same when called twice', async () => {
    const { ports, data } = await joined([{ judgements: [good('A'), good('B')] }])
    const first = await call(checkQuality, data, ports)
    const report = await ports.qualityReports.get(RUN)
    expect(await call(checkQuality, data, ports, 2)).toEqual(first)
    expect(await ports.qualityReports.get(RUN)).toEqual(report)
    expect(await ports.qualityReports.latest(10)).toHaveLength(1)
  })
})
