import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldBook } from '../../shared/domain/ledger/fold-book.ts'
import { instant, type Session, session, sessionToMs } from '../../shared/domain/market/session.ts'
import { compare, decimal, toNumber, toText, ZERO } from '../../shared/domain/money/decimal.ts'
import { exactText } from '../contracts/exact-text.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

const FIRST = session('2024-01-08')
const LAST = '2024-06-28'
const order = (id: string, symbol: string, side: 'buy' | 'sell', shares: number, date: Session) => ({
  ...{ id, symbol, side, quantity: decimal(shares), session: date, source: 'simulated' },
})

let made: MadeHouse
let states: string[]
const settle = async (from: string, to: string, again = false) => {
  const { state } = await made.run({ workflow: 'execution', key: `${from}..${to}`, params: { from, to }, again })
  return state
}

beforeAll(async () => {
  made = await madeHouse({ now: '2024-07-01T06:00:00Z' })
  const params = { from: '2023-09-01', to: LAST, symbols: ['AAPL', 'MSFT', 'JPM'] }
  states = [(await made.run({ workflow: 'ingestion', key: 'half a year', params })).state]
  const { orders } = made.house.parts.ports
  await orders.submit('january', 'model', [
    order('a', 'AAPL', 'buy', 1000, FIRST),
    order('b', 'MSFT', 'buy', 500, FIRST),
  ])
  states.push(await settle(FIRST, '2024-04-05'))
  const april = session('2024-04-08')
  await orders.submit('april', 'model', [order('c', 'AAPL', 'sell', 400, april), order('d', 'JPM', 'buy', 100, april)])
  states.push(await settle('2024-04-08', LAST))
})
afterAll(() => made?.close())

describe('orders over the simulated market', () => {
  it('are filled at the stored opens, worse by their costs', async () => {
    expect(states).toEqual(['ok', 'ok', 'ok'])
    const { orders, barHistory } = made.house.parts.ports
    const fills = await orders.fills('simulated', FIRST, session(LAST))
    expect(fills.map((fill) => [fill.order, fill.session])).toEqual([
      ['a', FIRST],
      ['b', FIRST],
      ['c', '2024-04-08'],
      ['d', '2024-04-08'],
    ])
    for (const { symbol, side, session: date, referencePrice = ZERO, price } of fills) {
      const at = sessionToMs(date)
      const dataset = { source: 'simulated', asset: 'equity', interval: '1d' } as const
      const [bar] = await barHistory.read({ dataset, symbols: [symbol], from: at, to: instant(at + 1) })
      expect(toNumber(referencePrice)).toBe(bar.open[0])
      expect(compare(price, referencePrice)).toBe(side === 'buy' ? 1 : -1)
    }
  })

  it('leave a book with the capital, the trades and the dividends of what was held', async () => {
    const { ledger, corporateActions } = made.house.parts.ports
    const entries = await ledger.entries()
    expect(entries[0]).toMatchObject({ kind: 'flow', key: 'initial-funding', session: FIRST })
    const actions = await corporateActions.read(['AAPL', 'MSFT', 'JPM'], 'simulated', session(LAST))
    const due = actions.filter(
      ({ symbol, exDate, type }) => type === 'dividend' && exDate > (symbol === 'JPM' ? '2024-04-08' : FIRST),
    )
    const paid = entries.filter(({ kind }) => kind === 'dividend')
    expect(due.length).toBeGreaterThan(3)
    expect(paid.map(({ key }) => key).sort()).toEqual(
      due.map(({ symbol, exDate }) => `dividend:simulated:${symbol}:${exDate}`).sort(),
    )

    const rows = await made.query<{ symbol: string; quantity: string }>(
      'select symbol, quantity from execution.positions',
    )
    const book = foldBook(entries)
    expect(rows.map(({ symbol, quantity }) => [symbol, quantity]).sort()).toEqual(
      [...book.positions.values()].map(({ symbol, quantity }) => [symbol, toText(quantity)]).sort(),
    )
    const [{ balance }] = await made.query<{ balance: string }>(
      'select balance from execution.cash order by session desc limit 1',
    )
    expect(toText(decimal(balance))).toBe(toText(book.cash))
  })

  it('are settled once, whatever range is settled again', async () => {
    const { ledger } = made.house.parts.ports
    const before = exactText(await ledger.entries())
    expect(await settle(FIRST, '2024-04-05', true)).toBe('ok')
    expect(await settle('2024-03-01', LAST)).toBe('ok')
    expect(exactText(await ledger.entries())).toBe(before)
  })
})
