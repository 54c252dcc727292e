import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Session, session } from '../../shared/domain/market/session.ts'
import { decimal } from '../../shared/domain/money/decimal.ts'
import type { Alert, Figure, PositionMark, Snapshot } from '../../shared/domain/monitoring/snapshot.ts'
import type { MonitoringStore } from '../../shared/ports/monitoring-stores.ts'

const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = ['2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07'].map(session)
const EVER = session('9999-12-31')

const snapshot = (date: Session, part: Partial<Snapshot> = {}): Snapshot => ({
  session: date,
  value: decimal('123456789012345678.000001'),
  cash: decimal('-0.05'),
  invested: decimal('123456789012345678.050001'),
  flow: decimal('0'),
  income: decimal('1.5'),
  realised: decimal('-2.25'),
  unrealised: decimal('0.0000000001'),
  fees: decimal('1'),
  costs: decimal('1.0725'),
  profit: decimal('-3'),
  return: 0.0123,
  benchmarkReturn: undefined,
  turnover: 0.05,
  positions: 2,
  ...part,
})
const mark = (date: Session, symbol: string, value: string, part: Partial<PositionMark> = {}): PositionMark => ({
  session: date,
  symbol,
  sector: 'O\'Hara\'s "sector"',
  quantity: decimal('0.1234567891'),
  averageCost: decimal('99.99'),
  price: decimal('187.15'),
  priceAge: 3,
  value: decimal(value),
  weight: 0.25,
  targetWeight: undefined,
  unrealised: decimal('-7'),
  ...part,
})
const alert = (name: string, part: Partial<Alert> = {}): Alert => ({
  alert: name,
  severity: 'warning',
  message: `${name} is too much`,
  value: 0.2,
  threshold: 0.1,
  ...part,
})

/** What every monitoring store keeps to. `open` answers an empty one each time. */
export function monitoringStoreContract(name: string, open: () => Promise<MonitoringStore>): void {
  describe(`${name} as a monitoring store`, () => {
    it('gives back snapshots to the last digit, ascending, within a range and a source', async () => {
      const store = await open()
      const first = snapshot(MONDAY, { return: undefined, benchmarkReturn: -0.01 })
      const second = snapshot(TUESDAY)
      await store.putSnapshots('made', [second, first], [])
      await store.putSnapshots('other', [snapshot(MONDAY, { positions: 9 })], [])

      expect(await store.snapshots('made', MONDAY, EVER)).toEqual([first, second])
      expect(await store.snapshots('made', TUESDAY, TUESDAY)).toEqual([second])
      expect(await store.snapshots('nobody', MONDAY, EVER)).toEqual([])
      expect(await store.latestSnapshot('made', EVER)).toEqual(second)
      expect(await store.latestSnapshot('made', MONDAY)).toEqual(first)
      expect(await store.latestSnapshot('made', session('2024-03-01'))).toBeUndefined()
    })

    it('gives back the marks of a session, largest value first, then by symbol', async () => {
      const store = await open()
      const marks = [
        mark(MONDAY, 'B', '10', { weight: Number.NaN }),
        mark(MONDAY, 'A', '10', { targetWeight: 0.3 }),
        mark(MONDAY, 'C', '9.5'),
        mark(MONDAY, 'D', '100'),
        mark(TUESDAY, 'A', '1'),
      ]
      await store.putSnapshots('made', [snapshot(MONDAY), snapshot(TUESDAY)], marks)

      expect(await store.marks('made', MONDAY)).toEqual([marks[3], marks[1], marks[0], marks[2]])
      expect(await store.marks('made', TUESDAY)).toEqual([marks[4]])
      expect(await store.marks('made', WEDNESDAY)).toEqual([])
    })

    it('replaces the snapshots and marks of sessions that are marked again, and no others', async () => {
      const store = await open()
      await store.putSnapshots(
        'made',
        [snapshot(MONDAY), snapshot(TUESDAY)],
        [mark(MONDAY, 'A', '1'), mark(TUESDAY, 'A', '1'), mark(TUESDAY, 'B', '2')],
      )
      const again = snapshot(TUESDAY, { return: undefined, value: decimal('7') })
      await store.putSnapshots('made', [again], [mark(TUESDAY, 'C', '3')])

      expect(await store.snapshots('made', MONDAY, EVER)).toEqual([snapshot(MONDAY), again])
      expect(await store.marks('made', MONDAY)).toEqual([mark(MONDAY, 'A', '1')])
      expect(await store.marks('made', TUESDAY)).toEqual([mark(TUESDAY, 'C', '3')])
    })

    it('keeps the figures of a session in their order and replaces them whole', async () => {
      const store = await open()
      const figures: Figure[] = [
        { name: 'sharpe', value: 1.25, n: 300, periodsPerYear: 252 },
        { name: 'max_drawdown', value: -0.2, n: 300, periodsPerYear: undefined },
        { name: 'a', insufficient: true, n: 3, needed: 20 },
      ]
      await store.putFigures('made', MONDAY, figures)
      await store.putFigures('other', MONDAY, [])
      expect(await store.figures('made', MONDAY)).toEqual(figures)
      await store.putFigures('made', MONDAY, figures.slice(1))
      expect(await store.figures('made', MONDAY)).toEqual(figures.slice(1))
      expect(await store.figures('made', TUESDAY)).toEqual([])
    })

    it('raises an alert once, says how it stands while it holds, and resolves it once', async () => {
      const store = await open()
      const worse = alert('drift', { value: 0.4, message: 'worse', severity: 'critical' })
      const raised = { ...alert('drift'), raised: MONDAY, resolved: undefined }
      const standing = { ...worse, raised: MONDAY, resolved: undefined }
      const resolved = { ...worse, raised: MONDAY, resolved: WEDNESDAY }

      expect(await store.judge('made', MONDAY, [alert('drift')])).toEqual({
        raised: [raised],
        resolved: [],
        open: [raised],
      })
      expect(await store.judge('made', TUESDAY, [worse])).toEqual({ raised: [], resolved: [], open: [standing] })
      expect(await store.judge('made', WEDNESDAY, [])).toEqual({ raised: [], resolved: [resolved], open: [] })
      expect(await store.judge('made', THURSDAY, [])).toEqual({ raised: [], resolved: [], open: [] })
      expect(await store.alerts('made', { limit: 10 })).toEqual([resolved])
      expect(await store.alerts('made', { through: TUESDAY, limit: 10 })).toEqual([standing])
      expect(await store.alerts('made', { open: true, limit: 10 })).toEqual([])
      expect(await store.alerts('other', { limit: 10 })).toEqual([])
    })

    it('answers the same when a session is judged again, after later ones too', async () => {
      const store = await open()
      const first = await store.judge('made', MONDAY, [alert('a')])
      const second = await store.judge('made', TUESDAY, [alert('b')])
      await store.judge('made', WEDNESDAY, [])
      expect(await store.judge('made', TUESDAY, [alert('b')])).toEqual(second)
      expect(await store.judge('made', MONDAY, [alert('a')])).toEqual(first)
    })

    it('forgets what a session was wrongly found to be', async () => {
      const store = await open()
      await store.judge('made', MONDAY, [alert('a')])
      await store.judge('made', TUESDAY, [alert('a'), alert('b')])
      await store.judge('made', MONDAY, [])
      expect(await store.alerts('made', { limit: 10 })).toEqual([
        { ...alert('a'), raised: TUESDAY, resolved: undefined },
        { ...alert('b'), raised: TUESDAY, resolved: undefined },
      ])
      await store.judge('made', TUESDAY, [])
      expect(await store.alerts('made', { limit: 10 })).toEqual([])
    })

    it('lists open alerts first, then the last resolved, no more than asked for', async () => {
      const store = await open()
      await store.judge('made', MONDAY, [alert('a'), alert('b'), alert('c')])
      await store.judge('made', TUESDAY, [alert('b'), alert('c'), alert('A')])
      await store.judge('made', WEDNESDAY, [alert('c'), alert('A')])
      const all = await store.alerts('made', { limit: 10 })
      expect(all.map(({ alert, resolved }) => [alert, resolved])).toEqual([
        ['A', undefined],
        ['c', undefined],
        ['b', WEDNESDAY],
        ['a', TUESDAY],
      ])
      expect(await store.alerts('made', { limit: 3 })).toEqual(all.slice(0, 3))
      expect(await store.alerts('made', { open: true, limit: 1 })).toEqual(all.slice(0, 1))
    })

    it('never raises twice without resolving in between, whatever is judged in whatever order', async () => {
      const sessions = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY]
      const judgement = fc.record({
        at: fc.integer({ min: 0, max: 3 }),
        found: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(judgement, { minLength: 1, maxLength: 8 }), async (judgements) => {
          const store = await open()
          const found = new Map<Session, readonly string[]>()
          for (const { at, found: names } of judgements) {
            found.set(sessions[at], names)
            await store.judge(
              'made',
              sessions[at],
              names.map((name) => alert(name)),
            )
          }
          const judged = sessions.filter((date) => found.has(date))
          const states = await store.alerts('made', { limit: 100 })
          for (const name of ['a', 'b']) {
            const spells = states
              .filter((state) => state.alert === name)
              .sort((one, other) => (one.raised < other.raised ? -1 : 1))
            for (const [i, { raised, resolved }] of spells.entries()) {
              if (resolved !== undefined) expect(resolved > raised).toBe(true)
              if (i > 0) expect(spells[i - 1].resolved! < raised).toBe(true)
            }
            for (const date of judged) {
              const holds = spells.some(
                ({ raised, resolved }) => raised <= date && (resolved === undefined || date < resolved),
              )
              expect([date, holds]).toEqual([date, found.get(date)!.includes(name)])
            }
          }
        }),
        { numRuns: 30 },
      )
    })
  })
}
