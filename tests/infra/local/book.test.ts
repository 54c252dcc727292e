import { beforeEach, describe, expect, it } from 'vitest'
import type { House } from '../../../infra/local/house.ts'
import { importPositions, listPositions, moveCash, showCash } from '../../../infra/local/operations/book.ts'
import { importFills } from '../../../infra/local/operations/fills.ts'
import { listLots } from '../../../infra/local/operations/lots.ts'
import { runOperation } from '../../../infra/local/operations/serve.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { decimal } from '../../../shared/domain/money/decimal.ts'
import type { ConsideredTrade } from '../../../shared/domain/portfolio/considered-trade.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { OrderReport, RebalanceStore } from '../../../shared/ports/rebalance-store.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { DAILY, daily } from '../../contracts/made-bars.ts'
import { madeProvider, memoryPorts } from '../../functions/ingestion/memory-ports.ts'

/** Wednesday noon in New York; Tuesday the 16th is the last completed session. */
const NOW = Date.parse('2024-04-17T16:00:00Z')

let ports: AllPorts
let house: House
beforeEach(() => {
  const order = { id: 'o', symbol: 'A', side: 'buy', quantity: decimal(10), session: session('2024-04-15') }
  const rebalances: Partial<RebalanceStore> = {
    latestReport: async () => ({ run: 'r' }) as OrderReport,
    trades: async () => [{ ...order, verdict: 'order' } as ConsideredTrade],
  }
  const listings = ['A', 'B', 'BTC-USD'].map((symbol) => ({ symbol, sector: 'Energy' }))
  const settings = readSettings({}, 'settings', { content: { universe: { listings } }, file: 'mandate' })
  ports = { ...memoryPorts(madeProvider({}).provider, {}, NOW), settings, rebalances: rebalances as RebalanceStore }
  house = { settings: ports.settings, parts: { ports, clock: ports.clock } } as House
})

const row = (given: object = {}) => ({
  ...{ place: 'fills.csv line 2', symbol: 'A', side: 'buy', quantity: '10', price: '100.5', fee: '1' },
  at: Date.parse('2024-04-15T14:00:00Z'),
  ...given,
})
const fills = (rows: readonly object[], more: object = {}) =>
  runOperation(importFills, { rows, ...more }, house) as ReturnType<typeof importFills.run>
const cash = (amount: string, id: string, more: object = {}) =>
  runOperation(moveCash, { amount, id, reason: 'made', ...more }, house) as ReturnType<typeof moveCash.run>
const positions = (rows: readonly object[], more: object = {}) =>
  runOperation(importPositions, { rows, ...more }, house) as ReturnType<typeof importPositions.run>

describe('importing fills', () => {
  it('records each trade with the order it fills, and the capital of an empty book', async () => {
    const found = await fills([row(), row({ symbol: 'B', place: 'line 3' })])
    expect(found).toMatchObject({ recorded: 2, source: 'simulated', funding: '1000000', cash: '997988', positions: 2 })
    expect(found.fills.map(({ symbol, order, added }) => [symbol, order, added])).toEqual([
      ['A', 'o', true],
      ['B', null, true],
    ])
    expect((await ports.ledger.entries()).map(({ session: date, kind }) => `${date} ${kind}`)).toEqual([
      '2024-04-15 flow',
      '2024-04-15 trade',
      '2024-04-15 trade',
    ])
  })

  it('records a file once, and equal rows of one file as many trades', async () => {
    await fills([row({ quantity: '1' }), row({ quantity: '1' })])
    const again = await fills([row({ quantity: '1' }), row({ quantity: '1' }), row({ quantity: '1' })])
    expect(again).toMatchObject({ recorded: 1, funding: null, cash: '999695.5' })
    expect(again.fills.map(({ added, order }) => [added, order])).toEqual([
      [false, 'o'],
      [false, 'o'],
      [true, 'o'],
    ])
  })

  it('only looks when asked to', async () => {
    expect(await fills([row()], { dryRun: true })).toMatchObject({ recorded: 1, cash: '998994', funding: '1000000' })
    expect(await ports.ledger.entries()).toEqual([])
  })

  it('counts a trade in the session of its day in New York, a coin’s in UTC’s', async () => {
    const evening = Date.parse('2024-04-16T01:00:00Z')
    const found = await fills([row({ at: evening }), row({ at: evening, symbol: 'BTC-USD', quantity: '0.25' })])
    expect(found.fills.map((fill) => fill.session)).toEqual(['2024-04-15', '2024-04-16'])
  })

  it.each([
    [
      'a day without trade',
      row({ at: Date.parse('2024-04-13T15:00:00Z') }),
      'fills.csv line 2: 2024-04-13T15:00:00.000Z is on 2024-04-13, which is no session of XNYS',
    ],
    [
      'a symbol that nobody knows',
      row({ symbol: 'AA', place: 'fills.csv line 3' }),
      'fills.csv line 3: symbol "AA" is not in the mandate, and "simulated" has no prices of it',
    ],
    ['an index', row({ symbol: '^GSPC' }), 'fills.csv line 2: symbol "^GSPC" is an index, expected a stock or a coin'],
    ['a time to come', row({ at: NOW + 1 }), 'fills.csv line 2: time 2024-04-17T16:00:00.001Z is to come'],
    [
      'a sale of what is not held',
      row({ side: 'sell' }),
      'fills.csv line 2: 10 A sold, but 0 are held on 2024-04-15; nothing was recorded',
    ],
    [
      'more than the cash pays',
      row({ quantity: '10000' }),
      'fills.csv line 2: cash would be -5001 after 2024-04-15; nothing was recorded',
    ],
  ])('refuses %s', async (_, bad, message) => {
    const refused = fills([row({ quantity: '1', symbol: 'B', price: '0.01', fee: '0', place: 'first' }), bad])
    await expect(refused).rejects.toThrow(InputError)
    await expect(refused).rejects.toThrow(message.replace('-5001', '-5001.01'))
    expect(await ports.ledger.entries()).toEqual([])
  })
})

describe('the book by hand', () => {
  it('takes holdings in, once, before the next session or that of their date', async () => {
    const rows = [
      { place: 'line 2', symbol: 'A', quantity: '10.5', price: '90' },
      { place: 'line 3', symbol: 'B', quantity: '2', price: '50', date: '2024-04-12' },
    ]
    expect(await positions(rows)).toMatchObject({ recorded: 2, cash: '0', positions: 2 })
    expect(await positions(rows)).toMatchObject({ recorded: 0, positions: 2 })
    expect((await ports.ledger.entries()).map((entry) => entry.session)).toEqual(['2024-04-12', '2024-04-17'])

    const book = await listPositions.run({}, house)
    expect(book).toMatchObject({ source: 'simulated', through: '2024-04-17', cash: '0', paidIn: '1045' })
    expect(book.positions[0]).toMatchObject({ symbol: 'A', quantity: '10.5', averageCost: '90', cost: '945' })
    expect((await listPositions.run({ date: '2024-04-15' }, house)).positions.map(({ symbol }) => symbol)).toEqual([
      'B',
    ])
  })

  it('takes a holding that is not in the mandate where there are prices of it, and no other', async () => {
    const rows = [{ place: 'line 2', symbol: 'X', quantity: '1', price: '90' }]
    await expect(positions(rows, { source: 'made' })).rejects.toThrow('line 2: symbol "X" is not in the mandate')
    await ports.barStore.store(DAILY, [daily('X', { '2023-05-01': 90 })])
    expect(await positions(rows, { source: 'made' })).toMatchObject({ recorded: 1 })
  })

  it.each([
    ['2024-04-13', '2024-04-13 is no session of XNYS; the next one is 2024-04-15'],
    ['2024-04-18', 'date 2024-04-18, expected one from 2000-01-01 to 2024-04-17'],
  ])('refuses a holding of %s', async (date, message) => {
    await expect(positions([{ place: 'line 2', symbol: 'A', quantity: '1', price: '1', date }])).rejects.toThrow(
      `line 2: ${message}`,
    )
  })

  it('pays cash in and out, each movement once', async () => {
    expect(await cash('1000.5', 'a')).toMatchObject({ recorded: 1, session: '2024-04-17', cash: '1000.5' })
    expect(await cash('1000.5', 'a')).toMatchObject({ recorded: 0, cash: '1000.5' })
    await expect(cash('1000.6', 'a')).rejects.toThrow(
      'The movement "a" was recorded before as 1000.5 on 2024-04-17, now 1000.6',
    )
    expect(await cash('-0.5', 'b', { date: '2024-04-17' })).toMatchObject({ cash: '1000' })
    expect(await showCash.run({ limit: 1 }, house)).toEqual({
      balance: '1000',
      movements: [{ session: '2024-04-17', kind: 'flow', of: 'made', amount: '-0.5' }],
    })
  })

  it('takes out no more than there is, then and later', async () => {
    await cash('1000', 'a')
    await expect(cash('-1000.01', 'b')).rejects.toThrow('withdrawal: cash would be -0.01 after 2024-04-17')
    await expect(cash('-1', 'c', { date: '2024-04-15' })).rejects.toThrow(
      'withdrawal: cash would be -1 after 2024-04-15',
    )
    await expect(cash('0', 'd')).rejects.toThrow('An amount of 0 moves no cash')
  })

  it('tells each lot, sold first', async () => {
    await positions([{ place: 'line 2', symbol: 'A', quantity: '10.5', price: '90', date: '2024-04-12' }])
    await cash('5000', 'a', { date: '2024-04-12' })
    await fills([
      row({ quantity: '5', price: '100' }),
      row({ side: 'sell', quantity: '12', price: '110', at: Date.parse('2024-04-16T14:00:00Z') }),
    ])
    const sold = { symbol: 'A', sold: '2024-04-16', price: '110' }
    const lots = [
      { ...sold, acquired: '2024-04-12', quantity: '10.5', costPrice: '90' },
      { ...sold, acquired: '2024-04-15', quantity: '1.5', costPrice: '100' },
      { symbol: 'A', acquired: '2024-04-15', sold: null, quantity: '3.5', costPrice: '100', price: null },
    ]
    expect(await listLots.run({}, house)).toEqual(lots)
    expect((await listLots.run({ date: '2024-04-15' }, house)).map(({ sold: on, quantity }) => [on, quantity])).toEqual(
      [
        [null, '10.5'],
        [null, '5'],
      ],
    )
  })

  it('is kept in the prices of one source', async () => {
    await cash('1000', 'a', { source: 'yahoo', date: '2024-04-15' })
    await expect(fills([row()], { source: 'made' })).rejects.toThrow(
      '--source "made": the book is kept in prices of "yahoo"',
    )
    expect(await fills([row({ quantity: '1' })])).toMatchObject({ source: 'yahoo' })
  })
})
