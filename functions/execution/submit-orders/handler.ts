import { session } from '../../../shared/domain/market/session.ts'
import { OrdersSubmitted } from '../../../shared/events/execution.ts'
import { OrderReportWritten } from '../../../shared/events/portfolio.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Gives the orders of a report to the broker, if there is one; what is left open of earlier reports expires. */
export default step({
  name: 'execution-submit-orders',
  on: OrderReportWritten,
  emits: [OrdersSubmitted],
  uses: ['rebalances', 'orders', 'broker'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run({ session: date, source }, { rebalances, orders, broker }, { run }) {
    if (!broker) return [OrdersSubmitted.of({ session: date, source, broker: 'none', orders: 0 })]
    const day = session(date)
    const proposed = (await rebalances.trades(run))
      .filter(({ verdict }) => verdict === 'order')
      .map(({ id, symbol, side, quantity }) => ({ id, symbol, side, quantity, session: day, source }))
    await broker.submit(proposed)
    await orders.submit(run, broker.name, proposed)
    // A report without orders takes the place of those before it, too.
    if (proposed.length === 0) {
      const left = await orders.open(source, day)
      await orders.fill(
        [],
        left.map(({ id }) => id),
      )
    }
    return [OrdersSubmitted.of({ session: date, source, broker: broker.name, orders: proposed.length })]
  },
})
