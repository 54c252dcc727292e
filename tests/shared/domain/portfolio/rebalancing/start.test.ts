import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../../../shared/domain/ledger/entry.ts'
import { session } from '../../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../../shared/domain/market/trading-calendar.ts'
import { decimal, toText } from '../../../../../shared/domain/money/decimal.ts'
import { absentComponents } from '../../../../../shared/domain/portfolio/rebalancing/absent-components.ts'
import { marketFacts } from '../../../../../shared/domain/portfolio/rebalancing/market-facts.ts'
import { monthlySpending, quarterEnds } from '../../../../../shared/domain/portfolio/rebalancing/spending.ts'
import { staleSignals } from '../../../../../shared/domain/portfolio/rebalancing/start-refusal.ts'
import { startingBook } from '../../../../../shared/domain/portfolio/rebalancing/starting-book.ts'
import { usedTurnover } from '../../../../../shared/domain/portfolio/rebalancing/used-turnover.ts'
import { daily } from '../../../../contracts/made-bars.ts'
import { madeSignals } from './made-fund.ts'

const XNYS = tradingCalendar('XNYS')
const flow = (on: string, amount: number): LedgerEntry => ({
  ...{ kind: 'flow', key: `flow ${on}`, session: session(on), amount: decimal(amount), reason: 'made' },
})
const buy = (on: string, symbol: string, quantity: number): LedgerEntry => ({
  ...{ kind: 'trade', key: `buy ${on} ${symbol}`, session: session(on), symbol, side: 'buy', origin: 'model', at: 0 },
  ...{ quantity: decimal(quantity), price: decimal(10), fee: decimal(1) },
})
const dividend = (on: string, net: number): LedgerEntry => ({
  ...{ kind: 'dividend', key: `dividend ${on}`, session: session(on), symbol: 'A', quantity: decimal(1) },
  ...{ perShare: decimal(net), gross: decimal(net), withheld: decimal(0), net: decimal(net) },
})

describe('the book that a rebalance starts from', () => {
  const dates = { session: session('2024-04-01'), asOf: session('2024-03-28'), last: undefined }
  const read = (entries: LedgerEntry[], last?: { session: string; asOf: string }) => {
    const before = last && { session: session(last.session), asOf: session(last.asOf) }
    const book = startingBook(entries, { ...dates, last: before }, '5000')
    return { ...book, cash: toText(book.cash), inflow: toText(book.inflow), income: toText(book.income) }
  }

  it('is the capital when nothing has happened', () => {
    expect(read([])).toMatchObject({ cash: '5000', initialFunding: true, inflow: '0', held: new Map() })
  })

  it('knows what is paid in on the morning of the session, but no trade of it and nothing later', () => {
    const entries = [flow('2024-03-01', 1000), flow('2024-04-01', 7), buy('2024-04-01', 'A', 5), flow('2024-04-02', 9)]
    expect(read(entries)).toMatchObject({ cash: '1007', initialFunding: false, held: new Map() })
  })

  it('counts as inflow what came since the last report, and as income the dividends of a year', () => {
    const entries = [
      ...[flow('2024-01-02', 1000), buy('2024-01-02', 'A', 10), flow('2024-03-04', 50), flow('2024-03-20', -30)],
      ...[dividend('2023-04-01', 1), dividend('2023-04-03', 2), dividend('2024-03-01', 4), dividend('2024-03-04', 8)],
    ]
    // The report for March 4 knew the flow of its own morning, and dividends up to the 1st.
    expect(read(entries, { session: '2024-03-04', asOf: '2024-03-01' })).toMatchObject({ inflow: '-22', income: '14' })
    expect(toText(startingBook(entries, dates, '0').held.get('A')!)).toBe('10')
  })

  it('counts as inflow what waited before, too, less what buys have used of it, and never what sales brought', () => {
    const sell = (on: string, quantity: number) =>
      ({ ...buy(on, 'A', quantity), key: `sell ${on}`, side: 'sell' }) as LedgerEntry
    const paidIn = [flow('2024-01-02', 1000), buy('2024-01-02', 'A', 30)] // 301 with its fee
    const last = { session: '2024-03-04', asOf: '2024-03-01' }
    expect(read(paidIn, last)).toMatchObject({ cash: '699', inflow: '699' })
    expect(read([...paidIn, dividend('2024-03-05', 4), sell('2024-03-04', 20)], last)).toMatchObject({
      ...{ cash: '902', inflow: '703' },
    })
    // 801 were bought for, of which sales paid 102: then what sells bring is no money from outside.
    const spent = [...paidIn, sell('2024-02-01', 30), buy('2024-02-05', 'A', 80), sell('2024-03-04', 40)]
    expect(read(spent, last)).toMatchObject({ cash: '596', inflow: '0' })
    expect(read([...spent, dividend('2024-03-06', 4)], last)).toMatchObject({ cash: '600', inflow: '4' })
  })
})

describe('what is known of a market', () => {
  const closes = Object.fromEntries(
    XNYS.sessions(session('2024-01-02'), session('2024-04-30')).map((date, i) => [date, 100 + (i % 2)]),
  )
  const bars = { traded: daily('A', closes), restated: daily('A', closes) }
  const facts = (asOf: string, given = bars) => marketFacts(given, session(asOf), XNYS, 'bucket')

  it('is the last close, its age, and the middle of three months', () => {
    const { price, priceAge, market } = facts('2024-03-28')
    expect([price && toText(price), priceAge, market.adv]).toEqual([String(closes['2024-03-28']), 0, 100])
    expect([10_000, 10_100]).toContain(market.medianDollarVolume)
    expect(market.sigmaDaily).toBeCloseTo(0.01, 3)
  })

  it('does not change with what comes later', () => {
    const until = (date: string) => Object.fromEntries(Object.entries(closes).filter(([on]) => on <= date))
    const short = daily('A', until('2024-03-28'))
    expect(facts('2024-03-28', { traded: short, restated: short })).toEqual(facts('2024-03-28'))
  })

  it('ages with the sessions, not the days', () => {
    const friday = daily('A', { '2024-03-28': 5 })
    expect(facts('2024-04-01', { traded: friday, restated: friday }).priceAge).toBe(1) // Good Friday lies between
    const none = marketFacts({ traded: undefined, restated: undefined }, session('2024-04-01'), XNYS, 'bucket')
    expect([none.price, none.priceAge, none.market.medianDollarVolume]).toEqual([undefined, NaN, NaN])
  })
})

describe('the spending rule', () => {
  const rule = { rate: 0.03, quarters: 4 }
  const ends = ['2023-06-30', '2023-09-29', '2023-12-29', '2024-03-28'].map(session)

  it('looks at the last sessions of the quarters before', () => {
    expect(quarterEnds(session('2024-04-01'), 4, XNYS)).toEqual([...ends].reverse())
    expect(quarterEnds(session('2024-03-28'), 1, XNYS)).toEqual(['2023-12-29'])
  })

  it('pays a twelfth of three percent of their mean', () => {
    const values = new Map(ends.map((end, i) => [end, decimal(1_000_000 + 100_000 * i)]))
    const spending = monthlySpending(values, session('2024-04-01'), rule, XNYS)
    // (1.0 + 1.1 + 1.2 + 1.3) / 4 = 1.15 million; × 3 % / 12 = 2,875
    expect('amount' in spending && [toText(spending.amount), toText(spending.smoothedValue)]).toEqual([
      '2875',
      '1150000',
    ])
  })

  it('waits until there are enough of them', () => {
    const values = new Map(ends.slice(1).map((end) => [end, decimal(1)]))
    expect(monthlySpending(values, session('2024-04-01'), rule, XNYS)).toEqual({
      insufficient: true,
      quarters: 3,
      needed: 4,
    })
  })
})

describe('what goes before', () => {
  it('is turnover of the calendar month and year, this session’s own runs left out', () => {
    const reports = ['2023-12-04', '2024-01-02', '2024-03-04', '2024-03-18', '2024-04-01'].map((on, i) => ({
      session: session(on),
      budgetedTurnover: 10 ** -i,
    }))
    const used = usedTurnover(reports, session('2024-03-18'))
    expect([used.month, used.year]).toEqual([0.01, expect.closeTo(0.11, 12)])
  })

  it('is signals that are young enough, in sessions', () => {
    const [old, asOf] = [session('2024-03-15'), session('2024-03-28')]
    expect(staleSignals(old, asOf, 9)).toBeUndefined()
    expect(staleSignals(old, asOf, 8)).toMatch(/^The newest signals are of 2024-03-15, 9 sessions before 2024-03-28/)
  })

  it('is told of components that were missing, with the usual reason', () => {
    const [one] = madeSignals([{ symbol: 'A', z: 1 }])
    const without = (reason: string) => ({ ...one, absent: [{ component: 'sentiment' as const, reason }] })
    const found = absentComponents([one, without('no news'), without('old'), without('no news')])
    expect(found).toEqual([{ component: 'sentiment', names: 3, reason: 'no news' }])
  })
})
