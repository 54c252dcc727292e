import { decimal } from '../../domain/money/decimal.ts'
import type { BrokerOrder, Fill } from '../../ports/broker.ts'
import type { Database } from '../../ports/database.ts'
import type { OrderState, OrderStore } from '../../ports/order-store.ts'

interface OrderRow extends Omit<BrokerOrder, 'quantity'> {
  readonly quantity: string
  readonly broker: string
}

interface FillRow extends Omit<Fill, 'quantity' | 'price' | 'fee' | 'referencePrice'> {
  readonly quantity: string
  readonly price: string
  readonly fee: string
  readonly reference_price: string | null
}

const FILLS = `select fill.order_id as order, fill.execution, placed.symbol, placed.side, fill.quantity, fill.price, fill.fee,
    fill.reference_price, fill.session, (extract(epoch from fill.at) * 1000)::float8 as at
  from execution.fills as fill join execution.orders as placed on placed.id = fill.order_id`

/** Orders in `execution.orders`, what was done of them in `execution.fills`. */
export function postgresOrderStore(database: Database): OrderStore {
  return {
    async submit(run, broker, orders) {
      await database.write(
        `with made as (
           insert into execution.orders (id, run, source, broker, session, symbol, side, quantity, state)
           select id, $1, source, $2, session, symbol, side, quantity, 'submitted'
           from jsonb_to_recordset($3::jsonb) as given (id text, source text, session date, symbol text, side text, quantity numeric)
           order by id
           on conflict (id) do nothing
           returning source, session
         )
         update execution.orders as earlier set state = 'expired'
         where state = 'submitted' and run <> $1
           and exists (select 1 from made where made.source = earlier.source and made.session >= earlier.session)`,
        [run, broker, JSON.stringify(orders)],
      )
    },

    async open(source, through) {
      const rows = await database.read<OrderRow>(
        `select id, symbol, side, quantity, session, source, broker from execution.orders
         where state = 'submitted' and source = $1 and session <= $2 order by session, id`,
        [source, through],
      )
      return rows.map((row) => ({ ...row, quantity: decimal(row.quantity) }))
    },

    async fill(fills, expired) {
      const rows = fills.map(({ order, referencePrice, at, ...fill }) => ({
        ...fill,
        ...{ order_id: order, reference_price: referencePrice, at: new Date(at).toISOString() },
      }))
      await database.transaction(async () => {
        await database.write(
          `insert into execution.fills (order_id, execution, session, quantity, price, fee, reference_price, at)
           select order_id, execution, session, quantity, price, fee, reference_price, at
           from jsonb_to_recordset($1::jsonb) as given (order_id text, execution text, session date, quantity numeric, price numeric,
             fee numeric, reference_price numeric, at timestamptz)
           order by order_id, execution
           on conflict (order_id, execution) do nothing`,
          [JSON.stringify(rows)],
        )
        await database.write(
          `update execution.orders set state = case when id = any($2) then 'expired' else 'filled' end
           where id = any($1) or id = any($2)`,
          [fills.map(({ order }) => order), expired],
        )
      })
    },

    async fills(source, from, to) {
      const rows = await database.read<FillRow>(
        `${FILLS} where placed.source = $1 and fill.session between $2::date and $3::date
         order by fill.session, fill.order_id, fill.execution`,
        [source, from, to],
      )
      return rows.map(toFill)
    },

    async order(id) {
      const [found] = await database.read<{ broker: string; state: OrderState }>(
        'select broker, state from execution.orders where id = $1',
        [id],
      )
      if (!found) return undefined
      const fills = await database.read<FillRow>(`${FILLS} where fill.order_id = $1 order by fill.execution`, [id])
      return { ...found, fills: fills.map(toFill) }
    },
  }
}

function toFill({ quantity, price, fee, reference_price, ...row }: FillRow): Fill {
  return {
    ...row,
    quantity: decimal(quantity),
    price: decimal(price),
    fee: decimal(fee),
    ...(reference_price !== null && { referencePrice: decimal(reference_price) }),
  }
}
