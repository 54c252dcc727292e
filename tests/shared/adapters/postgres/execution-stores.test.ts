import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../../shared/adapters/postgres/database.ts'
import { postgresLedger } from '../../../../shared/adapters/postgres/ledger.ts'
import { postgresOrderStore } from '../../../../shared/adapters/postgres/order-store.ts'
import { cashOf } from '../../../../shared/domain/ledger/cash-of.ts'
import type { LedgerEntry } from '../../../../shared/domain/ledger/entry.ts'
import { foldBook } from '../../../../shared/domain/ledger/fold-book.ts'
import { addDays, session } from '../../../../shared/domain/market/session.ts'
import { decimal, toText } from '../../../../shared/domain/money/decimal.ts'
import type { Database } from '../../../../shared/ports/database.ts'
import { migrate, readMigrations } from '../../../../shared/runtime/migrations.ts'
import { ledgerContract } from '../../../contracts/ledger.ts'
import { orderStoreContract } from '../../../contracts/order-store.ts'
import { trade } from '../../domain/ledger/made-entries.ts'
import { openTestDatabase, TEST_DATABASE_URL, type TestDatabase } from '../../runtime/test-database.ts'

let opened: TestDatabase
beforeAll(async () => {
  opened = await openTestDatabase(2)
  const all = await readMigrations(new URL('../../../../sql/migrations/', import.meta.url))
  await migrate(
    opened.database,
    all.filter(({ name }) => /^\d+_execution/.test(name)),
  )
})
afterAll(() => opened?.drop())

const empty = <Store>(storeOn: (database: Database) => Store) => {
  return async () => {
    const tables = ['entries', 'positions', 'fills', 'orders']
    await opened.database.write(tables.map((table) => `delete from execution.${table}`).join(';'))
    return storeOn(opened.database)
  }
}

const engine = TEST_DATABASE_URL ? 'PostgreSQL' : 'embedded PostgreSQL'
ledgerContract(engine, empty(postgresLedger))
orderStoreContract(engine, empty(postgresOrderStore))

const FUNDING: LedgerEntry = {
  ...{ kind: 'flow', key: 'funding', session: session('2024-01-02') },
  ...{ amount: decimal('100000'), reason: 'made' },
}
const buys = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) =>
    trade({
      ...{ session: addDays(session('2024-01-03'), (from + i) % 20), key: `buy-${from + i}` },
      ...{ quantity: decimal('1.5'), price: decimal('33.335'), fee: decimal('0.35') },
    }),
  )

describe(`the ledger in ${engine}`, () => {
  it('keeps the positions of its book, and the cash as a balance over time', async () => {
    const ledger = await empty(postgresLedger)()
    const sale = trade({ session: '2024-01-05', key: 's', side: 'sell', quantity: decimal(2), price: decimal(40) })
    const { book } = await ledger.record('made', [FUNDING, ...buys(0, 2), sale])

    const [position, ...others] = await opened.database.read<Record<string, unknown>>(
      'select * from execution.positions',
    )
    const { averageCost, lots, ...amounts } = book.positions.get('A')!
    expect(others).toEqual([])
    expect(position).toMatchObject({ ...JSON.parse(JSON.stringify(amounts)), average_cost: toText(averageCost) })
    expect(position.lots).toEqual(JSON.parse(JSON.stringify(lots)))

    const cash = await opened.database.read<Record<'session' | 'sells' | 'buys' | 'balance', string>>(
      'select session, sells, buys, balance from execution.cash order by session',
    )
    const exact = (amount: string) => toText(decimal(amount))
    expect(
      cash.map(({ session, sells, buys, balance }) => ({
        session,
        sells: exact(sells),
        buys: exact(buys),
        balance: exact(balance),
      })),
    ).toEqual([
      { session: '2024-01-02', sells: '0', buys: '0', balance: '100000' },
      { session: '2024-01-03', sells: '0', buys: '50', balance: '99949.65' },
      { session: '2024-01-04', sells: '0', buys: '50', balance: '99899.3' },
      { session: '2024-01-05', sells: '80', buys: '0', balance: toText(book.cash) },
    ])
    expect(await opened.database.read('select count(*)::int as trades from execution.trades')).toEqual([{ trades: 3 }])
  })

  it('records nothing when it is killed before the end', async () => {
    const ledger = await empty(postgresLedger)()
    await ledger.record('made', [FUNDING])
    for (let survived = 1; survived <= 3; survived++) {
      let writes = 0
      const dying: Database = {
        ...opened.database,
        async write(sql, values) {
          if (++writes > survived) throw new Error('killed')
          return opened.database.write(sql, values)
        },
      }
      if (survived < 3) await expect(postgresLedger(dying).record('made', buys(0, 3))).rejects.toThrow('killed')
      else await postgresLedger(dying).record('made', buys(0, 3))
      const kept = await ledger.entries()
      expect(kept.length).toBe(survived < 3 ? 1 : 4)
      const rows = await opened.database.read('select symbol from execution.positions')
      expect(rows.length).toBe(survived < 3 ? 0 : 1)
    }
  })
})

describe.skipIf(!TEST_DATABASE_URL)('two who record at once (set EDGEFUND_TEST_DATABASE_URL to run)', () => {
  it('record each entry once, and the positions are those of both', async () => {
    const ledger = await empty(postgresLedger)()
    await ledger.record('made', [FUNDING])
    const others = [1, 2].map(() => openDatabase({ url: opened.url!, connections: 2 }))
    try {
      const counts: number[] = []
      await Promise.all(
        others.map(async (database, i) => {
          for (let from = 0; from < 200; from += 20) {
            const some = i === 0 ? buys(from, from + 30) : buys(from, from + 30).reverse()
            counts.push((await postgresLedger(database).record('made', some)).recorded)
          }
        }),
      )
      expect(counts.reduce((total, count) => total + count)).toBe(210)
      const all = await ledger.entries()
      expect(all.length).toBe(211)
      const [{ quantity }] = await opened.database.read<{ quantity: string }>(
        'select quantity from execution.positions',
      )
      expect(quantity).toBe(toText(foldBook(all).positions.get('A')!.quantity))
      expect(toText(cashOf(all))).toBe(toText(foldBook(all).cash))
    } finally {
      for (const database of others) await database.close()
    }
  })

  it('lets only one of two sales of the same shares through', async () => {
    const ledger = await empty(postgresLedger)()
    await ledger.record('made', [FUNDING, ...buys(0, 1)])
    const others = [1, 2].map(() => openDatabase({ url: opened.url!, connections: 1 }))
    try {
      const sales = others.map((database, i) => {
        const sale = trade({ session: '2024-02-01', key: `sale-${i}`, side: 'sell', quantity: decimal('1.5') })
        return postgresLedger(database).record('made', [sale])
      })
      const outcomes = (await Promise.allSettled(sales)).map(({ status }) => status).sort()
      expect(outcomes).toEqual(['fulfilled', 'rejected'])
      expect((await ledger.entries()).length).toBe(3)
    } finally {
      for (const database of others) await database.close()
    }
  })
})
