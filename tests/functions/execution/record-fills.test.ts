import { beforeEach, describe, expect, it } from 'vitest'
import recordFills from '../../../functions/execution/record-fills/handler.ts'
import settleOrders from '../../../functions/execution/settle-orders/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { decimal, toText } from '../../../shared/domain/money/decimal.ts'
import { BookRecorded } from '../../../shared/events/execution.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { DAILY, daily } from '../../contracts/made-bars.ts'
import { call } from '../ingestion/memory-ports.ts'
import { considered, FRIDAY, madePorts, range, submit, THURSDAY } from './made-friday.ts'

let ports: AllPorts
beforeEach(async () => {
  ports = await madePorts([considered('A', 'buy', 100)])
})

describe('recording fills', () => {
  const record = (given: object = {}) => call(recordFills, { ...range, fills: 0, expired: 0, ...given }, ports)
  const settle = async () => {
    await submit(ports)
    await call(settleOrders, range, ports)
  }

  it('takes the fills into the ledger with the capital that pays for them', async () => {
    await settle()
    const said = await record()
    const { book } = await ports.ledger.record('made', [])
    const counts = { splits: 0, dividends: 0, trades: 1, positions: 1 }
    expect(said).toEqual([BookRecorded.of({ ...range, ...counts, cash: toText(book.cash) })])
    expect((await ports.ledger.entries()).map(({ kind, key }) => [kind, key])).toEqual([
      ['flow', 'initial-funding'],
      ['trade', `fill:${FRIDAY}-A-buy:${FRIDAY}`],
    ])
    expect(toText(book.paidIn)).toBe('1000000')
  })

  it('records nothing twice, whether the same range comes again or one that overlaps', async () => {
    await settle()
    await record()
    const before = await ports.ledger.entries()
    const again = await record({ from: THURSDAY })
    expect(again[0].data).toMatchObject({ trades: 0, positions: 1 })
    expect(await ports.ledger.entries()).toEqual(before)
  })

  it('takes the splits and dividends of what is held', async () => {
    await ports.ledger.record('made', [
      { kind: 'opening', key: 'o', session: session(THURSDAY), symbol: 'A', quantity: decimal(10), price: decimal(90) },
    ])
    const action = { symbol: 'A', exDate: session(FRIDAY), source: 'made' }
    await ports.corporateActions.store([
      { ...action, type: 'split', value: 2 },
      { ...action, type: 'dividend', value: 0.5 },
    ])
    expect((await record())[0].data).toMatchObject({ splits: 1, dividends: 1, trades: 0, positions: 1, cash: '8.5' })
  })

  it('reinvests a dividend, but adds nothing to a name that is observed or must be sold', async () => {
    const symbols = ['A', 'B', 'C']
    const listings = symbols.map((symbol) => ({ symbol, sector: 'Energy' }))
    const listed = (symbol: string) => [{ symbol, reason: 'coal', date: THURSDAY, evidence: 'report' }]
    const universe = { listings, observation: listed('A'), exclusions: listed('C') }
    const content = { universe, income: { dividends: 'reinvest' } }
    ports = { ...ports, settings: readSettings({}, 'settings', { content, file: 'mandate' }) }
    await ports.barStore.store(DAILY, [daily('C', { [FRIDAY]: 100 })])
    await ports.ledger.record(
      'made',
      symbols.map((symbol) => ({
        ...{ kind: 'opening', key: symbol, session: session(THURSDAY), symbol },
        ...{ quantity: decimal(1000), price: decimal(90) },
      })),
    )
    await ports.corporateActions.store(
      symbols.map((symbol) => ({ symbol, exDate: session(FRIDAY), source: 'made', type: 'dividend', value: 1 })),
    )
    expect((await record())[0].data).toMatchObject({ dividends: 3, trades: 1 })
    const bought = (await ports.ledger.entries()).flatMap((entry) => (entry.kind === 'trade' ? [entry.symbol] : []))
    expect(bought).toEqual(['B'])
  })

  it('leaves the ledger unbegun when nothing happened', async () => {
    expect((await record())[0].data).toMatchObject({ trades: 0, positions: 0, cash: '0' })
    expect(await ports.ledger.source()).toBeUndefined()
  })
})
