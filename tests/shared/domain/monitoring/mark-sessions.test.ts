import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../../shared/domain/ledger/entry.ts'
import { type BarSeries, takeBars } from '../../../../shared/domain/market/bar.ts'
import { bySymbol } from '../../../../shared/domain/market/by-symbol.ts'
import { type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { add, decimal, multiply, negate, subtract, sum, toText, ZERO } from '../../../../shared/domain/money/decimal.ts'
import { bookBefore, symbolsToMark } from '../../../../shared/domain/monitoring/book-before.ts'
import { firstBarsOf, type MarkedSession } from '../../../../shared/domain/monitoring/mark-sessions.ts'
import type { Snapshot } from '../../../../shared/domain/monitoring/snapshot.ts'
import { anyEntries } from '../ledger/made-entries.ts'
import { closes, flow, marked, order } from './made-fund.ts'

const calendar = tradingCalendar('XNYS')
const texts = (snapshot: Snapshot) =>
  Object.fromEntries(
    Object.entries(snapshot).map(([name, value]) => [name, typeof value === 'object' ? toText(value) : value]),
  )
const split = (date: string, ratio: number): LedgerEntry => ({
  kind: 'split',
  key: `split-${date}`,
  session: session(date),
  symbol: 'A',
  ratio: decimal(ratio),
})

/** By hand, with a deposit, a dividend on the morning of a split, a session without a bar, slippage and fees. */
const ENTRIES: LedgerEntry[] = [
  flow('2024-03-04', 10_000),
  order('2024-03-04', 'buy', 10, 100.5, { fee: decimal(1), referencePrice: decimal(100) }),
  split('2024-03-05', 2),
  {
    kind: 'dividend',
    key: 'dividend',
    session: session('2024-03-05'),
    symbol: 'A',
    quantity: decimal(20),
    perShare: decimal('0.5'),
    gross: decimal(10),
    withheld: decimal('1.5'),
    net: decimal('8.5'),
  },
  flow('2024-03-06', 1000),
  order('2024-03-07', 'sell', 5, 52.75, { fee: decimal(1), referencePrice: decimal(53) }),
]
const BARS = new Map([
  [
    'A',
    [closes('A', { '2024-03-04': 102, '2024-03-05': 51.5, '2024-03-06': null, '2024-03-07': 54, '2024-03-08': 54 })],
  ],
])

describe('marking the fund', () => {
  it('gives the numbers of a week that was computed by hand', () => {
    const benchmark = [closes('^GSPC', { '2024-03-01': 5000, '2024-03-04': 5050, '2024-03-07': 1, '2024-03-08': 2 })]
    const week = marked({ entries: ENTRIES, bars: BARS, benchmark })
    const nothing = {
      flow: '0',
      income: '0',
      realised: '0',
      unrealised: '0',
      fees: '0',
      costs: '0',
      profit: '0',
      turnover: 0,
    }
    const expected = [
      {
        ...{ value: '10014', cash: '8994', invested: '1020', flow: '10000', unrealised: '20', fees: '1', costs: '6' },
        ...{ profit: '14', return: 0.0014, benchmarkReturn: 0.01, turnover: 1005 / 10_014 / 2 },
      },
      {
        ...{ value: '10032.5', cash: '9002.5', invested: '1030', income: '8.5', unrealised: '10', profit: '18.5' },
        ...{ return: 10_032.5 / 10_014 - 1, benchmarkReturn: undefined },
      },
      { value: '11032.5', cash: '10002.5', invested: '1030', flow: '1000', return: 0, benchmarkReturn: undefined },
      {
        ...{
          value: '11075.25',
          cash: '10265.25',
          invested: '810',
          realised: '13.75',
          unrealised: '31.25',
          fees: '1',
          costs: '2.25',
        },
        ...{
          profit: '42.75',
          return: 11_075.25 / 11_032.5 - 1,
          benchmarkReturn: undefined,
          turnover: 263.75 / 11_075.25 / 2,
        },
      },
      { value: '11075.25', cash: '10265.25', invested: '810', return: 0, benchmarkReturn: 1 },
    ]
    expect(week).toHaveLength(expected.length)
    for (const [i, row] of expected.entries()) {
      const { return: found, turnover, benchmarkReturn, ...amounts } = texts(week[i].snapshot)
      const { return: ret, turnover: traded, benchmarkReturn: market, ...rest } = { ...nothing, ...row }
      expect(amounts).toEqual({ ...rest, session: `2024-03-0${4 + i}`, positions: 1 })
      expect(found).toBeCloseTo(ret, 14)
      expect(turnover).toBeCloseTo(traded, 14)
      if (market === undefined) expect(benchmarkReturn).toBeUndefined()
      else expect(benchmarkReturn).toBeCloseTo(market, 14)
    }
  })

  it('values every position at its close, and says how old that is and what was aimed at', () => {
    const targets = [
      { session: session('2024-03-01'), weights: new Map([['A', 0.2]]) },
      { session: session('2024-03-07'), weights: new Map([['B', 0.3]]) },
    ]
    const [, , wednesday, thursday] = marked({ entries: ENTRIES, bars: BARS, targets })
    expect(wednesday.marks).toEqual([
      {
        session: '2024-03-06',
        symbol: 'A',
        sector: 'Made',
        quantity: decimal(20),
        averageCost: decimal('50.25'),
        price: decimal('51.5'),
        priceAge: 1,
        value: decimal(1030),
        weight: expect.closeTo(1030 / 11_032.5, 15),
        targetWeight: 0.2,
        unrealised: decimal(25),
      },
    ])
    expect(thursday.marks[0]).toMatchObject({ priceAge: 0, targetWeight: undefined, price: decimal(54) })
  })

  it('begins with the first session in which something was recorded, weekends counting to Monday', () => {
    expect(marked({ entries: [flow('2024-03-06', 100)] }).map(({ snapshot }) => snapshot.session)).toEqual([
      '2024-03-06',
      '2024-03-07',
      '2024-03-08',
    ])
    const [monday] = marked({ entries: [flow('2024-03-02', 100)] })
    expect(texts(monday.snapshot)).toMatchObject({ flow: '100', value: '100', return: 0, positions: 0 })
    expect(marked({ entries: [] })).toEqual([])
  })

  it('has no return while nothing is invested, and one over what a withdrawal leaves', () => {
    const entries = [flow('2024-03-04', 100), flow('2024-03-05', -100), flow('2024-03-06', 50)]
    const week = marked({ entries })
    expect(week.map(({ snapshot }) => snapshot.return)).toEqual([0, undefined, 0, 0, 0])
    expect(week.map(({ snapshot }) => toText(snapshot.profit))).toEqual(['0', '0', '0', '0', '0'])
  })

  it('carries a price over a split that brought no bar, and over bars that end', () => {
    const bars = new Map([['A', [closes('A', { '2024-03-04': 100 })]]])
    const entries = [flow('2024-03-04', 1000), order('2024-03-04', 'buy', 10, 100), split('2024-03-06', 4)]
    const week = marked({ entries, bars })
    expect(week.map(({ marks: [{ price, priceAge }] }) => [toText(price), priceAge])).toEqual([
      ['100', 0],
      ['100', 1],
      ['25', 2],
      ['25', 3],
      ['25', 4],
    ])
    expect(week.every(({ snapshot }) => toText(snapshot.value) === '1000')).toBe(true)
  })

  it('values a name without any bar at what was paid for it last', () => {
    const week = marked({ entries: [flow('2024-03-04', 1000), order('2024-03-04', 'buy', 10, 30, { symbol: 'NEW' })] })
    expect(week[4].marks[0]).toMatchObject({ symbol: 'NEW', price: decimal(30), priceAge: 4 })
  })

  it('takes from several bases the bar that the session has', () => {
    const bars = new Map([
      [
        'A',
        [
          closes('A', { '2024-03-04': 100, '2024-03-07': 90 }),
          closes('A', { '2024-03-05': 50, '2024-03-06': null }, 'split-adjusted'),
        ],
      ],
    ])
    const entries = [flow('2024-03-04', 1000), order('2024-03-04', 'buy', 10, 100)]
    expect(marked({ entries, bars }).map(({ marks: [{ price }] }) => toText(price))).toEqual([
      '100',
      '50',
      '50',
      '90',
      '90',
    ])
  })

  it('counts the age of a coin in days', () => {
    const bars = new Map([['BTC-USD', [closes('BTC-USD', { '2024-03-01': 60_000 })]]])
    const entries = [flow('2024-03-01', 1000), order('2024-03-01', 'buy', 0.01, 60_000, { symbol: 'BTC-USD' })]
    expect(marked({ entries, bars })[0].marks[0].priceAge).toBe(3)
  })

  it('does not take for a return what an opening had gained elsewhere', () => {
    const opening: LedgerEntry = {
      kind: 'opening',
      key: 'opening',
      session: session('2024-03-05'),
      symbol: 'A',
      quantity: decimal(10),
      price: decimal(20),
    }
    const bars = new Map([['A', [closes('A', { '2024-03-04': 100, '2024-03-05': 110 })]]])
    const [, tuesday] = marked({ entries: [flow('2024-03-04', 1000), opening], bars })
    expect(tuesday.snapshot.return).toBeCloseTo(2100 / 2000 - 1, 14)
    expect(texts(tuesday.snapshot)).toMatchObject({ flow: '200', profit: '900', unrealised: '900' })
  })

  it('needs the bars of what is held at the start and of what moves later', () => {
    const entries = [
      order('2024-03-01', 'buy', 1, 1, { symbol: 'B' }),
      order('2024-02-29', 'buy', 1, 1, { symbol: 'GONE' }),
      order('2024-03-01', 'sell', 1, 1, { symbol: 'GONE' }),
      flow('2024-03-04', 1),
      order('2024-03-05', 'buy', 1, 1, { symbol: 'A' }),
    ]
    const from = session('2024-03-04')
    expect(symbolsToMark(bookBefore(entries, from), entries, from)).toEqual(['A', 'B'])
  })
})

const FROM = session('2024-01-02')
const TO = session('2024-01-19')
const SESSIONS = calendar.sessions(FROM, TO)

/** Bars of a month with gaps, of two bases, for some of the names. */
const anyBars = fc
  .array(
    fc.record({
      symbol: fc.constantFrom('A', 'B'),
      basis: fc.constantFrom('raw' as const, 'split-adjusted' as const),
      from: fc.integer({ min: 0, max: 20 }),
      prices: fc.array(fc.option(fc.integer({ min: 1, max: 100_000 })), { minLength: 1, maxLength: 33 }),
    }),
    { maxLength: 4 },
  )
  .map((all) => {
    const dates = calendar.sessions(session('2023-12-01'), TO)
    // The store has one bar a session, whatever its basis.
    const taken = new Set<string>()
    const series = all.map(({ symbol, basis, from, prices }) => {
      const own = dates.slice(from, from + prices.length).flatMap((date, i): [string, number | null][] => {
        const cents = prices[i]
        if (taken.has(symbol + date)) return []
        taken.add(symbol + date)
        return [[date, cents === null ? null : cents / 100]]
      })
      return closes(symbol, Object.fromEntries(own), basis)
    })
    return bySymbol(series)
  })

const between = (bars: ReadonlyMap<string, readonly BarSeries[]>, from: Session, to: Session) =>
  new Map(
    [...bars].map(([symbol, series]) => [
      symbol,
      series.map((one) =>
        takeBars(
          one,
          [...one.at.keys()].filter((row) => one.at[row] >= sessionToMs(from) && one.at[row] <= sessionToMs(to)),
        ),
      ),
    ]),
  )

/** Every other trade by a broker that knows its reference price. */
const someReferences = anyEntries.map((entries) =>
  entries.map((entry, i): LedgerEntry => {
    if (entry.kind !== 'trade' || i % 2 === 0) return entry
    const better = decimal(entry.side === 'buy' ? '0.999' : '1.001')
    return { ...entry, referencePrice: multiply(entry.price, better) }
  }),
)

describe('marking, whatever was recorded and whatever bars there are', () => {
  const whole = (entries: readonly LedgerEntry[], bars: ReadonlyMap<string, readonly BarSeries[]>) =>
    marked({ from: FROM, to: TO, entries, bars })

  it('explains every profit to the last digit', () => {
    fc.assert(
      fc.property(someReferences, anyBars, (entries, bars) => {
        let previous = ZERO
        const all = whole(entries, bars).map(({ snapshot }) => snapshot)
        for (const one of all) {
          const slippage = subtract(one.costs, one.fees)
          const brought = sum([one.realised, one.unrealised, one.income, negate(one.fees), negate(slippage)])
          expect(toText(one.profit)).toBe(toText(brought))
          expect(toText(one.value)).toBe(toText(sum([previous, one.flow, one.profit])))
          expect(toText(one.value)).toBe(toText(add(one.cash, one.invested)))
          previous = one.value
        }
      }),
    )
  })

  it('gives for a range what its sessions give one by one', () => {
    fc.assert(
      fc.property(someReferences, anyBars, (entries, bars) => {
        const alone: MarkedSession[] = []
        for (const date of SESSIONS) {
          const before = calendar.previous(date)
          const last = alone.at(-1)
          alone.push(
            ...marked({
              from: date,
              to: date,
              entries: entries.filter((entry) => entry.session <= date),
              bars: between(bars, firstBarsOf(before), date),
              marksBefore: last?.snapshot.session === before ? last.marks : [],
            }),
          )
        }
        expect(whole(entries, bars)).toEqual(alone)
      }),
    )
  })

  it('does not change when the future is cut off or another', () => {
    fc.assert(
      fc.property(someReferences, anyBars, anyBars, fc.nat(SESSIONS.length - 1), (entries, bars, others, i) => {
        const date = SESSIONS[i]
        const known = between(bars, session('2023-12-01'), date)
        const future = between(others, calendar.next(date), TO)
        const another = new Map(
          ['A', 'B'].map((symbol) => [symbol, [...(known.get(symbol) ?? []), ...(future.get(symbol) ?? [])]]),
        )
        const past = entries.filter((entry) => entry.session <= date)
        const expected = marked({ from: FROM, to: date, entries: past, bars: known })
        expect(whole(entries, bars).slice(0, expected.length)).toEqual(expected)
        expect(whole(past, another).slice(0, expected.length)).toEqual(expected)
      }),
    )
  })
})
