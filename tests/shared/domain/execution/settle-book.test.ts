import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncomeRules } from '../../../../shared/domain/execution/dividend-entries.ts'
import type { Fill } from '../../../../shared/domain/execution/order.ts'
import { type Settlement, settleBook } from '../../../../shared/domain/execution/settle-book.ts'
import type { LedgerEntry } from '../../../../shared/domain/ledger/entry.ts'
import { foldBook, positionsHeld } from '../../../../shared/domain/ledger/fold-book.ts'
import { tradeValue } from '../../../../shared/domain/ledger/trade-value.ts'
import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import type { CorporateAction } from '../../../../shared/domain/market/corporate-action.ts'
import { addDays, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { compare, decimal, toText, ZERO } from '../../../../shared/domain/money/decimal.ts'
import { exactText } from '../../../contracts/exact-text.ts'
import { daily } from '../../../contracts/made-bars.ts'
import { trade } from '../ledger/made-entries.ts'

const FROM = session('2024-03-04')
const TO = session('2024-03-08')
const CASH: IncomeRules = { dividends: 'cash', withholding: 0.15 }
const FUNDING: LedgerEntry = {
  ...{ kind: 'flow', key: 'funding', session: session('2024-03-01') },
  ...{ amount: decimal(100_000), reason: 'made' },
}

function fill(date: string, given: Partial<Fill> = {}): Fill {
  const amounts = { quantity: decimal(10), price: decimal(50), fee: decimal(1) }
  const named = { order: `${date}-A`, execution: '1', symbol: 'A', side: 'buy' } as const
  return { ...named, ...amounts, session: session(date), at: 0, ...given }
}

const action = (type: CorporateAction['type'], date: string, value: number, symbol = 'A'): CorporateAction => ({
  ...{ symbol, exDate: session(date), type, value, source: 'made' },
})

/** What a ledger adds that holds `recorded`, of these sessions and before. */
function settled({ recorded, from, ...given }: Omit<Settlement, 'before'>) {
  const before = foldBook(recorded.filter((entry) => entry.session < from))
  return settleBook({ ...given, from, before, recorded: recorded.filter((entry) => entry.session >= from) })
}

function settle(given: Partial<Settlement>) {
  const nothing = { recorded: [FUNDING], fills: [], actions: [], bars: new Map(), funding: undefined }
  return settled({ from: FROM, to: TO, income: CASH, ...nothing, ...given })
}

const bars = (...series: BarSeries[]) => new Map(series.map((one) => [one.symbol, one]))

/** What an entry is, in few words. */
const told = (entries: readonly LedgerEntry[]) =>
  entries.map((entry) => {
    const { session: date, kind } = entry
    if (entry.kind === 'dividend') {
      const { quantity, perShare, gross, withheld, net } = entry
      return [date, kind, ...[quantity, perShare, gross, withheld, net].map(toText)].join(' ')
    }
    if (entry.kind === 'trade') {
      return [date, entry.origin, entry.side, ...[entry.quantity, entry.price, entry.fee].map(toText)].join(' ')
    }
    return [
      date,
      kind,
      toText(entry.kind === 'flow' ? entry.amount : entry.kind === 'split' ? entry.ratio : entry.quantity),
    ].join(' ')
  })

describe('settling sessions', () => {
  it('records the fills as trades, and the capital with the first of them', () => {
    const fills = [fill('2024-03-06', { side: 'sell' }), fill('2024-03-05')]
    const { added, book } = settle({ recorded: [], fills, funding: decimal(1000) })
    expect(told(added)).toEqual([
      '2024-03-05 flow 1000',
      '2024-03-05 model buy 10 50 1',
      '2024-03-06 model sell 10 50 1',
    ])
    expect(toText(book.cash)).toBe('998')
    expect(told(settle({ recorded: [], funding: decimal(1000) }).added)).toEqual([])
  })

  it('pays a dividend on what was held before the session, less the withholding', () => {
    const actions = [action('dividend', '2024-03-05', 0.333), action('dividend', '2024-03-06', 0.333)]
    const { added, book } = settle({ fills: [fill('2024-03-05')], actions })
    expect(told(added)).toEqual(['2024-03-05 model buy 10 50 1', '2024-03-06 dividend 10 0.333 3.33 0.5 2.83'])
    expect(toText(book.dividends)).toBe('2.83')
  })

  it('pays none on what was sold before, and one on what is sold that day', () => {
    const recorded = [FUNDING, trade({ session: '2024-03-01', quantity: decimal(10) })]
    const sale = fill('2024-03-05', { side: 'sell' })
    const on = (date: string) => told(settle({ recorded, fills: [sale], actions: [action('dividend', date, 1)] }).added)
    expect(on('2024-03-05')).toEqual(['2024-03-05 dividend 10 1 10 1.5 8.5', '2024-03-05 model sell 10 50 1'])
    expect(on('2024-03-06')).toEqual(['2024-03-05 model sell 10 50 1'])
  })

  it('splits first, and pays the dividend of the same day on the new shares', () => {
    const recorded = [FUNDING, trade({ session: '2024-03-01', quantity: decimal(10), price: decimal(80) })]
    const actions = [action('dividend', '2024-03-05', 0.5), action('split', '2024-03-05', 4)]
    const { added, book } = settle({ recorded, actions })
    expect(told(added)).toEqual(['2024-03-05 split 4', '2024-03-05 dividend 40 0.5 20 3 17'])
    expect(toText(positionsHeld(book)[0].averageCost)).toBe('20')
  })

  it('does not book what is in the prices already', () => {
    const recorded = [FUNDING, trade({ session: '2024-03-01', quantity: decimal(10), price: decimal(80) })]
    const actions = [
      action('split', '2024-03-05', 4),
      action('dividend', '2024-03-04', 0.8),
      action('dividend', '2024-03-06', 0.2),
      action('split', '2024-06-10', 2),
    ]
    const of = (basis: BarSeries['basis']) =>
      told(settle({ recorded, actions, bars: bars(daily('A', { '2024-03-04': 80 }, basis)) }).added)
    expect(of('raw')).toEqual([
      '2024-03-04 dividend 10 0.8 8 1.2 6.8',
      '2024-03-05 split 4',
      '2024-03-06 dividend 40 0.2 8 1.2 6.8',
    ])
    // Ten shares of today's count: eight of each were one of then.
    expect(of('split-adjusted')).toEqual([
      '2024-03-04 dividend 10 0.1 1 0.15 0.85',
      '2024-03-06 dividend 10 0.1 1 0.15 0.85',
    ])
    expect(of('adjusted')).toEqual([])
  })

  it('puts the net cash back at the close when it is to be reinvested', () => {
    const recorded = [FUNDING, trade({ session: '2024-03-01', quantity: decimal(100) })]
    const income: IncomeRules = { dividends: 'reinvest', withholding: 0.15 }
    const actions = [action('dividend', '2024-03-05', 0.5)]
    const { added, book } = settle({ recorded, income, actions, bars: bars(daily('A', { '2024-03-05': 33.33 })) })
    expect(told(added)).toEqual([
      '2024-03-05 dividend 100 0.5 50 7.5 42.5',
      '2024-03-05 reinvestment buy 1.275127 33.33 0',
    ])
    expect(toText(book.cash)).toBe(toText(foldBook(recorded).cash))
    expect(
      told(settle({ recorded, income, actions, bars: bars(daily('A', { '2024-03-04': 33.33 })) }).added),
    ).toHaveLength(1)
  })

  it('lets an action on a day without trade act at the next open', () => {
    const recorded = [FUNDING, trade({ session: '2024-03-01', quantity: decimal(10) })]
    const actions = [action('dividend', '2024-03-02', 1)]
    expect(told(settle({ recorded, actions }).added)).toEqual(['2024-03-04 dividend 10 1 10 1.5 8.5'])
    expect(settle({ recorded, actions, from: session('2024-03-05') }).added).toEqual([])
  })

  it('passes over an action without a positive value, and cash under half a cent', () => {
    const recorded = [FUNDING, trade({ session: '2024-03-01', quantity: decimal(10) })]
    const values = [0, -1, Number.NaN, Number.POSITIVE_INFINITY]
    const actions = values.flatMap((value, i) => [
      action('dividend', `2024-03-0${i + 4}`, value),
      action('split', `2024-03-0${i + 4}`, value),
    ])
    expect(settle({ recorded, actions: [...actions, action('dividend', '2024-03-08', 0.0004)] }).added).toEqual([])
  })

  it('counts what came from elsewhere, and was paid in, as there before the session opens', () => {
    const opening: LedgerEntry = {
      kind: 'opening',
      key: 'o',
      session: FROM,
      symbol: 'A',
      quantity: decimal(10),
      price: decimal(1),
    }
    const { added } = settle({ recorded: [opening], actions: [action('dividend', FROM, 1), action('split', FROM, 2)] })
    expect(told(added)).toEqual(['2024-03-04 split 2', '2024-03-04 dividend 20 1 20 3 17'])
  })

  it('refuses a fill that sells more than is held', () => {
    expect(() => settle({ fills: [fill('2024-03-05', { side: 'sell' })] })).toThrow('10 A sold, but 0 are held')
  })
})

describe('laws of settling', () => {
  const SESSIONS = tradingCalendar('XNYS').sessions(FROM, session('2024-04-05'))
  const on = fc.constantFrom(...SESSIONS)
  const anyFills = fc.uniqueArray(
    fc.record({
      date: on,
      symbol: fc.constantFrom('A', 'B'),
      lots: fc.integer({ min: 1, max: 40 }),
      price: fc.integer({ min: 1, max: 900 }),
    }),
    { maxLength: 12, selector: ({ date, symbol }) => date + symbol },
  )
  const anyActions = fc.uniqueArray(
    fc.record({
      symbol: fc.constantFrom('A', 'B'),
      exDate: fc.integer({ min: 0, max: 31 }).map((days) => addDays(FROM, days)),
      type: fc.constantFrom('split', 'dividend'),
      value: fc.constantFrom(2, 0.5, 0.25, 1.5, 3),
      source: fc.constant('made'),
    }),
    { maxLength: 8, selector: ({ symbol, exDate, type }) => symbol + exDate + type },
  )
  const closes = Object.fromEntries(SESSIONS.map((date, i) => [date, 20 + i]))
  const common = {
    bars: bars(daily('A', closes), daily('B', closes)),
    income: { dividends: 'reinvest', withholding: 0.15 } as const,
    funding: decimal(1_000_000),
  }
  const end = SESSIONS[SESSIONS.length - 1]
  const fillsOf = (
    given: readonly { date: (typeof SESSIONS)[number]; symbol: string; lots: number; price: number }[],
  ) =>
    given.map(({ date, symbol, lots, price }) =>
      fill(date, { order: `${date}-${symbol}`, symbol, quantity: decimal(lots), price: decimal(price) }),
    )

  it('settles session by session what it settles at once, and nothing twice', () => {
    fc.assert(
      fc.property(anyFills, anyActions, fc.array(on, { maxLength: 4 }), (some, actions, cuts) => {
        const fills = fillsOf(some)
        const whole = settled({ ...common, from: FROM, to: end, recorded: [], fills, actions })
        let recorded: LedgerEntry[] = []
        let from = FROM
        for (const to of [...cuts, end].sort()) {
          const within = fills.filter((one) => one.session >= from && one.session <= to)
          const funding = recorded.length === 0 ? common.funding : undefined
          const { added } = settled({ ...common, funding, from, to, recorded, fills: within, actions })
          recorded = [...recorded, ...added]
          // The next range begins again with the last session of this one.
          from = to
        }
        expect(exactText(foldBook(recorded))).toBe(exactText(whole.book))
        expect(recorded.map(({ key }) => key).sort()).toEqual(whole.added.map(({ key }) => key).sort())
        const again = settled({ ...common, from: FROM, to: end, recorded, fills, actions, funding: undefined })
        expect(again.added).toEqual([])
      }),
    )
  })

  it('does not know what comes after', () => {
    fc.assert(
      fc.property(anyFills, anyActions, on, (some, actions, to) => {
        const fills = fillsOf(some).filter((one) => one.session <= to)
        const at = { ...common, from: FROM, to, recorded: [], fills }
        const cut = (series: BarSeries) => {
          const rows = series.at.filter((time) => time <= sessionToMs(to)).length
          return { ...series, at: series.at.subarray(0, rows), close: series.close.subarray(0, rows) }
        }
        const past = new Map([...common.bars].map(([symbol, series]) => [symbol, cut(series)]))
        const known = actions.filter(({ exDate }) => exDate <= to)
        expect(exactText(settled({ ...at, actions }))).toBe(exactText(settled({ ...at, bars: past, actions: known })))
      }),
    )
  })

  it('reinvests no more than each dividend brought', () => {
    fc.assert(
      fc.property(anyFills, anyActions, (some, actions) => {
        const { added } = settled({ ...common, from: FROM, to: end, recorded: [], fills: fillsOf(some), actions })
        const brought = new Map(
          added.flatMap((entry) => (entry.kind === 'dividend' ? [[entry.key, entry.net] as const] : [])),
        )
        for (const entry of added) {
          if (entry.kind !== 'trade' || entry.origin !== 'reinvestment') continue
          const net = brought.get(entry.key.replace('reinvestment:', ''))!
          expect(compare(tradeValue(entry.quantity, entry.price), net)).toBeLessThanOrEqual(0)
          expect(compare(entry.quantity, ZERO)).toBe(1)
        }
      }),
    )
  })
})
