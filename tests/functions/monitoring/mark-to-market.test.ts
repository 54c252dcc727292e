import { describe, expect, it } from 'vitest'
import markToMarket from '../../../functions/monitoring/mark-to-market/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { decimal, toText } from '../../../shared/domain/money/decimal.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { flow, order } from '../../shared/domain/monitoring/made-fund.ts'
import { call } from '../ingestion/memory-ports.ts'
import { aimAt, ENTRIES, EQUITIES, fundPorts, rising, SESSIONS, SOURCE, said } from './fund-ports.ts'

const WHOLE = { from: '2024-03-01', to: '2024-04-16', source: SOURCE }
const [FIRST, LAST] = [session(WHOLE.from), session(WHOLE.to)]

describe('mark-to-market', () => {
  it('marks every session of the range and says what the fund is worth', async () => {
    const ports = await fundPorts()
    const drafts = await call(markToMarket, WHOLE, ports)

    const snapshots = await ports.monitoring.snapshots(SOURCE, FIRST, LAST)
    const last = snapshots[snapshots.length - 1]
    const cash = 10_000 - 50 * 100.2 - 20 * 200 + 10 * 100 - 3
    const value = cash + 40 * 100.39 + 20 * 200.39
    expect(snapshots.map((snapshot) => snapshot.session)).toEqual(SESSIONS.filter((date) => date >= FIRST))
    expect(toText(last.value)).toBe(toText(decimal(value.toFixed(4))))
    expect(last.benchmarkReturn).toBeCloseTo(5039 / 5038 - 1, 12)
    expect(said(drafts)).toEqual([
      [
        'monitoring.portfolio.marked',
        { ...WHOLE, sessions: snapshots.length, value: toText(last.value), cash: toText(decimal(cash)) },
      ],
    ])
  })

  it('marks every position with its sector, its price and what the newest report aimed at', async () => {
    const ports = await fundPorts()
    await aimAt(ports, 'portfolio:second', '2024-04-02', { XOM: 0.1 })
    await call(markToMarket, WHOLE, ports)
    expect(await ports.monitoring.marks(SOURCE, session('2024-04-01'))).toMatchObject([
      { symbol: 'AAPL', sector: 'Information Technology', targetWeight: 0.5, quantity: decimal(40), priceAge: 0 },
      { symbol: 'XOM', sector: 'Energy', targetWeight: 0.4, quantity: decimal(20) },
    ])
    expect(await ports.monitoring.marks(SOURCE, session('2024-04-02'))).toMatchObject([
      { symbol: 'AAPL', targetWeight: undefined },
      { symbol: 'XOM', targetWeight: 0.1 },
    ])
  })

  it('stores the same for a range as for its sessions one by one, and when it is done twice', async () => {
    const [range, single] = [await fundPorts(), await fundPorts()]
    await call(markToMarket, WHOLE, range)
    await call(markToMarket, { ...WHOLE, from: '2024-03-20' }, range, 2)
    for (const date of SESSIONS.filter((date) => date >= FIRST)) {
      await call(markToMarket, { from: date, to: date, source: SOURCE }, single)
      expect(await single.monitoring.marks(SOURCE, date)).toEqual(await range.monitoring.marks(SOURCE, date))
    }
    const all = async ({ monitoring }: typeof range) => monitoring.snapshots(SOURCE, FIRST, LAST)
    expect(await all(single)).toEqual(await all(range))
  })

  it('knows nothing of what comes later: a book and bars that go on change nothing', async () => {
    const range = { ...WHOLE, to: '2024-03-20' }
    const [now, later] = [
      await fundPorts({ entries: ENTRIES }),
      await fundPorts({ entries: [...ENTRIES, order('2024-03-21', 'sell', 40, 1, { symbol: 'AAPL' })] }),
    ]
    await aimAt(later, 'portfolio:later', '2024-03-21', { AAPL: 0.9 })
    await call(markToMarket, range, now)
    await call(markToMarket, range, later)
    const through = session(range.to)
    expect(await later.monitoring.snapshots(SOURCE, FIRST, through)).toEqual(
      await now.monitoring.snapshots(SOURCE, FIRST, through),
    )
    expect(await later.monitoring.marks(SOURCE, through)).toEqual(await now.monitoring.marks(SOURCE, through))
  })

  it('keeps the price of a name whose bars ended long before, from how it was marked', async () => {
    const gone = order('2024-03-04', 'buy', 1, 7, { symbol: 'GONE' })
    const ports = await fundPorts({ entries: [...ENTRIES, gone] })
    await ports.barStore.store(EQUITIES, [rising('GONE', 7, 0.01, 12)])
    for (const date of SESSIONS.filter((date) => date >= FIRST)) {
      await call(markToMarket, { from: date, to: date, source: SOURCE }, ports)
    }
    const mark = (await ports.monitoring.marks(SOURCE, LAST)).find(({ symbol }) => symbol === 'GONE')
    expect(mark).toMatchObject({ price: decimal('7.11'), priceAge: SESSIONS.length - 12, sector: 'Unclassified' })
  })

  it('finds nothing to mark where nobody has paid in, or not yet', async () => {
    const nobody = [['monitoring.portfolio.found_empty', WHOLE]]
    expect(said(await call(markToMarket, WHOLE, await fundPorts({ entries: [] })))).toEqual(nobody)
    const later = await fundPorts({ entries: [flow('2024-04-17', 5)] })
    expect(said(await call(markToMarket, WHOLE, later))).toEqual(nobody)
  })

  it('refuses to value a book with the prices of another source than it is kept with', async () => {
    const asked = call(markToMarket, { ...WHOLE, source: 'yahoo' }, await fundPorts())
    await expect(asked).rejects.toThrow(InputError)
    await expect(asked).rejects.toThrow('Monitoring with prices of "yahoo": the book is kept with those of "simulated"')
  })
})
